"""The times that feeds and pages write: RFC 822, ISO 8601, and what comes near them."""

import re
import warnings
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from dateutil.parser import ParserError, UnknownTimezoneWarning, parse

_ZONES = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MEZ": 1,
    "CEST": 2, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "SAMT": 4, "YEKT": 5,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
"""Hours east of Greenwich: RFC 822's names, and those of Europe that feeds write."""

_TZINFOS = {name: timezone(timedelta(hours=hours)) for name, hours in _ZONES.items()}

_ISO = re.compile(r"\s*\d{4}-\d\d-\d\d")
_NAMED_MONTH = re.compile(r"\d\s*-?\s*[A-Za-z]{3,9}\.?,?\s*-?\s*\d{2,4}|[A-Za-z]{3,9}\.?\s+\d{1,2}")
_CLOCK = re.compile(r"\d{1,2}:\d\d|T\d{4}")
_ABBREVIATION = re.compile(r"\s([A-Z]{1,5})\s*(?:\([^)]*\))?\s*$")
MAX_CHARACTERS = 100


def read_date(given: str, zone: ZoneInfo) -> datetime | None:
    """A time in UTC, or null when it cannot be read for sure.

    Args:
        given: as the feed has it. Days written with numbers alone (`03/04/2024`) are not read:
            they mean another day in another country. Neither is a day without a clock: midnight
            is no time of publication.
        zone: of the source, where the text names none that is known.

    """
    if len(given) > MAX_CHARACTERS or not _CLOCK.search(given):
        return None
    if not (_ISO.match(given) or _NAMED_MONTH.search(given)):
        return None
    abbreviation = _ABBREVIATION.search(given)
    if abbreviation and abbreviation[1] not in _ZONES and abbreviation[1] not in ("AM", "PM"):
        # Another zone than any of ours: the hour would be a guess.
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", UnknownTimezoneWarning)
            at = parse(given, tzinfos=_TZINFOS)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ParserError, UnknownTimezoneWarning, ValueError, OverflowError):
        return None
