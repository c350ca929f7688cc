"""When a delivery is tried again, and when it is given up: rules without a clock."""

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

MAX_REFUSALS = 5
"""So often an endpoint may refuse one alert before it becomes a dead letter."""

LONGEST_RETRY_AFTER = timedelta(hours=1)
"""Whatever an endpoint asks for in `Retry-After`, it is asked again after this."""

LEAST_TRYING = timedelta(hours=1)
"""So long is tried after the first failure, also when the alert was old already."""


class Verdict(StrEnum):
    """What an attempt says about the alert and about the endpoint."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    """The endpoint works and does not want this alert."""
    FAILED = "failed"
    """The endpoint does not work now; nothing is known of the alert."""
    GONE = "gone"
    """The endpoint wants nothing ever again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an attempt."""

    verdict: Verdict
    reason: str
    """A short word, such as `http_503` or `timeout`."""
    detail: str = ""
    """For a person."""
    retry_after: timedelta | None = None
    """What the endpoint asked for."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait between attempts, and for how long to go on."""

    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(minutes=5)
    give_up: timedelta = timedelta(hours=24)

    def wait(self, tries: int, chance: float, asked: timedelta | None = None) -> timedelta:
        """How long to wait after so many failures in a row.

        Args:
            tries: failures so far, from 1.
            chance: from 0 to 1; spreads the attempts by a quarter to either side.
            asked: the endpoint's own wish, which is never undercut but bounded.

        """
        grown = min(self.longest, self.first * 2.0 ** min(tries - 1, 30))
        spread = grown * (0.75 + chance / 2)
        return max(spread, min(asked or timedelta(), LONGEST_RETRY_AFTER))

    def deadline(self, at: datetime, failing_since: datetime) -> datetime:
        """When an alert is given up.

        Args:
            at: when Kafka took the alert.
            failing_since: when it could not be delivered for the first time since the start.

        """
        return max(at + self.give_up, failing_since + min(self.give_up, LEAST_TRYING))


def judge(status: int) -> Verdict:
    """What an HTTP status says, by Standard Webhooks: success is 2xx alone, 410 disables."""
    if 200 <= status < 300:
        return Verdict.DELIVERED
    if status == 410:
        return Verdict.GONE
    if 400 <= status < 500 and status not in (408, 429):
        return Verdict.REFUSED
    return Verdict.FAILED


def read_retry_after(text: str | None, now: datetime) -> timedelta | None:
    """The wait that `Retry-After` asks for, seconds or a date; None when it says nothing."""
    if text is None:
        return None
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return timedelta(seconds=int(text))
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(at - now, timedelta())


class Gate:
    """Holds all attempts at an endpoint back while it fails; one at a time finds out whether."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self.failures = 0
        self.failing_since: datetime | None = None
        self.opens_at: datetime | None = None

    def fail(self, now: datetime, chance: float, asked: timedelta | None) -> timedelta:
        """Note a failure; gives how long nothing is tried."""
        self.failures += 1
        self.failing_since = self.failing_since or now
        wait = self._patience.wait(self.failures, chance, asked)
        self.opens_at = now + wait
        return wait

    def succeed(self) -> None:
        """Note that the endpoint works."""
        self.failures, self.failing_since, self.opens_at = 0, None, None

    def is_shut(self, now: datetime) -> bool:
        """Whether nothing may be tried now."""
        return self.opens_at is not None and now < self.opens_at


class Rate:
    """At most so many in any one span: a second, or longer for less than one a second."""

    def __init__(self, most_per_second: float) -> None:
        self._most = max(1, int(most_per_second))
        self._span = timedelta(seconds=self._most / most_per_second)
        self._times: deque[datetime] = deque(maxlen=self._most)

    def free_at(self, now: datetime) -> datetime:
        """When the next one may go."""
        if len(self._times) < self._most:
            return now
        return max(now, self._times[0] + self._span)

    def take(self, now: datetime) -> None:
        """Count one that goes now."""
        self._times.append(now)
