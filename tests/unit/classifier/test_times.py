"""When something happened: dates, weekdays and clock times against the article's own date."""

from datetime import UTC, date, datetime, time

import pytest

from tocsin_classifier.domain.calendar_words import clock_told, day_told, last_of_month_told
from tocsin_classifier.domain.scan import read
from tocsin_classifier.domain.times import event_time
from unit.classifier.samples import article

TUESDAY = date(2024, 8, 20)


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "on 12 May", date(2024, 5, 12)),
        ("en", "on August 19", date(2024, 8, 19)),
        ("fr", "le 1er août", date(2024, 8, 1)),
        ("de", "am 12. Mai", date(2024, 5, 12)),
        ("de", "am 30. Dezember", date(2023, 12, 30)),
        ("uk", "18 серпня", date(2024, 8, 18)),
        ("ru", "3 июля 2022 года", date(2022, 7, 3)),
        ("uk", "станом на 19.08", date(2024, 8, 19)),
        ("en", "on Monday", date(2024, 8, 19)),
        ("de", "am Mittwoch", date(2024, 8, 14)),
        ("fr", "mardi", TUESDAY),
        ("en", "with 12 drones", None),
        ("uk", "31.02", None),
    ],
)
def test_a_day_is_the_last_one_so_called(language: str, text: str, day: date | None) -> None:
    """A date without a year, a weekday: never far in the article's future."""
    assert day_told(text, language, TUESDAY) == day


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("о 14:30", time(14, 30)),
        ("à 14h30", time(14, 30)),
        ("um 14.30 Uhr", time(14, 30)),
        ("gegen 6 Uhr", time(6)),
        ("1.250 km", None),
        ("25:00", None),
    ],
)
def test_clock_times_are_read(text: str, clock: time | None) -> None:
    """As each language writes them."""
    assert clock_told(text) == clock


def test_a_month_is_the_last_one_so_called() -> None:
    """A month later in the year than the article is the year before's."""
    assert last_of_month_told("seit März", "de", TUESDAY) == date(2024, 3, 31)
    assert last_of_month_told("in December", "en", TUESDAY) == date(2023, 12, 31)


def _time(text: str, language: str = "uk") -> tuple[datetime, str] | None:
    published = datetime(2024, 8, 20, 9, 0, tzinfo=UTC)
    reading = read(article(text, language, published_at=published))
    assert reading is not None
    found = event_time(reading, reading.passages, [])
    return (found.start, str(found.precision)) if found else None


def test_a_clock_time_counts_on_the_articles_day_in_the_places_zone() -> None:
    """Kyiv is three hours ahead of UTC in summer."""
    told = _time("Повітряна тривога у Сумах о 10:30.")
    assert told == (datetime(2024, 8, 20, 7, 30, tzinfo=UTC), "minute")


def test_a_clock_time_still_to_come_was_the_day_before() -> None:
    """Published at noon in Kyiv, told of 22:15."""
    told = _time("Повітряна тривога у Сумах о 22:15.")
    assert told == (datetime(2024, 8, 19, 19, 15, tzinfo=UTC), "minute")


def test_a_weekdays_night_begins_the_evening_before() -> None:
    """The night to Monday is Sunday's."""
    told = _time("In der Nacht zum Montag gab es Luftalarm in Sumy.", "de")
    assert told == (datetime(2024, 8, 18, 15, 0, tzinfo=UTC), "period")
