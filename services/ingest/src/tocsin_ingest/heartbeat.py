"""Sends a probe through every partition, so that silence can be told from an outage."""

import asyncio
from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer

from tocsin_runtime.kafka import send_all
from tocsin_runtime.metrics import IngestMetrics
from tocsin_schemas.detection import Probe


async def beat(
    producer: AIOKafkaProducer, topic: str, metrics: IngestMetrics, interval_seconds: float
) -> None:
    """Send probes for ever.

    Raises:
        aiokafka.errors.KafkaError: the broker did not store them.

    """
    paths = sorted(await producer.partitions_for(topic))
    while True:
        sent_at = datetime.now(UTC)
        await send_all(
            producer.send(topic, Probe(path=path, sent_at=sent_at).to_json(), partition=path)
            for path in paths
        )
        metrics.probes_total.inc(len(paths))
        metrics.heartbeat_timestamp_seconds.labels("ingest").set(sent_at.timestamp())
        await asyncio.sleep(interval_seconds)
