"""When a source is asked again: its own wish, what it answers, and how often it failed."""

import random
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

DEFAULT_EVERY = 60
"""Seconds between two polls of a feed whose source names none."""

LONGEST = 3600
"""Seconds after which a source is asked again at the latest, failing ones too."""

JITTER = 0.1
"""So much of a wait is left to chance, so that sources do not march in step."""

_MAX_AGE = re.compile(r"(?:^|,)\s*max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


def next_wait(every: int | None, asked_for: int | None, chance: random.Random) -> float:
    """Seconds to the next poll after one that succeeded.

    Args:
        every: what the operator wants; it wins, since she knows what an alarm is worth to her.
        asked_for: for how long the feed says that it stays the same; null when it says nothing.
        chance: for the jitter.

    """
    wait = every or min(LONGEST, max(DEFAULT_EVERY, asked_for or 0))
    return _vary(wait, chance)


def next_try(
    every: int | None, failures: int, retry_after: int | None, chance: random.Random
) -> float:
    """Seconds to the next try after so many failures in a row.

    A source that names a time is not asked before it, however long that is (a day at most).
    """
    wait = min(LONGEST, (every or DEFAULT_EVERY) * 2 ** min(failures - 1, 20))
    return max(_vary(wait, chance), min(retry_after or 0, 86_400))


def _vary(wait: float, chance: random.Random) -> float:
    return wait * (1 + chance.uniform(-JITTER, JITTER))


def read_retry_after(headers: Mapping[str, str], now: datetime) -> int | None:
    """Seconds that `Retry-After` names, as a number or as a date; null when it names none."""
    given = headers.get("retry-after", "").strip()
    if given.isdecimal() and len(given) < 10:
        return int(given)
    try:
        return max(0, round((parsedate_to_datetime(given) - now).total_seconds()))
    except (ValueError, TypeError):
        return None


def read_max_age(headers: Mapping[str, str]) -> int | None:
    """Seconds that `Cache-Control: max-age` names."""
    found = _MAX_AGE.search(headers.get("cache-control", ""))
    return int(found[1]) if found else None
