"""Which partitions this member has, as the group says it; the loop acts on it in its own time."""

import asyncio
import time
from collections.abc import Collection

from aiokafka import ConsumerRebalanceListener, TopicPartition

from tocsin_runtime.errors import DuplicateInstanceError, StuckError
from tocsin_runtime.instance import AssignmentWatch
from tocsin_runtime.metrics import NotifierMetrics
from tocsin_runtime.process import crash

REBALANCE_LIMIT_SECONDS = 60
"""Members that are gone leave a rebalance after their session timeout of some seconds."""


class Assignment(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka is untyped
    """Notes what the group assigns; a revocation waits for the open transactions."""

    def __init__(self, instance_id: str, metrics: NotifierMetrics) -> None:
        self._watch = AssignmentWatch(instance_id)
        self._metrics = metrics
        self._previous: frozenset[TopicPartition] = frozenset()
        self.generation = 0
        """Grows with every change."""
        self.settled = False
        """Whether the group has finished its rebalance."""
        self.partitions: frozenset[TopicPartition] = frozenset()
        """What this member has now; empty during a rebalance."""
        self.lost: set[TopicPartition] = set()
        """What it did not have for a while since the loop last looked: somebody else may have
        worked there."""
        self.busy = asyncio.Lock()
        """Held by the loop while transactions are open."""
        self._unsettled_since: float | None = None

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:  # noqa: ARG002
        """The group is about to rebalance: nothing is processed until it has."""
        async with self.busy:
            self.partitions = frozenset()
            self.settled = False
            self.generation += 1

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """The group has given this member its partitions."""
        self._metrics.assignments_total.inc()
        try:
            self._watch.note(time.monotonic())
        except DuplicateInstanceError as error:
            crash(str(error))
        async with self.busy:
            self.partitions = frozenset(assigned)
            self.lost |= self._previous - self.partitions
            self._previous = self.partitions
            self.settled = True
            self._unsettled_since = None
            self.generation += 1

    def wait_on(self, now_seconds: float) -> None:
        """Note that the group is not settled yet.

        A rebalance was seen to hang after the broker was killed: the group's members waited for
        each other for five minutes. Whoever starts anew joins at once.

        Args:
            now_seconds: monotonic time.

        Raises:
            StuckError: it has been so for longer than the limit.

        """
        if self._unsettled_since is None:
            self._unsettled_since = now_seconds
        elif now_seconds - self._unsettled_since > REBALANCE_LIMIT_SECONDS:
            raise StuckError(
                f"the group has not given this member its partitions for "
                f"{now_seconds - self._unsettled_since:.0f} s"
            )
