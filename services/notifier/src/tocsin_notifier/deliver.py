"""Delivery: reads the typed alert topics like any subscriber and counts what it reads."""

import asyncio
from typing import Any

from aiokafka import AIOKafkaConsumer
from pydantic import ValidationError

from tocsin_runtime.logs import get_logger
from tocsin_runtime.metrics import DeliverMetrics
from tocsin_schemas.envelope import decode_alert

_log = get_logger(__name__)

POLL_MS = 200


class DeliveryLoop:
    """Follows the alert topics from their end."""

    def __init__(self, consumer: AIOKafkaConsumer, metrics: DeliverMetrics) -> None:
        self._consumer = consumer
        self._metrics = metrics

    async def run(self, stop: asyncio.Event) -> None:
        """Read until told to stop."""
        while not stop.is_set():
            found = await self._consumer.getmany(timeout_ms=POLL_MS)
            for records in found.values():
                for record in records:
                    self._take(record)

    def _take(self, record: Any) -> None:  # noqa: ANN401 - aiokafka's ConsumerRecord is untyped
        try:
            alert = decode_alert(record.value or b"")
        except ValidationError as error:
            self._metrics.records_skipped_total.labels(record.topic, "undecodable").inc()
            _log.error(
                "no alert of ours", topic=record.topic, partition=record.partition,
                offset=record.offset, detail=str(error.errors(include_url=False)[0]["msg"]),
            )  # fmt: skip
            return
        self._metrics.alerts_read_total.labels(alert.alert_type, alert.status).inc()
        _log.info(
            "alert", alert_id=str(alert.alert_id), event_id=str(alert.event_id),
            alert_type=alert.alert_type, status=alert.status, headline=alert.headline,
        )  # fmt: skip
