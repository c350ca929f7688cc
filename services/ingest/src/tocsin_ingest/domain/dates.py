"""When an article says it was published: what is believed, and what an alarm may rest on."""

from datetime import UTC, datetime, timedelta

from tocsin_ingest.domain.refusal import Refusal, RefusedError

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No article of the web is older."""

MAX_AHEAD = timedelta(days=1)
"""How far clocks and zones of sources may be wrong."""

_FIELD = "published_at"


def read_published_at(given: str, received_at: datetime) -> datetime:
    """The time of publication in UTC.

    Args:
        given: ISO 8601 with a zone, such as `2024-08-20T12:00:00Z`.
        received_at: when ingest took the article.

    Raises:
        RefusedError: it is no such time, names no zone, or cannot be right.

    """
    shown = repr(given[:60])
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise _refuse(
            "invalid", f"{shown} is no ISO 8601 time; write it like 2024-08-20T12:00:00+03:00"
        ) from None
    if at.tzinfo is None:
        raise _refuse("no_zone", f"{shown} names no zone; write +00:00 or Z behind it")
    try:
        at = at.astimezone(UTC)
    except OverflowError:
        raise _refuse("invalid", f"{shown} lies outside the years 1 to 9999 in UTC") from None
    if at < EARLIEST:
        raise _refuse("too_early", f"{shown} is before {EARLIEST.date()}; leave it out if unknown")
    if at > received_at + MAX_AHEAD:
        raise _refuse(
            "too_late",
            f"{shown} is more than a day ahead of the clock here "
            f"({received_at.isoformat(timespec='seconds')}); leave it out if unknown",
        )
    return at


def _refuse(code: str, reason: str) -> RefusedError:
    return RefusedError(Refusal(_FIELD, code, reason))
