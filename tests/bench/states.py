"""State logs of many live events for the measurements of restoring and of recovery."""

import asyncio
import os
import random
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from aiokafka import AIOKafkaProducer
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from factories import make_claim, make_place, make_warning
from tocsin_notifier.correlation.clock import CLOCK_KEY, Clock
from tocsin_notifier.domain.correlate import correlate
from tocsin_notifier.domain.corroboration import shorten
from tocsin_notifier.domain.keys import EVENT_PREFIX
from tocsin_notifier.domain.records import EventRecord
from tocsin_notifier.domain.state import State
from tocsin_runtime.kafka import open_admin, producer_options, topic_name
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.topics import NOTIFIER_STATE, TOPICS
from tocsin_schemas.vocabulary import Level

Pair = tuple[bytes, bytes]

MODELS = 100
"""Events of a partition that differ in more than ids and fingerprints."""

_WORDS = (
    "the a of in on at over since drones troops village road night region officials said say says"
    " river border school roof morning reported heard seen north south east west two three many"
    " homes windows sirens shelter people fields forest bridge station market council mayor river"
)


@dataclass(frozen=True)
class _Model:
    """The records of one event; others are made of it by other ids and another fingerprint."""

    pairs: tuple[Pair, ...]
    marks: tuple[bytes, ...]
    """Event, article and fingerprint as they stand in the records."""

    def copy(self) -> list[Pair]:
        """The records of an event of its own."""
        raw = os.urandom(128)
        marks = (str(uuid4()).encode(), str(uuid4()).encode(), b64encode(raw))
        return [
            (self._renamed(key, marks), self._renamed(value, marks)) for key, value in self.pairs
        ]

    def _renamed(self, text: bytes, marks: tuple[bytes, ...]) -> bytes:
        for former, mark in zip(self.marks, marks, strict=True):
            text = text.replace(former, mark)
        return text


def _model(number: int, now: datetime) -> _Model:
    place = make_place(
        name=f"Village {number}",
        canonical_name=f"Village {number}",
        level=Level.VILLAGE,
        parents=("Sumy Raion", "Sumy Oblast"),
    )
    make = make_warning if number % 2 else make_claim
    fingerprint = b64encode(os.urandom(512)).decode()
    # As long as a sentence of the news, and unlike any other.
    quote = " ".join(random.choices(_WORDS.split(), k=18))
    detection = make(place, name=number, at=now, fingerprint=fingerprint, quote=quote)
    changes = correlate(State(), detection, now).changes
    records = [record for _, record in changes if record is not None]
    event = next(one for one in records if isinstance(one, EventRecord))
    marks = (str(event.event_id), str(detection.article_id), shorten(fingerprint))
    return _Model(
        tuple((one.key().encode(), one.to_json()) for one in records),
        tuple(mark.encode() for mark in marks),
    )


def state_log(events: int, updates: int) -> Iterator[Pair]:
    """The records of one partition with so many live events.

    Every event was told by an article and has been updated until its record stands there
    `updates` times, nothing compacted.
    """
    now = datetime.now(UTC)
    yield CLOCK_KEY, Clock(now=now).to_json()
    models = [_model(number, now) for number in range(MODELS)]
    for number in range(events):
        pairs = models[number % MODELS].copy()
        yield from pairs
        for _ in range(updates - 1):
            yield from (pair for pair in pairs if pair[0].startswith(EVENT_PREFIX.encode()))


async def write_state(settings: KafkaSettings, events: int, updates: int) -> int:
    """Write a state log evenly into all partitions; gives the number of records.

    The broker is told not to compact it.
    """
    partitions = TOPICS[NOTIFIER_STATE].partitions
    topic = topic_name(settings, NOTIFIER_STATE)
    async with open_admin(settings) as admin:
        lasting = {"cleanup.policy": "delete", "retention.ms": "-1"}
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, lasting)])
    count = 0
    async with AIOKafkaProducer(**producer_options(settings, "bench")) as producer:
        for partition in range(partitions):
            stored = [
                await producer.send(topic, value, key=key, partition=partition)
                for key, value in state_log(events // partitions, updates)
            ]
            await asyncio.gather(*stored)
            count += len(stored)
    return count
