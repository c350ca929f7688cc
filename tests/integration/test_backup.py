"""Topics go to files and come back: keys, headers, times, partitions, and the groups' places."""

import asyncio
import dataclasses
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from typer.testing import CliRunner, Result

from support.broker import fresh_topics
from support.topics import read_topic
from tocsin_cli.backup import take_backup
from tocsin_cli.backup_files import Backup
from tocsin_cli.main import app
from tocsin_cli.restore import restore_backup
from tocsin_localkafka import LocalKafka
from tocsin_runtime.connection import connection_options
from tocsin_runtime.dead_letter import Received
from tocsin_runtime.kafka import group_name, open_admin, topic_name
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.topics import ARTICLES, DETECTIONS, NOTIFIER_STATE

TOPICS = (ARTICLES, DETECTIONS, NOTIFIER_STATE)
JUNK = b"\x00\xff\xfe no record"
HOUR_MS = 3_600_000
BASE_MS = round(time.time() * 1000) - 100 * HOUR_MS
"""Of records; older ones than the topics' retention would be deleted at once."""


@pytest.fixture
def other(broker: LocalKafka) -> Iterator[KafkaSettings]:
    """Topics to restore to, empty."""
    with fresh_topics(broker.bootstrap) as settings:
        yield settings


async def fill(settings: KafkaSettings, count: int, first: int = 0) -> None:
    """Records of all kinds, in known partitions, of the last days; an aborted one among them."""
    options = connection_options(settings)
    async with AIOKafkaProducer(**options, transactional_id=f"{settings.topic_prefix}x") as sender:
        async with sender.transaction():
            for number in range(first, first + count):
                for topic in TOPICS:
                    await sender.send(
                        topic_name(settings, topic),
                        value=JUNK if number % 3 else f"text {number} ї".encode(),
                        key=f"key {number}".encode(),
                        partition=number % 2,
                        headers=[("traceparent", b"00-ab"), ("raw", b"\xff")],
                        timestamp_ms=BASE_MS + number * HOUR_MS,
                    )
            await sender.send(topic_name(settings, NOTIFIER_STATE), key=b"gone", partition=5)
        await sender.begin_transaction()
        await sender.send(topic_name(settings, ARTICLES), value=b"never happened", partition=0)
        await sender.abort_transaction()


async def commit(settings: KafkaSettings, group: str, topic: str, offsets: dict[int, int]) -> None:
    name = topic_name(settings, topic)
    consumer = AIOKafkaConsumer(
        **connection_options(settings),
        group_id=group_name(settings, group),
        enable_auto_commit=False,
    )
    async with consumer:
        places = {TopicPartition(name, number): place for number, place in offsets.items()}
        consumer.assign(list(places))
        await consumer.commit(places)


async def committed(settings: KafkaSettings, group: str, topic: str) -> dict[int, int]:
    async with open_admin(settings) as admin:
        found = await admin.list_consumer_group_offsets(group_name(settings, group))
    name = topic_name(settings, topic)
    return {one.partition: place.offset for one, place in found.items() if one.topic == name}


def content(settings: KafkaSettings, topic: str) -> list[Received]:
    """All but the offsets, which have no gaps after a restore, and the prefix."""
    records = asyncio.run(read_topic(settings, topic))
    found = [dataclasses.replace(one, topic=topic, offset=0) for one in records]
    return sorted(found, key=lambda one: (one.partition, one.timestamp_ms, one.key or b""))


def run(kafka: KafkaSettings, *arguments: str) -> Result:
    environment = {
        "TOCSIN_KAFKA_BOOTSTRAP": kafka.kafka_bootstrap,
        "TOCSIN_TOPIC_PREFIX": kafka.topic_prefix,
    }
    return CliRunner().invoke(app, arguments, env=environment)


def test_a_backup_comes_back_as_it_was(
    kafka: KafkaSettings, other: KafkaSettings, tmp_path: Path
) -> None:
    """All of a record but its offset; LogAppendTime is back afterwards, groups go on where due."""
    asyncio.run(fill(kafka, 8))
    asyncio.run(commit(kafka, "classifier", ARTICLES, {0: 3}))
    assert run(kafka, "backup", str(tmp_path)).exit_code == 0
    done = run(other, "restore", str(tmp_path))
    assert done.exit_code == 0, done.output
    for topic in TOPICS:
        assert content(other, topic) == content(kafka, topic)
        assert len(content(other, topic)) == 8 + (topic == NOTIFIER_STATE)
    assert asyncio.run(committed(other, "classifier", ARTICLES)) == {0: 3}
    asyncio.run(fill(other, 1, first=50))
    late = [one for one in asyncio.run(read_topic(other, DETECTIONS)) if one.key == b"key 50"]
    assert late[0].timestamp_ms > BASE_MS + 99 * HOUR_MS, "the broker's clock again"


