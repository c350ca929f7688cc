"""Follows `tocsin.heartbeat` and tells every listener whether the pipeline is blind."""

import asyncio
import json
from dataclasses import asdict
from datetime import UTC, datetime

from aiokafka import AIOKafkaConsumer, TopicPartition
from pydantic import ValidationError

from tocsin_notifier.delivery.domain.paths import Paths, Sight
from tocsin_notifier.delivery.live.hub import Hub
from tocsin_runtime.connection import connection_options
from tocsin_runtime.kafka import REQUEST_TIMEOUT_MS, topic_name
from tocsin_runtime.metrics import DeliverMetrics
from tocsin_runtime.settings import ServiceSettings
from tocsin_schemas.detection import Heartbeat
from tocsin_schemas.topics import HEARTBEAT, TOPICS

PULSE_SECONDS = 5.0
"""How often listeners are told how it stands, at the least."""

_LOOK_MS = 500


class SightLoop:
    """Reads the probes that came through, and beats on the hub."""

    def __init__(
        self, settings: ServiceSettings, paths: Paths, hub: Hub, metrics: DeliverMetrics
    ) -> None:
        self._settings = settings
        self._paths = paths
        self._hub = hub
        self._metrics = metrics

    async def run(self, stop: asyncio.Event) -> None:
        """Read from the beginning (the topic is compacted) and on until told to stop."""
        name = topic_name(self._settings, HEARTBEAT)
        partitions = [TopicPartition(name, one) for one in range(TOPICS[HEARTBEAT].partitions)]
        consumer = AIOKafkaConsumer(
            **connection_options(self._settings),
            client_id=f"{self._settings.instance_id}-sight",
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            request_timeout_ms=REQUEST_TIMEOUT_MS,
        )
        await consumer.start()
        try:
            consumer.assign(partitions)
            await consumer.seek_to_beginning(*partitions)
            for partition, end in (await consumer.end_offsets(partitions)).items():
                while await consumer.position(partition) < end and not stop.is_set():
                    await self._read(consumer)
            await self._follow(consumer, stop)
        finally:
            await consumer.stop()

    async def _follow(self, consumer: AIOKafkaConsumer, stop: asyncio.Event) -> None:
        told: Sight | None = None
        while not stop.is_set():
            await self._read(consumer)
            sight = self._paths.look(datetime.now(UTC))
            self._metrics.heartbeat_timestamp_seconds.labels("deliver").set(
                sight.seen_at.timestamp()
            )
            if told is None or _must_tell(told, sight):
                self._hub.beat(pulse_of(sight))
                told = sight

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        for records in (await consumer.getmany(timeout_ms=_LOOK_MS)).values():
            for record in records:
                self._take(record.topic, record.value)

    def _take(self, topic: str, value: bytes | None) -> None:
        if value is None:
            return
        try:
            self._paths.take(Heartbeat.read(value))
        except ValidationError:
            self._metrics.records_skipped_total.labels(topic, "undecodable").inc()


def pulse_of(sight: Sight) -> bytes:
    """What listeners are told, as JSON in one line; the ages do not trust the listener's clock."""
    told: dict[str, object] = {
        name: value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
        for name, value in asdict(sight).items()
    }
    told["seen_seconds_ago"] = round((sight.as_of - sight.seen_at).total_seconds(), 1)
    return json.dumps(told).encode()


def _must_tell(told: Sight, sight: Sight) -> bool:
    turned = (told.blind_since is None) != (sight.blind_since is None)
    return turned or (sight.as_of - told.as_of).total_seconds() >= PULSE_SECONDS
