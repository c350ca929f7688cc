"""Sends a probe through every partition, so that silence can be told from an outage."""

import asyncio
from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer

from tocsin_runtime.kafka import send_all
from tocsin_runtime.metrics import IngestMetrics
from tocsin_schemas.detection import Probe

_SEND_SECONDS = 10


async def beat(
    producer: AIOKafkaProducer, topic: str, metrics: IngestMetrics, interval_seconds: float
) -> None:
    """Send probes for ever.

    Raises:
        aiokafka.errors.KafkaError, TimeoutError: the broker did not store them.

    """
    paths = sorted(await producer.partitions_for(topic))
    while True:
        sent_at = datetime.now(UTC)
        # An idempotent producer tries for ever: without a limit an outage would stay unnoticed.
        async with asyncio.timeout(_SEND_SECONDS):
            await send_all(
                producer.send(topic, Probe(path=path, sent_at=sent_at).to_json(), partition=path)
                for path in paths
            )
        metrics.probes_total.inc(len(paths))
        metrics.heartbeat_timestamp_seconds.labels("ingest").set(sent_at.timestamp())
        await asyncio.sleep(interval_seconds)