def test_a_second_run_takes_only_what_is_new(
    kafka: KafkaSettings, other: KafkaSettings, tmp_path: Path
) -> None:
    """It goes on where the first ended; the compacted topic alone is copied anew."""
    asyncio.run(fill(kafka, 6))
    assert asyncio.run(take_backup(kafka, tmp_path, TOPICS, segment_bytes=300)) == 19
    segments = len(Backup.open(tmp_path).segments)
    assert segments > len(TOPICS) * 2, "segments are cut by size"
    asyncio.run(fill(kafka, 2, first=6))
    assert asyncio.run(take_backup(kafka, tmp_path, TOPICS)) == 2 + 2 + 10
    asyncio.run(restore_backup(other, Backup.open(tmp_path), TOPICS))
    for topic in TOPICS:
        assert content(other, topic) == content(kafka, topic)


def test_a_topic_that_is_not_empty_is_left_alone(kafka: KafkaSettings, tmp_path: Path) -> None:
    """Unless asked: --append writes behind what is there."""
    asyncio.run(fill(kafka, 2))
    topic = ("--topic", ARTICLES)
    assert run(kafka, "backup", str(tmp_path), *topic).exit_code == 0
    refused = run(kafka, "restore", str(tmp_path), *topic)
    assert refused.exit_code == 1
    assert "is not empty" in refused.output
    assert len(content(kafka, ARTICLES)) == 2
    assert run(kafka, "restore", str(tmp_path), *topic, "--append").exit_code == 0
    assert len(content(kafka, ARTICLES)) == 4


def test_an_interrupted_restore_goes_on(
    kafka: KafkaSettings, other: KafkaSettings, tmp_path: Path
) -> None:
    """--resume adds what is missing, once, and refuses a topic that somebody else wrote to."""
    asyncio.run(fill(kafka, 8))
    topic = ("--topic", ARTICLES)
    assert run(kafka, "backup", str(tmp_path), *topic).exit_code == 0
    whole = content(kafka, ARTICLES)

    async def send_first() -> None:
        async with AIOKafkaProducer(**connection_options(other)) as producer:
            for one in [one for one in whole if one.partition == 0][:2]:
                await producer.send_and_wait(
                    topic_name(other, ARTICLES), one.value, key=one.key, partition=0,
                    headers=list(one.headers), timestamp_ms=one.timestamp_ms,
                )  # fmt: skip

    asyncio.run(send_first())
    done = run(other, "restore", str(tmp_path), *topic, "--resume")
    assert done.exit_code == 0, done.output
    assert content(other, ARTICLES) == whole
    asyncio.run(fill(other, 1))
    foreign = run(other, "restore", str(tmp_path), *topic, "--resume")
    assert foreign.exit_code == 1
    assert "something else has written there" in foreign.output


def test_a_damaged_backup_restores_nothing(
    kafka: KafkaSettings, other: KafkaSettings, tmp_path: Path
) -> None:
    """All checksums are looked at before the first record is sent."""
    asyncio.run(fill(kafka, 4))
    assert run(kafka, "backup", str(tmp_path)).exit_code == 0
    last = Backup.open(tmp_path).segments[-1].path(tmp_path)
    last.write_bytes(last.read_bytes()[:-1])
    for option in ([], ["--check"]):
        done = run(other, "restore", str(tmp_path), *option)
        assert done.exit_code == 1
        assert "is damaged" in done.output
    assert content(other, ARTICLES) == []


def test_a_folder_of_another_log_is_refused(
    kafka: KafkaSettings, other: KafkaSettings, tmp_path: Path
) -> None:
    """Two logs never end up in one backup."""
    asyncio.run(fill(kafka, 4))
    assert run(kafka, "backup", str(tmp_path)).exit_code == 0
    done = run(other, "backup", str(tmp_path))
    assert done.exit_code == 1
    assert "another log" in done.output
