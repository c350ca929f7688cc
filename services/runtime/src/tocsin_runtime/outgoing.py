"""Records on their way out: what is sent, and the proof that the broker has stored it."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from aiokafka import AIOKafkaProducer

from tocsin_runtime.dead_letter import DeadLetter, Headers
from tocsin_runtime.kafka import send_all, topic_name
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.topics import TOPICS

_BATCH_OVERHEAD_BYTES = 1024
"""What Kafka adds to one record in a batch of its own, and to spare."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record to be sent."""

    topic: str
    """Name without prefix."""
    key: bytes | None
    value: bytes | None
    """None is a tombstone."""
    headers: Headers = ()
    partition: int | None = None
    """None lets the key choose."""
    timestamp_ms: int | None = None
    """None lets the clock choose."""


def to_dead_letters(topic: str, letter: DeadLetter) -> Outgoing:
    """The record of a dead letter; `topic` is the dead-letter topic without prefix."""
    return Outgoing(topic, letter.key, letter.value, letter.headers)


def check_size(record: Outgoing) -> None:
    """Refuse a record that its topic would not take.

    Raises:
        ValueError: it is too large; sending it would fail again and again.

    """
    allowed = int(TOPICS[record.topic].config.get("max.message.bytes", 1_048_588))
    parts = [record.key or b"", record.value or b"", *(value for _, value in record.headers)]
    size = sum(map(len, parts)) + sum(len(name) for name, _ in record.headers)
    if size + _BATCH_OVERHEAD_BYTES > allowed:
        raise ValueError(f"record for {record.topic}: {size} bytes, at most {allowed} are allowed")


async def send_records(
    producer: AIOKafkaProducer, settings: KafkaSettings, records: Iterable[Outgoing]
) -> None:
    """Send records in their order and wait until the broker has stored every one.

    Raises:
        aiokafka.errors.KafkaError: one of them failed; none may then be taken as sent.

    """
    await send_all(_send(producer, settings, record) for record in records)


async def _send(
    producer: AIOKafkaProducer, settings: KafkaSettings, record: Outgoing
) -> asyncio.Future[object]:
    future: asyncio.Future[object] = await producer.send(
        topic_name(settings, record.topic),
        value=record.value,
        key=record.key,
        partition=record.partition,
        timestamp_ms=record.timestamp_ms,
        headers=list(record.headers),
    )
    return future
