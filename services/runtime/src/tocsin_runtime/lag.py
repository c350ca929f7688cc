"""How far a group is behind, as the broker tells it, and whether it still moves."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Collection, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaConnectionError, KafkaError

from tocsin_runtime.connection import connection_options
from tocsin_runtime.errors import StuckError
from tocsin_runtime.health import Health
from tocsin_runtime.kafka import REQUEST_TIMEOUT_MS, open_admin
from tocsin_runtime.logs import get_logger
from tocsin_runtime.metrics import CommonMetrics
from tocsin_runtime.settings import KafkaSettings, ServiceSettings
from tocsin_runtime.waiting import FETCH_BYTES, seconds_waiting

_log = get_logger(__name__)

INTERVAL_SECONDS = 5.0
"""How often the broker is asked."""


class ProgressWatch:
    """Notices that records wait and nothing moves, whatever the reason."""

    def __init__(self, limit_seconds: float = 60) -> None:
        self._limit_seconds = limit_seconds
        self._offset = -1
        self._since: float | None = None

    def note(self, *, offset: int, lag: int, now_seconds: float) -> None:
        """Take a look.

        Args:
            offset: sum of the committed offsets; another value is progress.
            lag: records that wait.
            now_seconds: monotonic time.

        Raises:
            StuckError: records wait and nothing moved for longer than the limit.

        """
        if lag == 0 or offset != self._offset or self._since is None:
            self._offset, self._since = offset, now_seconds
        elif now_seconds - self._since > self._limit_seconds:
            raise StuckError(
                f"{lag} records wait and nothing was committed for "
                f"{now_seconds - self._since:.0f} s"
            )

    def restart(self) -> None:
        """Forget what was seen, as when the broker did not answer or partitions changed."""
        self._since = None


class MembershipWatch:
    """Notices that a group has no such member, whatever the member itself believes.

    A consumer was seen to give up after an outage without a word: it held its partitions, another
    member did the work, and nothing but its absence from the group told of it.
    """

    def __init__(self, member: str, limit_seconds: float = 60) -> None:
        self._member = member
        self._limit_seconds = limit_seconds
        self._since: float | None = None

    def note(self, *, present: bool, now_seconds: float) -> None:
        """Take a look.

        Args:
            present: whether the broker counts it as a member.
            now_seconds: monotonic time.

        Raises:
            StuckError: it has been none for longer than the limit.

        """
        if present:
            self._since = None
        elif self._since is None:
            self._since = now_seconds
        elif now_seconds - self._since > self._limit_seconds:
            raise StuckError(
                f"the group has had no member {self._member!r} for "
                f"{now_seconds - self._since:.0f} s, though the broker answers"
            )

    def restart(self) -> None:
        """Forget what was seen, as when the broker did not answer."""
        self._since = None


class LagMonitor:
    """Asks the broker, on connections of its own, how far a group is behind, and who is in it.

    A consumer that hangs shows no lag of its own; the broker's word is independent of it.
    """

    def __init__(
        self,
        settings: ServiceSettings,
        group: str,
        assigned: Callable[[], Collection[TopicPartition]],
        metrics: CommonMetrics,
        health: Health,
    ) -> None:
        """Prepare; `assigned` tells the partitions that this member has now."""
        self._settings = settings
        self._group = group
        self._assigned = assigned
        self._metrics = metrics
        self._health = health
        self._watch = ProgressWatch()
        self._membership = MembershipWatch(settings.instance_id)
        self._seen: frozenset[TopicPartition] = frozenset()

    async def run(self) -> None:
        """Look every few seconds until cancelled.

        Raises:
            StuckError: records wait and nothing moves, or the group has lost this member.

        """
        while True:
            try:
                await self._follow()
            except (KafkaError, OSError) as error:
                self._watch.restart()
                self._membership.restart()
                self._health.break_off("broker", f"{type(error).__name__}: {error}")
                _log.warning("the broker does not answer", why=str(error))
                await asyncio.sleep(1)

    async def _follow(self) -> None:
        async with open_admin(self._settings) as admin, _open_reader(self._settings) as reader:
            while True:
                partitions = frozenset(self._assigned())
                if partitions:
                    offsets = await self._committed(admin, reader, partitions)
                    lags = self._note(
                        partitions, offsets, await reader.end_offsets(list(partitions))
                    )
                    await self._tell_waiting(reader, lags, offsets)
                present = await is_member(admin, self._group, self._settings.instance_id)
                now_seconds = asyncio.get_running_loop().time()
                self._membership.note(present=present, now_seconds=now_seconds)
                self._health.satisfy("broker")
                await asyncio.sleep(INTERVAL_SECONDS)

    async def _committed(
        self,
        admin: AIOKafkaAdminClient,
        reader: AIOKafkaConsumer,
        partitions: frozenset[TopicPartition],
    ) -> dict[TopicPartition, int]:
        committed = await admin.list_consumer_group_offsets(
            self._group, partitions=list(partitions)
        )
        starts = await reader.beginning_offsets(list(partitions))
        if not partitions <= committed.keys():  # the coordinator itself has just come up
            raise KafkaConnectionError(f"no offsets of group {self._group} yet")
        return {one: max(committed[one].offset, starts[one]) for one in partitions}

    def _note(
        self,
        partitions: frozenset[TopicPartition],
        offsets: Mapping[TopicPartition, int],
        ends: Mapping[TopicPartition, int],
    ) -> dict[TopicPartition, int]:
        if partitions != self._seen:
            self._metrics.consumer_lag.clear()
            self._metrics.consumer_lag_seconds.clear()
            self._watch.restart()
            self._seen = partitions
        lags = {partition: max(0, ends[partition] - offsets[partition]) for partition in partitions}
        for partition, lag in lags.items():
            self._metrics.consumer_lag.labels(partition.topic, partition.partition).set(lag)
        now_seconds = asyncio.get_running_loop().time()
        self._watch.note(
            offset=sum(offsets.values()), lag=sum(lags.values()), now_seconds=now_seconds
        )
        return lags

    async def _tell_waiting(
        self,
        reader: AIOKafkaConsumer,
        lags: Mapping[TopicPartition, int],
        offsets: Mapping[TopicPartition, int],
    ) -> None:
        behind = {one: offsets[one] for one, lag in lags.items() if lag}
        waited = await seconds_waiting(reader, behind) if behind else {}
        for one in lags:
            if one in waited or one not in behind:  # else what was told before holds on
                gauge = self._metrics.consumer_lag_seconds.labels(one.topic, one.partition)
                gauge.set(waited.get(one, 0))


async def is_member(admin: AIOKafkaAdminClient, group: str, instance_id: str) -> bool:
    """Whether the broker counts a process among the members of a group.

    Raises:
        aiokafka.errors.KafkaError: the broker does not answer.

    """
    (answer,) = await admin.describe_consumer_groups([group])
    # The broker names a static member by its instance id and a UUID.
    return any(
        member[0].startswith(f"{instance_id}-")
        for _, _, _, _, _, members, *_ in answer.groups
        for member in members
    )


@contextlib.asynccontextmanager
async def _open_reader(settings: KafkaSettings) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer that asks for offsets and first records, stopped whatever happens."""
    reader = AIOKafkaConsumer(
        **connection_options(settings),
        isolation_level="read_committed",
        request_timeout_ms=REQUEST_TIMEOUT_MS,
        max_partition_fetch_bytes=FETCH_BYTES,
    )
    try:
        await reader.start()
        yield reader
    finally:
        await reader.stop()
