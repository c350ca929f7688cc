"""Faust's consumer, handing over all that a fetch brought as one event instead of many.

Faust leads every record through four tasks and three turns of the event loop, and acknowledges it
when the agent moves on. Here one event stands for a whole fetch, and its records are acknowledged
when the agent says that they are done. Offsets, gaps, commits, rebalances and flow control stay
Faust's own. docs/performance.md has the figures.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import faust
from faust.transport.consumer import Fetcher
from faust.transport.drivers.aiokafka import Consumer, Transport
from faust.types import TP
from faust.types.tuples import Message
from yarl import URL

from tocsin_runtime.dead_letter import Received
from tocsin_runtime.kafka import received

_FETCH_SECONDS = 1.0
"""How long a fetch waits for a first record; it returns with what is there."""


class Batch(Message):
    """The records of one fetch, travelling through Faust as one message.

    It belongs to no topic that Faust acknowledges by itself: whatever happens to the agent, only
    `acknowledge` lets its offsets be committed.
    """

    __slots__ = ("_consumer", "_finished", "records")

    def __init__(self, consumer: "BatchConsumer", found: Mapping[TP, Sequence[Any]]) -> None:
        """Gather what was fetched.

        Args:
            consumer: where it is acknowledged.
            found: aiokafka's records by partition, none of them empty.

        """
        super().__init__(
            topic="",
            partition=-1,
            offset=-1,
            timestamp=0.0,
            timestamp_type=0,
            headers=None,
            key=b"",
            value=b"",
            checksum=None,
            tp=next(iter(found)),  # any of them leads to the agent
            generation_id=consumer.app.consumer_generation_id,
        )
        self.records: tuple[Received, ...] = tuple(
            received(record) for records in found.values() for record in records
        )
        self._consumer = consumer
        self._finished = asyncio.Event()

    def acknowledge(self) -> None:
        """Let the offsets be committed: all that comes of the records is stored."""
        self._consumer.acknowledge(self)
        self._finished.set()

    async def wait(self) -> None:
        """Wait until it is acknowledged."""
        await self._finished.wait()


class BatchConsumer(Consumer):
    """Fetches a batch when the one before is acknowledged, or given up in a rebalance."""

    logger = logging.getLogger("faust.transport.consumer")

    def acknowledge(self, batch: Batch) -> None:
        """Note the offsets of a batch for the next commit.

        After a rebalance its records are read again from the committed offset, so it is not noted.
        """
        if batch.generation_id != self.app.consumer_generation_id:
            return
        for record in batch.records:
            partition = TP(record.topic, record.partition)
            committed = self._committed_offset[partition]
            index = self._acked_index[partition]
            if (committed is None or record.offset >= committed) and record.offset not in index:
                index.add(record.offset)
                self._acked[partition].append(record.offset)

    async def verify_all_partitions_active(self) -> None:
        """Leave it to the service's own watch on its progress, which ends a stuck process."""

    async def _drain_messages(self, fetcher: faust.ServiceT) -> None:
        assert isinstance(fetcher, Fetcher)
        try:
            while not (self.should_stop or fetcher.should_stop):
                await asyncio.sleep(0)  # a fetch may return without waiting
                await self._deliver(await self._fetch())
        except self.consumer_stopped_errors:
            if not self.app.should_stop:
                raise
        except asyncio.CancelledError:
            if not self.app.should_stop:
                raise

    async def _fetch(self) -> dict[TP, list[Any]]:
        """What there is to read now, without what was read before; empty after a while."""
        generation = self.app.consumer_generation_id
        found, active = await self._wait_next_records(_FETCH_SECONDS)
        if not self.flow_active:
            await self._rewind()
            return {}
        if generation != self.app.consumer_generation_id:
            return {}
        fresh: dict[TP, list[Any]] = {}
        for partition, records in (found or {}).items():
            last = self._read_offset[partition]
            new = [record for record in records if last is None or record.offset >= last]
            if new and (active is None or partition in active):
                await self._note_gaps(partition, last, new)
                fresh[TP(*partition)] = new
        return fresh

    async def _rewind(self) -> None:
        try:
            await self.perform_seek()
        except Exception as error:  # noqa: BLE001 - tried again when the flow goes on
            self.log.warning("no seek while the flow rests: %r", error)

    async def _note_gaps(self, partition: TP, last: int | None, records: Sequence[Any]) -> None:
        """Offsets that Kafka does not have any more must not hold commits back."""
        for record in records:
            if last and record.offset - last > 1:
                await self._add_gap(partition, last + 1, record.offset)
            last = record.offset

    async def _deliver(self, found: Mapping[TP, Sequence[Any]]) -> None:
        if not found:
            return
        batch = Batch(self, found)
        await self.wait_first(self.callback(batch), self.suspend_flow.wait())
        for partition, records in found.items():
            self._read_offset[partition] = records[-1].offset
        await self.wait_first(batch.wait(), self.suspend_flow.wait())


class BatchTransport(Transport):
    """Faust's transport over aiokafka with a consumer that hands over batches."""

    Consumer = BatchConsumer


def read_in_batches(app: faust.App) -> None:
    """Let an app that was not started yet read in batches."""
    app.transport = BatchTransport([URL(str(url)) for url in app.conf.broker_consumer], app)
