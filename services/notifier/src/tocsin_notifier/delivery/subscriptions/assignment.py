"""Which partitions the group of a subscription gives this process, noted for its loop."""

import time
from collections.abc import Collection

from aiokafka import ConsumerRebalanceListener, TopicPartition

from tocsin_runtime.errors import DuplicateInstanceError
from tocsin_runtime.instance import AssignmentWatch
from tocsin_runtime.process import crash


class SubscriptionAssignment(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka is untyped
    """Notes what the group assigns; the loop takes it over in its own time."""

    def __init__(self, instance_id: str) -> None:
        self._watch = AssignmentWatch(instance_id)
        self.partitions: frozenset[TopicPartition] | None = None
        """What this process has; None while the group rebalances."""
        self.is_new = False
        """Whether the loop has not taken it over yet."""

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:  # noqa: ARG002
        """The group is about to rebalance: nothing is committed until it has."""
        self.partitions = None

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """The group has given this process its partitions."""
        try:
            self._watch.note(time.monotonic())
        except DuplicateInstanceError as error:
            crash(str(error))
        self.partitions = frozenset(assigned)
        self.is_new = True
