"""When something happened: dates and words such as "last night" against the article's own date."""

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tocsin_classifier.domain.draft import Draft
from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.scan import Passage, Reading
from tocsin_schemas.evidence import EventTime
from tocsin_schemas.place import Place
from tocsin_schemas.vocabulary import TimePrecision

ZONES = {"UA": "Europe/Kyiv", "RU": "Europe/Moscow"}
"""In which zone a source without one of its own tells times, by the country of the place."""

MONTH = timedelta(days=35)
"""What is older than that is background."""

BEFORE_THE_WAR = 2021
"""The last year that is past for an article without a date."""

_YEAR = re.compile(r"(?<![\w.,])(?:19|20)\d\d(?![\w%]|[.,]\d)(?!\s*(?:km|км))")

PERIODS: dict[str, tuple[int, int, int, TimePrecision]] = {
    "last_night": (-1, 18, 12, TimePrecision.PERIOD),
    "this_morning": (0, 6, 6, TimePrecision.PERIOD),
    "this_evening": (0, 18, 6, TimePrecision.PERIOD),
    "today": (0, 0, 24, TimePrecision.DAY),
    "yesterday": (-1, 0, 24, TimePrecision.DAY),
}
"""Day against the article's, first hour, and hours of each period of the lexicons."""


def event_time(reading: Reading, passages: list[Passage], places: list[Place]) -> EventTime | None:
    """The time that the sentences tell, None when nothing dates them."""
    dated = reading.article.published_at or reading.article.dated_at
    if dated is None:
        return None
    for passage in passages:
        for hit in passage.of(Category.TIME):
            if hit.entry and hit.entry.period in PERIODS:
                return _resolve(hit.entry.period, dated, _zone(reading, places))
    return None


def _resolve(period: str, dated: datetime, zone: ZoneInfo) -> EventTime:
    days, hour, hours, precision = PERIODS[period]
    day = dated.astimezone(zone).date() + timedelta(days=days)
    start = datetime.combine(day, time(hour), zone)
    end = start + timedelta(hours=hours)
    return EventTime(start=start.astimezone(UTC), end=end.astimezone(UTC), precision=precision)


def _zone(reading: Reading, places: list[Place]) -> ZoneInfo:
    country = next((p.code[:2] for p in places if p.code), "UA")
    named = reading.article.source.time_zone or ZONES.get(country, ZONES["UA"])
    try:
        return ZoneInfo(named)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(ZONES["UA"])


def is_old(reading: Reading, draft: Draft) -> bool:
    """Whether a statement is dated more than a month before its article."""
    dated = reading.article.published_at or reading.article.dated_at
    return bool(dated and draft.event_time and draft.event_time.end < dated - MONTH)


def names_past_year(reading: Reading, passage: Passage) -> bool:
    """Whether the sentence names a year gone by, and none that is not over."""
    dated = reading.article.published_at or reading.article.dated_at
    latest = (dated - MONTH).year if dated else BEFORE_THE_WAR
    years = [int(m.group()) for m in _YEAR.finditer(passage.sentence.text)]
    return bool(years) and max(years) < latest + (dated is None)
