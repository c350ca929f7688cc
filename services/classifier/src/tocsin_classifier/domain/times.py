"""When something happened: dates and words such as "last night" against the article's own date."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tocsin_classifier.domain.calendar_words import (
    clock_told,
    day_told,
    last_of_month_told,
)
from tocsin_classifier.domain.draft import Draft
from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.scan import Hit, Passage, Reading
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

_APART = re.compile(
    r"\b(?:since|depuis|seit)\b|^(?:which|who|when|where|qui|que|quand|lorsque|dont|où|als|wo"
    r"|який|яка|яке|які|котрий|коли|де|который|которая|которое|которые|когда|где)\b",
    re.IGNORECASE,
)
"""What a segment says that tells of another time than the sentence's own."""

NIGHTFALL = 18
"""From this hour on a night is still on the day before."""

AHEAD = timedelta(minutes=5)
"""A clock time further in the article's future is the day before's."""

WHOLE_DAYS = ("today", "yesterday")
"""Periods to which a date adds all that they tell."""

PERIODS: dict[str, tuple[int, int, int, TimePrecision]] = {
    "last_night": (-1, 18, 12, TimePrecision.PERIOD),
    "this_morning": (0, 6, 6, TimePrecision.PERIOD),
    "this_evening": (0, 18, 6, TimePrecision.PERIOD),
    "today": (0, 0, 24, TimePrecision.DAY),
    "yesterday": (-1, 0, 24, TimePrecision.DAY),
}
"""Day against the article's, first hour, and hours of each period of the lexicons."""


def event_time(reading: Reading, passages: list[Passage], places: list[Place]) -> EventTime | None:
    """The time that the sentences tell, None when nothing dates them.

    A clock time counts on the day told beside it, else on the article's own day, or on the day
    before when it would lie in the article's future.
    """
    dated = reading.article.published_at or reading.article.dated_at
    if dated is None:
        return None
    zone = _zone(reading, places)
    for passage in passages:
        told = _told(passage, reading.article.language, dated.astimezone(zone))
        if told is not None:
            return told
    return None


def _told(passage: Passage, language: str, dated: datetime) -> EventTime | None:
    text = passage.sentence.text
    day = day_told(text, language, dated.date())
    found = (h.entry.period for h in passage.of(Category.TIME) if h.entry and h.entry.period)
    period = next((p for p in found if p in PERIODS), None)
    clock = clock_told(text)
    if clock is not None:
        return _at(day, period, clock, dated)
    if day is not None and period in (None, *WHOLE_DAYS):
        return _resolve("today", day, dated)
    return _resolve(period, day or dated.date(), dated) if period else None


def _at(day: date | None, period: str | None, clock: time, dated: datetime) -> EventTime:
    """A minute; of a night that began the day before only the hours before midnight are on it."""
    base = day or dated.date() - timedelta(days=period == "yesterday")
    if period == "last_night" and clock.hour >= NIGHTFALL:
        base -= timedelta(days=1)
    moment = datetime.combine(base, clock, dated.tzinfo)
    if day is None and period is None and moment > dated + AHEAD:
        moment -= timedelta(days=1)
    moment = moment.astimezone(UTC)
    return EventTime(start=moment, end=moment, precision=TimePrecision.MINUTE)


def _resolve(period: str, base: date, dated: datetime) -> EventTime:
    days, hour, hours, precision = PERIODS[period]
    start = datetime.combine(base + timedelta(days=days), time(hour), dated.tzinfo)
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


def _words_about(passage: Passage, claim: Hit) -> str:
    at = passage.sentence.start
    text = passage.sentence.text
    others = [h.start for h in passage.of(Category.CLAIM) if h is not claim]
    kept = []
    for start, end in passage.segments():
        if start <= claim.start <= end:
            kept.append(text[start - at : end - at])
            continue
        words = text[start - at : end - at]
        gap = text[min(end, claim.start) - at : max(start, claim.start) - at]
        if not (_APART.search(words) or ";" in gap or any(start <= o < end for o in others)):
            kept.append(words)
        elif end <= claim.start:
            kept += [y for y in _YEAR.findall(words) if int(y) <= BEFORE_THE_WAR]
    return " ".join(kept)


def names_past(reading: Reading, passage: Passage, claim: Hit | None = None) -> bool:
    """Whether the sentence names a year or a month gone by, and none that is not over.

    Given a claim's word, times count that stand in its own segment or in one that says nothing
    else: no other claim, no "the largest since", no half sentence behind a semicolon.
    """
    dated = reading.article.published_at or reading.article.dated_at
    latest = (dated - MONTH).year if dated else BEFORE_THE_WAR
    text = _words_about(passage, claim) if claim else passage.sentence.text
    years = [int(m.group()) for m in _YEAR.finditer(text)]
    if years:
        return max(years) < latest + (dated is None)
    if dated is None:
        return False
    month = last_of_month_told(text, reading.article.language, dated.date())
    return month is not None and month < (dated - MONTH).date()
