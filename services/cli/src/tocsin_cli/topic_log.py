"""Topics read from their beginning to their present end, record by record, committed ones only."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, TopicPartition

from tocsin_runtime.connection import connection_options
from tocsin_runtime.dead_letter import Received
from tocsin_runtime.kafka import received, topic_name
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.topics import TOPICS

_POLL_MS = 200
_FETCH_RECORDS = 500


def partitions_of(settings: KafkaSettings, topics: Iterable[str]) -> list[TopicPartition]:
    """All partitions of topics, which are given by their names without prefix."""
    return [
        TopicPartition(topic_name(settings, topic), number)
        for topic in topics
        for number in range(TOPICS[topic].partitions)
    ]


async def end_offsets(
    settings: KafkaSettings, partitions: Iterable[TopicPartition]
) -> Mapping[TopicPartition, int]:
    """The end of each partition, transactions still being committed included.

    Kafka answers a commit before its marks stand on every partition, so the end that a
    `read_committed` reader is told may lie before records whose commit was acknowledged.

    Raises:
        aiokafka.errors.KafkaError: the broker does not answer, or a topic does not exist.

    """
    async with _open_reader(settings, "read_uncommitted") as consumer:
        ends: Mapping[TopicPartition, int] = await consumer.end_offsets(list(partitions))
        return ends


async def begin_offsets(
    settings: KafkaSettings, partitions: Iterable[TopicPartition]
) -> Mapping[TopicPartition, int]:
    """The first offset that each partition still has.

    Raises:
        aiokafka.errors.KafkaError: the broker does not answer, or a topic does not exist.

    """
    async with _open_reader(settings, "read_committed") as consumer:
        begins: Mapping[TopicPartition, int] = await consumer.beginning_offsets(list(partitions))
        return begins


async def read_log(
    settings: KafkaSettings,
    partitions: Iterable[TopicPartition],
    starts: Mapping[TopicPartition, int] | None = None,
) -> AsyncIterator[Received]:
    """Every record that stands on partitions now; in order within a partition.

    Args:
        settings: where the broker is.
        partitions: which.
        starts: the first offset that is read of each; from the beginning without them.

    Raises:
        aiokafka.errors.KafkaError: the broker does not answer, or a topic does not exist.

    """
    ends = await end_offsets(settings, partitions)
    wanted = [one for one, end in ends.items() if (starts or {}).get(one, 0) < end]
    if not wanted:
        return
    async with _open_reader(settings, "read_committed") as consumer:
        consumer.assign(wanted)
        if starts is None:
            await consumer.seek_to_beginning(*wanted)
        else:
            for partition in wanted:
                consumer.seek(partition, starts[partition])
        waiting = set(wanted)
        while waiting := {one for one in waiting if await consumer.position(one) < ends[one]}:
            found = await consumer.getmany(timeout_ms=_POLL_MS, max_records=_FETCH_RECORDS)
            for partition, records in found.items():
                for record in records:
                    if record.offset < ends[partition]:
                        yield received(record)


@asynccontextmanager
async def _open_reader(settings: KafkaSettings, isolation: str) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        **connection_options(settings),
        client_id="tocsin-log",
        isolation_level=isolation,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()
