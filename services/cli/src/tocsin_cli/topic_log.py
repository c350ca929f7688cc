"""Topics read from their beginning to their present end, record by record, committed ones only."""

from collections.abc import AsyncIterator, Iterable

from aiokafka import AIOKafkaConsumer, TopicPartition

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


async def read_log(
    settings: KafkaSettings, partitions: Iterable[TopicPartition]
) -> AsyncIterator[Received]:
    """Every record that stands on partitions now; in order within a partition.

    Raises:
        aiokafka.errors.KafkaError: the broker does not answer, or a topic does not exist.

    """
    wanted = list(partitions)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.kafka_bootstrap,
        client_id="tocsin-log",
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    try:
        await consumer.start()
        consumer.assign(wanted)
        ends = await consumer.end_offsets(wanted)
        await consumer.seek_to_beginning(*wanted)
        waiting = set(wanted)
        while waiting := {one for one in waiting if await consumer.position(one) < ends[one]}:
            found = await consumer.getmany(timeout_ms=_POLL_MS, max_records=_FETCH_RECORDS)
            for partition, records in found.items():
                for record in records:
                    if record.offset < ends[partition]:
                        yield received(record)
    finally:
        await consumer.stop()
