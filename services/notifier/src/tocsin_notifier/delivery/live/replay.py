"""What a listener missed that is no longer in the shared memory, read again from Kafka."""

import asyncio
import heapq
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from pydantic import ValidationError

from tocsin_notifier.delivery.domain.position import Layout
from tocsin_notifier.domain.outcome import AnyAlert
from tocsin_runtime.connection import connection_options
from tocsin_runtime.kafka import REQUEST_TIMEOUT_MS, topic_name
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.envelope import decode_alert

MAX_REPLAYS = 4
"""Replays at one time; who comes then waits for its turn."""

_BATCH = 200
_POLL_MS = 200


@dataclass(frozen=True, slots=True)
class Replayed:
    """An alert read again."""

    partition: int
    """Its partition's place in the layout."""
    offset: int
    alert: AnyAlert


@dataclass(frozen=True, slots=True)
class Gap:
    """Records that a listener has missed and can get no more."""

    reason: str
    """`retention`: deleted by Kafka. `unknown`: the position does not belong to these topics."""
    lost: Mapping[str, int]
    """By topic how many at the most, as far as known."""
    position: tuple[int, ...]
    """From where it goes on."""


class Replayer:
    """Reads alert topics again for listeners, few at a time."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._partitions: list[TopicPartition] = []
        self._topics: list[str] = []
        self._turns = asyncio.Semaphore(MAX_REPLAYS)

    def begin(self, layout: Layout) -> None:
        """Say which partitions positions speak of."""
        self._partitions = [
            TopicPartition(topic_name(self._settings, topic), number)
            for topic, number in layout.partitions()
        ]
        self._topics = [topic for topic, _ in layout.partitions()]

    async def read(
        self, position: Sequence[int], until: Sequence[int]
    ) -> AsyncIterator[Replayed | Gap]:
        """Everything from a position on up to another, in the order of each partition.

        A gap comes first. What is no alert is left out.

        Raises:
            aiokafka.errors.KafkaError: the broker does not answer.

        """
        async with self._turns:
            consumer = AIOKafkaConsumer(
                **connection_options(self._settings),
                client_id="tocsin-replay",
                isolation_level="read_committed",
                enable_auto_commit=False,
                request_timeout_ms=REQUEST_TIMEOUT_MS,
                max_poll_records=_BATCH,
            )
            await consumer.start()
            try:
                gap = await self._find_gap(consumer, position)
                if gap is not None:
                    yield gap
                    position = gap.position
                async for found in self._follow(consumer, position, until):
                    yield found
            finally:
                await consumer.stop()

    async def _find_gap(self, consumer: AIOKafkaConsumer, position: Sequence[int]) -> Gap | None:
        begins = await consumer.beginning_offsets(self._partitions)
        ends = await consumer.end_offsets(self._partitions)
        lost: dict[str, int] = {}
        reason = "retention"
        reachable: list[int] = []
        for at, partition, topic in zip(position, self._partitions, self._topics, strict=True):
            begin, end = begins[partition], ends[partition]
            if at > end:
                reason = "unknown"
                at = end  # noqa: PLW2901 - the listener goes on from the end
            elif at < begin:
                lost[topic] = lost.get(topic, 0) + begin - at
                at = begin  # noqa: PLW2901 - the listener goes on from what is left
            reachable.append(at)
        if tuple(reachable) == tuple(position):
            return None
        return Gap(reason, lost, tuple(reachable))

    async def _follow(
        self, consumer: AIOKafkaConsumer, position: Sequence[int], until: Sequence[int]
    ) -> AsyncIterator[Replayed]:
        wanted = {
            partition: place
            for place, partition in enumerate(self._partitions)
            if position[place] < until[place]
        }
        if not wanted:
            return
        consumer.assign(list(wanted))
        for partition, place in wanted.items():
            consumer.seek(partition, position[place])
        waiting = set(wanted)
        while waiting:
            found = await consumer.getmany(timeout_ms=_POLL_MS)
            for record in _by_time(found.values()):
                place = wanted[TopicPartition(record.topic, record.partition)]
                alert = _decode(record) if record.offset < until[place] else None
                if alert is not None:
                    yield Replayed(place, record.offset, alert)
            at = {one: await consumer.position(one) for one in waiting}
            waiting = {one for one in waiting if at[one] < until[wanted[one]]}


def _by_time(batches: Iterable[Sequence[Any]]) -> Iterable[Any]:
    """The records of several partitions by time, each partition's in its own order."""
    return heapq.merge(*batches, key=lambda record: record.timestamp)


def _decode(record: Any) -> AnyAlert | None:  # noqa: ANN401 - aiokafka's ConsumerRecord is untyped
    try:
        return decode_alert(record.value or b"")
    except ValidationError:
        return None
