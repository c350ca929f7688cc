"""The transactional loop: `detections` to alerts, exactly once for `read_committed` readers.

Its order is what the guarantee rests on. On assignment: start the partition's producer (this
fences an older owner), restore its state to the end of the log, read the committed offset, seek.
Per poll and partition one transaction. Any exception ends the process.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import ProducerFenced

from tocsin_notifier.correlation.assignment import Assignment
from tocsin_notifier.correlation.batch import PartitionWork
from tocsin_notifier.correlation.partition import OwnedPartition, fence, stop_producers
from tocsin_notifier.correlation.restore import Restored, restore
from tocsin_notifier.correlation.settings import CorrelateSettings
from tocsin_notifier.correlation.tick import Ticker
from tocsin_notifier.domain.records import KINDS
from tocsin_runtime.errors import FatalError, StuckError
from tocsin_runtime.health import Health
from tocsin_runtime.kafka import received, topic_name
from tocsin_runtime.logs import get_logger
from tocsin_runtime.metrics import NotifierMetrics
from tocsin_schemas.topics import DETECTIONS

_log = get_logger(__name__)

POLL_MS = 100
POLL_RECORDS = 250
"""Few enough that a transaction stays far below the time after which a member counts as stuck, on a
busy machine too."""

STEP_LIMIT_SECONDS = 60
"""An open transaction of an older owner ends after 10 s; what takes longer does not end."""

CreateWork = Callable[[int, Restored], PartitionWork]
"""Makes the work of a partition from its number and what was restored."""


class CorrelationLoop:
    """Reads `detections` and commits what comes of it, partition by partition."""

    def __init__(
        self,
        settings: CorrelateSettings,
        consumer: AIOKafkaConsumer,
        ticker: Ticker | None,
        create_work: CreateWork,
        metrics: NotifierMetrics,
        health: Health,
    ) -> None:
        """Prepare; without a ticker no ticks are sent."""
        self._settings = settings
        self._consumer = consumer
        self._ticker = ticker
        self._create_work = create_work
        self._metrics = metrics
        self._health = health
        self._assignment = Assignment(settings.instance_id, metrics)
        self._owned: dict[TopicPartition, OwnedPartition] = {}
        self._handled = 0

    def assigned(self) -> Collection[TopicPartition]:
        """The partitions that are processed now."""
        return tuple(self._owned)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; the last transactions are committed then."""
        topic = topic_name(self._settings, DETECTIONS)
        self._consumer.subscribe([topic], listener=self._assignment)
        while not stop.is_set():
            if self._assignment.generation != self._handled:
                await self._take_over()
            found = await self._consumer.getmany(timeout_ms=POLL_MS, max_records=POLL_RECORDS)
            async with self._assignment.busy:
                if self._assignment.generation == self._handled:
                    await self._process(found)
        await stop_producers([owned.producer for owned in self._owned.values()])

    async def _process(self, found: dict[TopicPartition, list[Any]]) -> None:
        # A partition that is not ours yet was fetched before its state was there: it is sought.
        steps = [
            self._owned[partition].process(list(map(received, records)), self._metrics)
            for partition, records in found.items()
            if partition in self._owned
        ]
        try:
            await asyncio.gather(*steps)
        except (ProducerFenced, AssertionError) as error:  # aiokafka asserts when fenced at commit
            raise FatalError(
                "another member took a partition over while this one worked on it; if this comes "
                f"again, it uses the instance id {self._settings.instance_id!r} too: give each "
                "replica its own TOCSIN_INSTANCE_ID"
            ) from error
        if self._ticker is not None:
            for owned in self._owned.values():
                await self._ticker.tick(owned)
        self._tell()

    def _tell(self) -> None:
        counts = dict.fromkeys(KINDS, 0)
        for owned in self._owned.values():
            for kind, count in owned.work.state.counts.items():
                counts[kind] += count
        for kind, count in counts.items():
            self._metrics.state_records.labels(kind).set(count)
        probes = [one.last_probe for one in self._owned.values() if one.last_probe is not None]
        if probes:
            oldest = min(probes).timestamp()
            self._metrics.heartbeat_timestamp_seconds.labels("notifier").set(oldest)

    async def _take_over(self) -> None:
        """Make what is owned agree with what is assigned, and read on from the right offsets."""
        generation = self._assignment.generation
        assigned = self._assignment.partitions
        if not self._assignment.settled:
            self._health.break_off("state", "the group rebalances")
            self._assignment.wait_on(time.monotonic())
            await asyncio.sleep(POLL_MS / 1000)
            return
        gone = [one for one in self._owned if one not in assigned or one in self._assignment.lost]
        self._assignment.lost.clear()
        await stop_producers([self._owned.pop(one).producer for one in gone])
        added = sorted(assigned - self._owned.keys())
        if added:
            await self._adopt(added)
        if generation != self._assignment.generation:
            return
        for partition, owned in self._owned.items():
            self._consumer.seek(partition, owned.next_offset)
        self._handled = generation
        self._health.satisfy("group")
        self._health.satisfy("state")
        _log.info("partitions taken over", added=len(added), gone=len(gone), all=len(assigned))

    async def _adopt(self, added: list[TopicPartition]) -> None:
        self._health.break_off("state", "state is being restored")
        async with _limited("fencing older owners of partitions"):
            producers = await asyncio.gather(*(fence(self._settings, one) for one in added))
        restored = await restore(self._settings, [one.partition for one in added], self._metrics)
        async with _limited("reading committed offsets"):
            offsets = await self._committed(added)
        for partition, producer in zip(added, producers, strict=True):
            work = self._create_work(partition.partition, restored[partition.partition])
            self._owned[partition] = OwnedPartition(
                self._settings, partition, producer, work, offsets[partition]
            )

    async def _committed(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        starts = await self._consumer.beginning_offsets(partitions)
        committed = {one: await self._consumer.committed(one) for one in partitions}
        return {one: max(committed[one] or 0, starts[one]) for one in partitions}


@asynccontextmanager
async def _limited(step: str) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(STEP_LIMIT_SECONDS):
            yield
    except TimeoutError as error:
        raise StuckError(f"{step} has not ended within {STEP_LIMIT_SECONDS} s") from error
