"""Faust's consumer, handing over all that a fetch brought as one event instead of many.

Faust leads every record through four tasks and three turns of the event loop, and acknowledges it
when the agent moves on. Here one event stands for a whole fetch, and its records are acknowledged
when the agent says that they are done. Offsets, gaps, commits, rebalances and flow control stay
Faust's own. docs/performance.md has the figures.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import faust
from aiokafka.errors import IllegalStateError
from faust.transport.consumer import Fetcher
from faust.transport.drivers.aiokafka import Consumer, Transport
from faust.types import TP
from faust.types.tuples import Message
from yarl import URL

from tocsin_runtime.dead_letter import Received
from tocsin_runtime.kafka import received

_LOOK_SECONDS = 0.5
"""How often a batch that takes long is looked after."""
_FETCH_SECONDS = 1.0
"""How long a fetch waits for a first record; it returns with what is there."""


class Batch(Message):
    """The records of one fetch, travelling through Faust as one message.

    It belongs to no topic that Faust acknowledges by itself: whatever happens to the agent, only
    `acknowledge` lets its offsets be committed.
    """

    __slots__ = ("_consumer", "_finished", "records")

    def __init__(
        self, consumer: "BatchConsumer", generation: int, found: Mapping[TP, Sequence[Any]]
    ) -> None:
        """Gather what was fetched.

        Args:
            consumer: where it is acknowledged.
            generation: of the group's assignment under which it was fetched.
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
            generation_id=generation,
        )
        self.records: tuple[Received, ...] = tuple(
            received(record) for records in found.values() for record in records
        )
        self._consumer = consumer
        self._finished = asyncio.Event()

    @property
    def finished(self) -> bool:
        """Whether it was acknowledged."""
        return self._finished.is_set()

    def acknowledge(self) -> None:
        """Let the offsets be committed: all that comes of the records is stored."""
        self._consumer.acknowledge(self)
        self._finished.set()

    async def wait(self) -> None:
        """Wait until it is acknowledged."""
        await self._finished.wait()


class BatchConsumer(Consumer):
    """Fetches a batch when the one before is acknowledged, or was given up in a rebalance."""

    logger = logging.getLogger("faust.transport.consumer")

    _turns = 0
    """How often partitions were set anew: what was under way then is let go, and read again."""

    def on_init(self) -> None:
        """Begin with nothing asked for again."""
        self._sought: dict[TP, int] = {}

    def stop_flow(self) -> None:
        """Let nothing through until partitions have settled."""
        self._turn()
        super().stop_flow()

    def resume_flow(self) -> None:
        """Let records through again; Faust has just emptied its queues."""
        self._turn()
        super().resume_flow()

    async def perform_seek(self) -> None:
        """Read on from the committed offsets, from the beginning where there are none.

        The beginnings are asked for at once: each question may have to wait behind a fetch.
        """
        self._turn()
        await super().perform_seek()
        unread = [one for one in self.assignment() if self._read_offset[one] is None]
        if unread:
            beginnings = await self.earliest_offsets(*unread)
            self._read_offset.update({TP(*one): offset for one, offset in beginnings.items()})
        self._turn()

    def _turn(self) -> None:
        self._turns += 1
        self._sought.clear()

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
                await self._deliver_next()
        except self.consumer_stopped_errors:
            if not self.app.should_stop:
                raise
        except asyncio.CancelledError:
            if not self.app.should_stop:
                raise

    async def _deliver_next(self) -> None:
        """Fetch a batch, hand it to the agent, and wait until it is done or given up."""
        if not self.flow_active:
            await self.wait_first(self.can_resume_flow.wait())
        turn, generation = self._turns, self.app.consumer_generation_id
        found = await self._fetch()
        if not found:
            return
        if turn != self._turns or generation != self.app.consumer_generation_id:
            await self._rewind(found)
            return
        for partition, records in found.items():
            self._read_offset[partition] = records[-1].offset + 1
        batch = Batch(self, generation, found)
        await self.wait_first(self.callback(batch), self.suspend_flow.wait())
        while not (batch.finished or self.should_stop) and turn == self._turns:
            await self.wait_first(batch.wait(), self.suspend_flow.wait(), timeout=_LOOK_SECONDS)
        if not (batch.finished or self.should_stop):
            # Faust has emptied its queues, perhaps of this batch: it is read again.
            for partition, records in found.items():
                if self._read_offset[partition] == records[-1].offset + 1:
                    self._read_offset[partition] = records[0].offset
            await self._rewind(found)

    async def _rewind(self, partitions: Iterable[TP]) -> None:
        """Read on from what is expected of partitions, as far as they are still ours."""
        for partition in partitions:
            expected = self._read_offset[partition]
            if expected is not None and partition in self.assignment():
                with suppress(IllegalStateError):  # it went while we looked
                    await self._seek(partition, expected)

    async def _fetch(self) -> dict[TP, list[Any]]:
        """The records to read next by partition; empty when none come for a while."""
        found, _ = await self._wait_next_records(_FETCH_SECONDS)
        fresh: dict[TP, list[Any]] = {}
        for one, records in (found or {}).items():
            partition = TP(*one)
            expected = self._read_offset[partition]
            if expected is None:  # it went while we read
                continue
            new = [record for record in records if record.offset >= expected]
            if new and await self._follows(partition, expected, new):
                fresh[partition] = new
        return fresh

    async def _follows(self, partition: TP, expected: int, records: Sequence[Any]) -> bool:
        """Whether nothing lies between what is expected and these records.

        Records that were fetched and let go are asked for again. Only what Kafka does not have,
        although it was asked for exactly that offset, is passed over, and holds no commit back.
        """
        if records[0].offset > expected and self._sought.get(partition) != expected:
            self._sought[partition] = expected
            await self._rewind([partition])
            return False
        for record in records:
            if record.offset > expected:
                await self._add_gap(partition, expected, record.offset - 1)
            expected = record.offset + 1
        self._sought.pop(partition, None)
        return True


class BatchTransport(Transport):
    """Faust's transport over aiokafka with a consumer that hands over batches."""

    Consumer = BatchConsumer


def read_in_batches(app: faust.App) -> None:
    """Let an app that was not started yet read in batches."""
    app.transport = BatchTransport([URL(str(url)) for url in app.conf.broker_consumer], app)
