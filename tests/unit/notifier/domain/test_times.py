"""Nights and days in Kyiv, and which time of a detection counts."""

from datetime import UTC, datetime

import pytest

import factories as make
from factories import NOON, hours
from tocsin_notifier.domain.times import period_of, period_of_span, report_time
from tocsin_schemas.vocabulary import TimePrecision


@pytest.mark.parametrize(
    ("at", "period"),
    [
        (datetime(2024, 8, 14, 14, 59, tzinfo=UTC), "2024-08-14/day"),
        (datetime(2024, 8, 14, 15, 0, tzinfo=UTC), "2024-08-14/night"),
        (datetime(2024, 8, 15, 2, 59, tzinfo=UTC), "2024-08-14/night"),
        (datetime(2024, 8, 15, 3, 0, tzinfo=UTC), "2024-08-15/day"),
    ],
)
def test_the_night_of_a_date_runs_from_18_to_6_in_kyiv(at: datetime, period: str) -> None:
    """In summer that is 15:00 to 03:00 UTC."""
    assert period_of(at) == period


def test_a_span_over_night_and_day_cannot_be_placed() -> None:
    """A mere date counts as missing, a whole night does not."""
    night = make.make_time(NOON + hours(3), NOON + hours(15), TimePrecision.PERIOD)
    date = make.make_time(NOON - hours(15), NOON + hours(9), TimePrecision.DAY)

    assert period_of_span(night) == "2024-08-20/night"
    assert period_of_span(date) is None
    assert period_of_span(None) is None


def test_a_report_is_never_later_than_now() -> None:
    """A date in the future is not believed."""
    ahead = make.make_claim(published_at=NOON + hours(9), dated_at=None, received_at=NOON)

    assert report_time(ahead, NOON) == NOON
