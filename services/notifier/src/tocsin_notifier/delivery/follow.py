"""Delivery: reads the typed alert topics like any subscriber and knows what is on now."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from pydantic import ValidationError

from tocsin_notifier.delivery.domain.position import Layout, Partition
from tocsin_notifier.delivery.domain.recent import Recent
from tocsin_notifier.delivery.live.hub import Hub
from tocsin_notifier.domain.situation import Situation
from tocsin_notifier.domain.windows import WINDOWS
from tocsin_runtime.health import Health
from tocsin_runtime.logs import get_logger
from tocsin_runtime.metrics import DeliverMetrics
from tocsin_schemas.envelope import decode_alert
from tocsin_schemas.vocabulary import AlertType

_log = get_logger(__name__)

POLL_MS = 200
POLL_RECORDS = 100
"""Far fewer than a listener may be behind: a burst must not cut off those who read on."""

LONGEST = max(WINDOWS.of(alert_type) for alert_type in AlertType) + timedelta(days=1)
"""No alert that was sent longer ago can still count: it expires with its window."""


@dataclass(frozen=True, slots=True)
class Views:
    """Who is told of every alert that is read."""

    situation: Situation
    recent: Recent
    hub: Hub


class DeliveryLoop:
    """Follows the alert topics; what still counts now is read first, from before the start."""

    def __init__(
        self,
        consumer: AIOKafkaConsumer,
        views: Views,
        metrics: DeliverMetrics,
        health: Health,
    ) -> None:
        self._consumer = consumer
        self._views = views
        self._metrics = metrics
        self._health = health
        self._layout = Layout({})
        self._partitions: Mapping[TopicPartition, Partition] = {}

    async def run(self, layout: Layout, prefix: str, stop: asyncio.Event) -> None:
        """Catch up with all partitions of the alert topics, then read on until told to stop.

        Args:
            layout: what is read.
            prefix: what stands before the names of topics at the broker.
            stop: set when the service is to end.

        """
        self._layout = layout
        self._partitions = {
            TopicPartition(prefix + topic, number): (topic, number)
            for topic, number in layout.partitions()
        }
        await self._catch_up(stop)
        while not stop.is_set():
            found = await self._consumer.getmany(timeout_ms=POLL_MS, max_records=POLL_RECORDS)
            for records in found.values():
                for record in records:
                    self._take(record)
            # What is fetched already comes without waiting: listeners get their turn all the same.
            await asyncio.sleep(0)
            self._look(datetime.now(UTC))

    async def _catch_up(self, stop: asyncio.Event) -> None:
        partitions = self._partitions
        self._consumer.assign(list(partitions))
        ends = await self._consumer.end_offsets(partitions)
        since = int((datetime.now(UTC) - LONGEST).timestamp() * 1000)
        starts = await self._consumer.offsets_for_times(dict.fromkeys(partitions, since))
        begins: dict[Partition, int] = {}
        for partition, name in partitions.items():
            start = starts.get(partition)
            begins[name] = start.offset if start else ends[partition]
            self._consumer.seek(partition, begins[name])
        self._views.hub.begin(self._layout, begins)
        waiting = set(partitions)
        while waiting and not stop.is_set():
            found = await self._consumer.getmany(timeout_ms=POLL_MS)
            for partition, records in found.items():
                for record in records:
                    # What was there before the start was told of then, by whoever ran.
                    self._take(record, known=record.offset < ends[partition])
            behind = [one for one in waiting if await self._consumer.position(one) < ends[one]]
            waiting = set(behind)
        self._look(datetime.now(UTC))
        if not stop.is_set():
            self._health.satisfy("state")
            self._views.hub.open()
            _log.info("caught up", events=len(self._views.situation))

    def _look(self, now: datetime) -> None:
        situation = self._views.situation
        situation.forget_expired(now)
        self._metrics.tell_situation(situation.alarms(now), situation.standing())

    def _take(self, record: Any, *, known: bool = False) -> None:  # noqa: ANN401 - aiokafka's ConsumerRecord is untyped
        partition = self._partitions[TopicPartition(record.topic, record.partition)]
        try:
            alert = decode_alert(record.value or b"")
        except ValidationError as error:
            self._views.hub.skip(partition, record.offset)
            self._metrics.records_skipped_total.labels(record.topic, "undecodable").inc()
            _log.error(
                "no alert of ours", topic=record.topic, partition=record.partition,
                offset=record.offset, detail=str(error.errors(include_url=False)[0]["msg"]),
            )  # fmt: skip
            return
        self._views.situation.take(alert, datetime.now(UTC))
        self._views.recent.take(alert)
        self._views.hub.take(partition, record.offset, alert)
        if known:
            return
        self._metrics.alerts_read_total.labels(alert.alert_type, alert.status).inc()
        _log.info(
            "alert", alert_id=str(alert.alert_id), event_id=str(alert.event_id),
            alert_type=alert.alert_type, status=alert.status, headline=alert.headline,
        )  # fmt: skip
