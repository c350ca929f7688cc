"""Which time of a detection counts for what: its own time, its report's time, night and day."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tocsin_notifier.domain.windows import WINDOWS
from tocsin_schemas.detection import Detection
from tocsin_schemas.evidence import EventTime
from tocsin_schemas.vocabulary import TimePrecision

KYIV = ZoneInfo("Europe/Kyiv")
"""The zone in which nights and days of the war are told."""

NIGHT_FROM = 18
NIGHT_TO = 6

_EXACT = (TimePrecision.MINUTE, TimePrecision.HOUR)


def believable(at: datetime | None, now: datetime) -> datetime | None:
    """The time, or None when it is unknown or lies in the future."""
    return at if at is not None and at <= now + WINDOWS.future else None


def own_time(detection: Detection, now: datetime) -> datetime | None:
    """When a warning was on by its own words: event_time, else `dated_at`; None when unknown.

    Of a time known only as a night or a day the article's date is taken when it lies inside, else
    the end of that night or day.
    """
    dated = believable(detection.dated_at, now)
    told = detection.event_time
    if told is None or believable(told.start, now) is None:
        return dated
    if told.precision in _EXACT:
        return told.start
    if dated is not None and told.start <= dated <= told.end:
        return dated
    return min(told.end, now)


def all_clear_time(detection: Detection, now: datetime) -> datetime | None:
    """When an all-clear was given: the earliest time that fits, or the article's date.

    None when nothing dates it: such an all-clear ends nothing.
    """
    if detection.event_time is not None:
        return believable(detection.event_time.start, now)
    return believable(detection.published_at, now) or believable(detection.dated_at, now)


def report_time(detection: Detection, now: datetime) -> datetime:
    """When the report was made, as far as known: a property of the article, not of its way here."""
    for at in (detection.published_at, detection.dated_at):
        known = believable(at, now)
        if known is not None:
            return min(known, now)
    return min(detection.received_at, now)


def stance_day(detection: Detection, now: datetime) -> str | None:
    """The date in Kyiv on which a stance was taken, None when nothing dates it."""
    told = detection.event_time.start if detection.event_time else None
    for at in (told, detection.dated_at, detection.published_at):
        known = believable(at, now)
        if known is not None:
            return known.astimezone(KYIV).date().isoformat()
    return None


def period_of(at: datetime) -> str:
    """The night or day in Kyiv that a time lies in, such as `2024-08-14/night`.

    The night of a date begins at 18:00 and ends at 06:00 of the next date.
    """
    local = at.astimezone(KYIV)
    if NIGHT_TO <= local.hour < NIGHT_FROM:
        return f"{local.date().isoformat()}/day"
    date = local.date() if local.hour >= NIGHT_FROM else local.date() - timedelta(days=1)
    return f"{date.isoformat()}/night"


def period_of_span(told: EventTime | None) -> str | None:
    """The night or day that the whole span lies in, None when it fits in none."""
    if told is None:
        return None
    last = told.end if told.end == told.start else told.end - timedelta(seconds=1)
    first = period_of(told.start)
    within = period_of(last) == first and told.end - told.start <= timedelta(hours=14)
    return first if within else None
