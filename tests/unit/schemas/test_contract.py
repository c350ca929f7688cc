"""Reading and writing records: open for readers, closed for writers, never a crash on bad input."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tocsin_schemas.article import MAX_TEXT_BYTES, Article
from tocsin_schemas.detection import (
    Heartbeat,
    Probe,
    Tick,
    read_article_record,
    read_detection_record,
)

ARTICLE = {
    "article_id": "6f1c1f4e-6a0b-5c57-9f0e-3f0b7c3d2a18",
    "content_sha256": "0" * 64,
    "source": {"id": "api", "kind": "api", "publisher": "North Desk"},
    "text": "Fog over the river.",
    "language": "en",
    "received_at": "2026-11-20T18:42:00Z",
}


def complaint(error: ValidationError) -> tuple[str, str]:
    """Where the first fault lies, and what it is."""
    fault = error.errors()[0]
    return ".".join(map(str, fault["loc"])), fault["msg"]


@pytest.mark.parametrize(
    "at",
    [
        "9999-12-31T23:59:59-05:00",
        "0001-01-01T00:00:00+05:00",
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=1))),
    ],
)
def test_a_time_outside_the_calendar_is_refused_with_its_field(at: object) -> None:
    """The edge of the calendar is a fault of the input, not a crash of the reader."""
    with pytest.raises(ValidationError) as caught:
        Tick.model_validate({"due": at})
    field, reason = complaint(caught.value)
    assert field == "due"
    assert "outside the years 1 to 9999" in reason


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValidationError) as caught:
        Tick.model_validate({"due": "2026-11-20T18:42:00"})
    assert complaint(caught.value)[0] == "due"


@given(st.datetimes(timezones=st.timezones()))
def test_any_time_is_kept_in_utc_or_refused(at: datetime) -> None:
    try:
        due = Tick(due=at).due
    except ValidationError:
        assert at.year in {1, 9999}
    else:
        assert due == at.astimezone(UTC)
        assert due.utcoffset() == timedelta(0)
        assert Tick.read(Tick(due=at).to_json()) == Tick(due=at)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_record_give_a_validation_error(value: bytes) -> None:
    for read in (read_article_record, read_detection_record, Heartbeat.read):
        with pytest.raises(ValidationError):
            read(value)


def test_a_reader_ignores_fields_of_a_later_release() -> None:
    probe = read_article_record(
        b'{"kind":"probe","v":2,"path":1,"sent_at":"2026-11-20T18:42:00Z","hop":{"x":1}}'
    )
    assert isinstance(probe, Probe)
    assert probe.v == 2


def test_a_writer_may_not_add_fields() -> None:
    with pytest.raises(ValidationError) as caught:
        Article.model_validate({**ARTICLE, "mood": "calm"})
    assert complaint(caught.value) == ("mood", "Extra inputs are not permitted")


def test_a_record_is_immutable() -> None:
    tick = Tick(due=datetime(2026, 11, 20, tzinfo=UTC))
    with pytest.raises(ValidationError, match="frozen"):
        tick.due = datetime(2026, 11, 21, tzinfo=UTC)  # type: ignore[misc]  # what is tested


def test_a_record_of_another_kind_is_refused() -> None:
    with pytest.raises(ValidationError, match="kind"):
        read_article_record(b'{"kind":"tick","v":1,"due":"2026-11-20T18:42:00Z"}')


def test_an_empty_text_is_refused_unless_the_article_is_withdrawn() -> None:
    with pytest.raises(ValidationError, match="text: empty"):
        Article.model_validate({**ARTICLE, "text": " \n"})
    withdrawn = {**ARTICLE, "text": "", "revision": 2, "revision_kind": "withdrawn"}
    assert Article.model_validate(withdrawn).text == ""


def test_the_limit_of_a_text_counts_bytes_not_letters() -> None:
    letters = "ї" * (MAX_TEXT_BYTES // 2)
    assert Article.model_validate({**ARTICLE, "text": letters}).text == letters
    with pytest.raises(ValidationError, match=f"text: .* bytes of UTF-8, at most {MAX_TEXT_BYTES}"):
        Article.model_validate({**ARTICLE, "text": letters + "!"})


def test_half_a_character_is_refused() -> None:
    """A lone surrogate is no Unicode text and could not be written as UTF-8."""
    with pytest.raises(ValidationError) as caught:
        Article.model_validate({**ARTICLE, "text": "bad \ud800 text"})
    assert complaint(caught.value)[0] == "text"
