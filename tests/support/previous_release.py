"""The records that the release before left on its topics, and its schemas."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer
from jsonschema import Draft202012Validator

from tocsin_runtime.kafka import producer_options, topic_name
from tocsin_runtime.settings import KafkaSettings

FOLDER = Path(__file__).parents[1] / "data" / "previous_release"


@dataclass(frozen=True)
class Left:
    """A record as it stood on a topic."""

    topic: str
    partition: int
    timestamp_ms: int
    key: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    value: bytes | None

    @property
    def content(self) -> dict[str, Any]:
        """The value as JSON; empty for a tombstone."""
        found: dict[str, Any] = json.loads(self.value or b"{}")
        return found


def left_on(topic: str) -> list[Left]:
    """What stood on a topic, in the order of partition and offset."""
    lines = (FOLDER / f"{topic}.jsonl").read_text("utf-8").splitlines()
    return [_read(topic, json.loads(line)) for line in lines]


def _read(topic: str, line: dict[str, Any]) -> Left:
    key, value = (None if line[one] is None else line[one].encode() for one in ("key", "value"))
    headers = tuple((name, text.encode()) for name, text in line["headers"])
    return Left(topic, line["partition"], line["timestamp_ms"], key, headers, value)


async def bring_back(
    settings: KafkaSettings, records: Sequence[Left], *, own_time: bool = False
) -> None:
    """Write records to the partitions where they stood, in their order.

    Args:
        settings: where.
        records: of any topics.
        own_time: with the timestamps that they had; else the topic's retention may take them.

    """
    async with AIOKafkaProducer(**producer_options(settings, "tests")) as producer:
        futures = [
            await producer.send(
                topic_name(settings, one.topic), one.value, key=one.key,
                partition=one.partition, headers=list(one.headers),
                timestamp_ms=one.timestamp_ms if own_time else None,
            )
            for one in records
        ]  # fmt: skip
        await asyncio.gather(*futures)


def faults(schema: str, value: bytes | None) -> list[str]:
    """What a reader of the release before would stumble over in a record of today."""
    path = FOLDER / "schemas" / f"{schema}.schema.json"
    validator = Draft202012Validator(json.loads(path.read_text("utf-8")))
    return [f"{one.json_path}: {one.message[:200]}" for one in validator.iter_errors(
        json.loads(value or b"{}"))]  # fmt: skip
