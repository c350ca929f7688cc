"""Dead letters: bytes untouched with the reason in headers; and the budget of failures."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from tocsin_runtime.errors import FailureBudgetError

REASON = "tocsin-reason"
DETAIL = "tocsin-detail"
TOPIC = "tocsin-topic"
PARTITION = "tocsin-partition"
OFFSET = "tocsin-offset"
AT = "tocsin-at"
SERVICE = "tocsin-service"
SUBSCRIPTION = "tocsin-subscription"
"""Whom an alert could not be delivered to."""
REPLAY_FOR = "tocsin-replay-for"
"""On a record of `deliveries.dead-letter`: it is to be delivered again, to this subscription."""

_DETAIL_CHARACTERS = 1000

Headers = tuple[tuple[str, bytes], ...]
"""Kafka headers."""


@dataclass(frozen=True, slots=True)
class Received:
    """A record as it was read: where from, and its bytes."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    timestamp_ms: int = 0
    """Kafka's timestamp of the record, Unix milliseconds."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record for a dead-letter topic: key and value untouched, headers that say why."""

    key: bytes | None
    value: bytes | None
    headers: Headers


def dead_letter(
    record: Received, *, reason: str, detail: str, service: str, at: datetime
) -> DeadLetter:
    """Wrap a record that could not be processed.

    Args:
        record: as it was read; its headers stay, ours come behind them.
        reason: a short word for the metric, such as `undecodable`.
        detail: field and reason for a person; cut after 1,000 characters.
        service: which service gave up on it.
        at: when.

    """
    ours = {
        REASON: reason,
        DETAIL: detail[:_DETAIL_CHARACTERS],
        TOPIC: record.topic,
        PARTITION: str(record.partition),
        OFFSET: str(record.offset),
        AT: at.isoformat(),
        SERVICE: service,
    }
    added = tuple((name, text.encode("utf-8", "replace")) for name, text in ours.items())
    return DeadLetter(record.key, record.value, (*record.headers, *added))


class FailureBudget:
    """Stops the process when our own code fails too often.

    20 failures in a row, or over 5 % of the last 1,000 once 200 were seen. Undecodable input does
    not count: only failures of our own code do.
    """

    def __init__(
        self, *, in_a_row: int = 20, ratio: float = 0.05, window: int = 1000, least: int = 200
    ) -> None:
        self._in_a_row = in_a_row
        self._ratio = ratio
        self._least = least
        self._seen: deque[bool] = deque(maxlen=window)
        self._failed = 0
        self._row = 0

    def succeed(self) -> None:
        """Count a record that was processed."""
        self._count(failed=False)
        self._row = 0

    def fail(self, detail: str) -> None:
        """Count a failure of our own code.

        Raises:
            FailureBudgetError: the budget is spent; end without acknowledging.

        """
        self._count(failed=True)
        self._row += 1
        if self._row >= self._in_a_row:
            raise FailureBudgetError(f"{self._row} failures in a row, the last: {detail}")
        if len(self._seen) >= self._least and self._failed > self._ratio * len(self._seen):
            raise FailureBudgetError(
                f"{self._failed} of the last {len(self._seen)} records failed, the last: {detail}"
            )

    def _count(self, *, failed: bool) -> None:
        if len(self._seen) == self._seen.maxlen:
            self._failed -= self._seen[0]
        self._seen.append(failed)
        self._failed += failed
