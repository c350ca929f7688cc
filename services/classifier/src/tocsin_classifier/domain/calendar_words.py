"""Dates, weekdays and clock times as each language writes them, from data/calendar.toml."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache, lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

CLOCK = re.compile(
    r"(?<![\d:.,])([01]?\d|2[0-3])(?::([0-5]\d)(?![:\d])|\s?h\s?([0-5]\d)?\b"
    r"|\.([0-5]\d)(?=\s*(?:Uhr|год\b))|(?=\s+Uhr\b))"
)
"""14:30, 14h30, 14 h, 14.30 Uhr, 14 Uhr."""

FIGURES = re.compile(r"(?<![\d.])([0-3]?\d)\.([01]\d)(?:\.((?:20)?\d\d))?(?![\d.]|\s*(?:km|км|%))")
"""12.05. and 12.05.2024."""

YEAR = re.compile(r"\D{0,8}(20\d\d)\b")
"""A year close behind a day and month."""

REMEMBERED = 1024
"""Of how many sentences the clock time is remembered."""


class Names(BaseModel):
    """The file's two tables, by language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    months: dict[str, list[str]]
    weekdays: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Words:
    """A language's expressions with the numbers that their names stand for."""

    dates: re.Pattern[str]
    months: re.Pattern[str]
    weekdays: re.Pattern[str]
    month_of: dict[str, int]
    weekday_of: dict[str, int]


@cache
def words(language: str) -> Words | None:
    """The expressions of a language, None for one that the file does not have."""
    names = _names()
    if language not in names.months:
        return None
    month_of = _numbers(names.months[language], 1)
    weekday_of = _numbers(names.weekdays[language], 0)
    month, weekday = _any(month_of), _any(weekday_of)
    day = r"(?<![\d.,:])([0-3]?\d)(?:\.|er|st|nd|rd|th|-го|-е)?"
    return Words(
        dates=re.compile(
            rf"{day}\s(?:of\s)?({month})\b|\b({month})\s([0-3]?\d)(?![\d.,:])", re.IGNORECASE
        ),
        months=re.compile(rf"\b({month})\b", re.IGNORECASE),
        weekdays=re.compile(rf"\b({weekday})\b", re.IGNORECASE),
        month_of=month_of,
        weekday_of=weekday_of,
    )


def day_told(text: str, language: str, today: date) -> date | None:
    """The day that a sentence names by its date or its weekday, the latest not after tomorrow."""
    known = words(language)
    if known is None:
        return None
    for match in known.dates.finditer(text):
        day, month = match.group(1) or match.group(4), match.group(2) or match.group(3)
        year = YEAR.match(text, match.end())
        told = _day(int(day), known.month_of[month.lower()], year and year.group(1), today)
        if told:
            return told
    for match in FIGURES.finditer(text):
        told = _day(int(match.group(1)), int(match.group(2)), match.group(3), today)
        if told and language != "en":
            return told
    weekday = known.weekdays.search(text)
    if weekday is None:
        return None
    back = (today.weekday() - known.weekday_of[weekday.group(1).lower()]) % 7
    return today - timedelta(days=back)


@lru_cache(maxsize=REMEMBERED)
def clock_told(text: str) -> time | None:
    """The first clock time of a sentence."""
    match = CLOCK.search(text)
    if match is None:
        return None
    minutes = match.group(2) or match.group(3) or match.group(4) or "0"
    return time(int(match.group(1)), int(minutes))


def last_of_month_told(text: str, language: str, today: date) -> date | None:
    """The last day of the latest month that a sentence names without a day, None for no month."""
    known = words(language)
    found = [m.group(1).lower() for m in known.months.finditer(text)] if known else []
    numbers = {known.month_of[name] for name in found if known and name != "may"}
    ends = []
    for number in numbers:
        year = today.year if number <= today.month else today.year - 1
        ends.append(date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1))
    return max(ends, default=None)


def _day(day: int, month: int, year: str | None, today: date) -> date | None:
    try:
        if year:
            return date(int(year) if len(year) == 4 else 2000 + int(year), month, day)
        told = date(today.year, month, day)
        return told if told <= today + timedelta(days=1) else date(today.year - 1, month, day)
    except ValueError:
        return None


def _numbers(listed: list[str], first: int) -> dict[str, int]:
    return {form: at for at, forms in enumerate(listed, first) for form in forms.split("|")}


def _any(names: dict[str, int]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


@cache
def _names() -> Names:
    text = (files("tocsin_classifier") / "data" / "calendar.toml").read_text("utf-8")
    return Names.model_validate(tomllib.loads(text))
