"""Writing to topics and reading them as a subscriber does: committed records only."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import GroupCoordinatorNotAvailableError

from tocsin_runtime.dead_letter import Received
from tocsin_runtime.kafka import group_name, open_admin, producer_options, topic_name
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.article import Article

Record = Received
"""A record as it stands on a topic."""


async def publish(
    settings: KafkaSettings,
    topic: str,
    records: Iterable[tuple[bytes | None, bytes | None]],
    *,
    partition: int | None = None,
    headers: Iterable[tuple[str, bytes]] = (),
    timestamp_ms: int | None = None,
) -> None:
    """Write keys and values to a topic and wait until they are stored."""
    async with AIOKafkaProducer(**producer_options(settings, "tests")) as producer:
        name = topic_name(settings, topic)
        futures = [
            await producer.send(
                name, value, key=key, partition=partition, headers=list(headers),
                timestamp_ms=timestamp_ms,
            )
            for key, value in records
        ]  # fmt: skip
        await asyncio.gather(*futures)


async def publish_articles(settings: KafkaSettings, articles: Iterable[Article]) -> None:
    """Write articles as ingest does."""
    records = [(str(one.article_id).encode(), one.to_json()) for one in articles]
    await publish(settings, "articles", records)


async def read_topic(settings: KafkaSettings, topic: str) -> list[Received]:
    """Every committed record of a topic, from its beginning to its end as of now."""
    name = topic_name(settings, topic)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.kafka_bootstrap,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    # A commit is acknowledged before its marks stand everywhere: the end for `read_committed`
    # may lie before it, the end for everybody does not.
    reader = AIOKafkaConsumer(bootstrap_servers=settings.kafka_bootstrap)
    found: list[Received] = []
    async with consumer, reader, open_admin(settings) as admin:
        described = await admin.describe_topics([name])
        partitions = [TopicPartition(name, one["partition"]) for one in described[0]["partitions"]]
        consumer.assign(partitions)
        ends = await reader.end_offsets(partitions)
        await consumer.seek_to_beginning(*partitions)
        while any([await consumer.position(one) < ends[one] for one in partitions]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += [_received(record) for record in records]
    return sorted(found, key=lambda one: (one.timestamp_ms, one.partition, one.offset))


def _received(record: Any) -> Received:
    return Received(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        value=record.value,
        headers=tuple(record.headers),
        timestamp_ms=record.timestamp,
    )


async def wait_for_records(
    settings: KafkaSettings,
    topic: str,
    enough: Callable[[list[Received]], bool],
    seconds: float = 60,
) -> list[Received]:
    """Read a topic again and again until its records are enough; returns them."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while True:
        records = await read_topic(settings, topic)
        if enough(records):
            return records
        assert loop.time() < end, f"{topic}: not enough after {seconds:g} s: {len(records)} records"
        await asyncio.sleep(0.05)


async def lag(settings: KafkaSettings, topic: str, group: str) -> int:
    """Records of a topic that a group has not committed yet."""
    name = topic_name(settings, topic)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.kafka_bootstrap, isolation_level="read_committed"
    )
    async with consumer, open_admin(settings) as admin:
        described = await admin.describe_topics([name])
        partitions = [TopicPartition(name, one["partition"]) for one in described[0]["partitions"]]
        ends = await consumer.end_offsets(partitions)
        try:
            committed = await admin.list_consumer_group_offsets(
                group_name(settings, group), partitions=partitions
            )
        except GroupCoordinatorNotAvailableError:  # a broker that has just come up
            committed = {}
    offsets = {one: committed[one].offset if one in committed else 0 for one in partitions}
    return sum(ends[one] - max(0, offsets[one]) for one in partitions)


async def wait_until_processed(
    settings: KafkaSettings, topic: str, group: str, seconds: float = 60
) -> None:
    """Wait until a group has committed all that stands on a topic."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while behind := await lag(settings, topic, group):
        assert loop.time() < end, f"{group} is {behind} records behind on {topic}"
        await asyncio.sleep(0.05)
