"""Dates of publication are believed only when they can be right."""

from datetime import UTC, datetime

import pytest

from tocsin_ingest.domain.dates import read_published_at
from tocsin_ingest.domain.refusal import RefusedError

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ("2026-03-01T14:30:00+02:00", datetime(2026, 3, 1, 12, 30, tzinfo=UTC)),
        ("2026-03-01T12:00:00Z", NOW),
        ("2026-03-02T11:59:59Z", datetime(2026, 3, 2, 11, 59, 59, tzinfo=UTC)),
        ("1990-01-01T00:00:00+00:00", datetime(1990, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_time_with_a_zone_is_kept_in_utc(given: str, at: datetime) -> None:
    """Zones are resolved; a clock that is wrong by less than a day is believed."""
    assert read_published_at(given, NOW) == at


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ("yesterday", "invalid", "ISO 8601"),
        ("2026-02-30T12:00:00Z", "invalid", "ISO 8601"),
        ("2026-03-01T12:00:00", "no_zone", "names no zone"),
        ("2026-03-01", "no_zone", "names no zone"),
        ("9999-12-31T23:59:59Z", "too_late", "more than a day ahead"),
        ("9999-12-31T23:59:59-10:00", "invalid", "outside the years"),
        ("0001-01-01T00:00:00+10:00", "invalid", "outside the years"),
        ("2026-03-02T12:00:01Z", "too_late", "more than a day ahead"),
        ("1989-12-31T23:59:59Z", "too_early", "before 1990"),
    ],
)
def test_a_time_that_cannot_be_right_is_refused_by_name(given: str, code: str, words: str) -> None:
    """The refusal names the field, the value and what would be right."""
    with pytest.raises(RefusedError) as caught:
        read_published_at(given, NOW)
    (refusal,) = caught.value.refusals
    assert (refusal.field, refusal.code) == ("published_at", code)
    assert words in refusal.reason
    assert given in refusal.reason
