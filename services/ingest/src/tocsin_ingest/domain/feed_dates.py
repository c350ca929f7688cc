"""The times that feeds and pages write: RFC 822, ISO 8601, and what comes near them."""

import re
import warnings
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from dateutil.parser import ParserError, UnknownTimezoneWarning, parse

_ZONES = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MEZ": 1,
    "CEST": 2, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "SAMT": 4, "YEKT": 5,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
"""Hours east of Greenwich: RFC 822's names, and those of Europe that feeds write."""

_TZINFOS = {name: timezone(timedelta(hours=hours)) for name, hours in _ZONES.items()}

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_LANGUAGES = ("de", "fr", "uk", "ru")
"""Whose names of months feeds write beside the English ones."""

_ISO = re.compile(r"\s*\d{4}-\d\d-\d\d")
_DOTTED = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
"""Where days stand between dots, the day comes first, in every country that writes them so."""
_NAMED_MONTH = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(_MONTHS)})[a-z]*\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")
_WEEKDAY = re.compile(r"^\s*[^\W\d_]+\.?,?\s+(?=\d)")
_FILLERS = re.compile(
    r"(?<!\w)(?:um|à|о|об|в|року|р|года|г|Uhr|de|le|den|at)(?!\w)\.?", re.IGNORECASE
)
_CLOCK = re.compile(r"\d{1,2}:\d\d|T\d{4}")
_OFFSET = re.compile(r"\b(?:GMT|UTC)\s?(?=[+-]\d)")
"""Before an offset that already says it; dateutil would turn its sign, as POSIX has it."""
_ABBREVIATION = re.compile(r"\s([A-Z]{1,5})$")
_COMMENT = re.compile(r"\s*\([^)]*\)$")
_NO_YEAR = re.compile(r"(?<!\d)(?<![\s\d][+-])0{2,3}\d{1,2}(?!\d)(?!:)")
"""Machines' year 1, which would be read as 2001; not the offset `+0000`."""
_DEFAULTS = (datetime(2001, 1, 1), datetime(2004, 2, 2))  # noqa: DTZ001 - what a text may lack
MAX_CHARACTERS = 100


def read_date(given: str, zone: ZoneInfo) -> datetime | None:
    """A time in UTC, or null when it cannot be read for sure.

    Args:
        given: as the feed has it; months may be named in English, German, French, Ukrainian and
            Russian. Days written with numbers alone (`03/04/2024`) are not read: they mean
            another day in another country. Neither is a day without a clock: midnight is no time
            of publication.
        zone: of the source, where the text names none that is known.

    """
    if len(given) > MAX_CHARACTERS or not _CLOCK.search(given):
        return None
    given = _OFFSET.sub("", _COMMENT.sub("", given.strip()))
    if not _ISO.match(given):
        given = _in_english(given)
        if not _NAMED_MONTH.search(given) or _NO_YEAR.search(given):
            return None
    abbreviation = _ABBREVIATION.search(given)
    if abbreviation and abbreviation[1] not in _ZONES and abbreviation[1] not in ("AM", "PM"):
        # Another zone than any of ours: the hour would be a guess.
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", UnknownTimezoneWarning)
            at, other = (parse(given, tzinfos=_TZINFOS, default=one) for one in _DEFAULTS)
        # Unequal where the text lacks a year, a month or a day.
        if at != other:
            return None
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ParserError, UnknownTimezoneWarning, ValueError, OverflowError):
        return None


def _in_english(given: str) -> str:
    """With English months, and without what stands around them in the other languages."""
    names = _month_names()
    given = _DOTTED.sub(
        lambda day: f"{day[1]} {_MONTHS[int(day[2]) - 1]} {day[3]}" if 0 < int(day[2]) < 13 else "",
        given,
    )

    def translate(text: str) -> str:
        return _FILLERS.sub(" ", _WORD.sub(lambda word: names.get(word[0].lower(), word[0]), text))

    # What stands before the day is a weekday (`mar.` too), unless there is no other month.
    day_first = translate(_WEEKDAY.sub("", given))
    return day_first if _NAMED_MONTH.search(day_first) else translate(given)


@cache
def _month_names() -> dict[str, str]:
    """English abbreviations by the names of months of the other languages (CLDR), cut ones too."""
    found: dict[str, set[str]] = {}
    for language in _LANGUAGES:
        for forms in Locale(language).months.values():
            for number, name in forms["wide"].items():
                for length in range(3, len(name) + 1):
                    found.setdefault(name[:length].lower(), set()).add(_MONTHS[number - 1])
    return {name: min(months) for name, months in found.items() if len(months) == 1}
