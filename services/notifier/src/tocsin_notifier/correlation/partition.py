"""One partition of `detections` in this process: its producer, its work, its offset."""

import asyncio
import time
from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer, TopicPartition

from tocsin_notifier.correlation.batch import Made, PartitionWork
from tocsin_notifier.domain.outcome import Siren
from tocsin_runtime.dead_letter import Received
from tocsin_runtime.hops import exemplar_of, observe_hop
from tocsin_runtime.kafka import group_name, start_producer
from tocsin_runtime.metrics import NotifierMetrics
from tocsin_runtime.outgoing import send_records
from tocsin_runtime.settings import ServiceSettings
from tocsin_schemas.alerts import AirRaidWarningAlert, NegotiationStanceAlert
from tocsin_schemas.detection import Detection
from tocsin_schemas.topics import DETECTIONS, DETECTIONS_DEAD_LETTER
from tocsin_schemas.vocabulary import Mode, Phase, Shift, Status

GROUP = "notifier"
TRANSACTION_TIMEOUT_MS = 10_000
"""A frozen owner holds back `read_committed` readers no longer than this."""


async def fence(settings: ServiceSettings, partition: TopicPartition) -> AIOKafkaProducer:
    """Start the producer of a partition: this ends the open transaction of an older owner.

    Raises:
        aiokafka.errors.KafkaError: the broker does not answer.

    """
    return await start_producer(
        settings,
        f"{settings.instance_id}-{partition.partition}",
        transactional_id=f"{group_name(settings, GROUP)}-{partition.topic}-{partition.partition}",
        transaction_timeout_ms=TRANSACTION_TIMEOUT_MS,
    )


async def stop_producers(producers: Collection[AIOKafkaProducer]) -> None:
    """Stop producers side by side."""
    await asyncio.gather(*(producer.stop() for producer in producers))


class OwnedPartition:
    """Commits batches: alerts, state, dead letters and the offset in one transaction."""

    def __init__(
        self,
        settings: ServiceSettings,
        partition: TopicPartition,
        producer: AIOKafkaProducer,
        work: PartitionWork,
        next_offset: int,
    ) -> None:
        self._settings = settings
        self._group = group_name(settings, GROUP)
        self.partition = partition
        self.producer = producer
        self.work = work
        self.next_offset = next_offset
        """The first offset that is not committed yet."""
        self.last_probe: datetime | None = None
        """When ingest sent the last probe that came through."""

    async def process(self, records: Sequence[Received], metrics: NotifierMetrics) -> None:
        """Work through records and commit what comes of them.

        Raises:
            Exception: whatever it is, nothing is committed and the process must end.

        """
        fresh = [record for record in records if record.offset >= self.next_offset]
        if not fresh:
            return
        made = await self.work.run(fresh)
        started = time.perf_counter()
        end = fresh[-1].offset + 1
        async with self.producer.transaction():
            await send_records(self.producer, self._settings, made.outgoing(datetime.now(UTC)))
            await self.producer.send_offsets_to_transaction({self.partition: end}, self._group)
        self.next_offset = end
        for probe in made.heartbeats:
            self.last_probe = max(self.last_probe or probe.sent_at, probe.sent_at)
        metrics.transaction_seconds.observe(time.perf_counter() - started)
        _count(made, fresh, metrics)


def _count(made: Made, records: Sequence[Received], metrics: NotifierMetrics) -> None:
    now = time.time()
    for alert, message, cause in made.alerts:
        metrics.alerts_total.labels(alert.alert_type, alert.status).inc()
        region = dict(message.headers).get("ce_region", b"").decode()
        metrics.alerts_by_region_total.labels(alert.alert_type, region).inc()
        metrics.alerts_by_language_total.labels(alert.alert_type, alert.sources[0].language).inc()
        publishers = alert.corroboration.publishers
        metrics.corroboration_publishers.labels(alert.alert_type).observe(publishers)
        if isinstance(alert, NegotiationStanceAlert):
            _count_shift(alert, metrics)
        if isinstance(alert, AirRaidWarningAlert):
            _count_alarm(alert, region, metrics)
        if cause is not None:
            _measure(cause, now, exemplar_of(message.headers), metrics)
    for siren in made.sirens:
        _count_siren(siren, metrics)
    for reason, number in made.dropped.items():
        metrics.detections_dropped_total.labels(reason).inc(number)
    for reason, number in made.skipped.items():
        metrics.records_skipped_total.labels(DETECTIONS, reason).inc(number)
    for reason, number in made.letter_reasons.items():
        metrics.dead_letters_total.labels(DETECTIONS_DEAD_LETTER, reason).inc(number)
    metrics.probes_total.inc(len(made.heartbeats))
    for hop in made.hops:
        hop.end()
    observe_hop(metrics, "correlate", records)


def _count_alarm(alert: AirRaidWarningAlert, region: str, metrics: NotifierMetrics) -> None:
    if alert.mode is Mode.LIVE and alert.status is Status.NEW and alert.phase is Phase.ACTIVE:
        metrics.news_alarms_total.labels(region).inc()


def _count_siren(siren: Siren, metrics: NotifierMetrics) -> None:
    if siren.lead_seconds is None:
        metrics.siren_alarms_total.labels(siren.scope).inc()
        return
    first = "news" if siren.lead_seconds > 0 else "siren"
    metrics.siren_lead_seconds.labels(siren.scope, first).observe(abs(siren.lead_seconds))


def _count_shift(alert: NegotiationStanceAlert, metrics: NotifierMetrics) -> None:
    if alert.status is Status.NEW and alert.shift is not Shift.NONE:
        metrics.stance_shifts_total.labels(alert.topic, alert.shift).inc()


def _measure(
    cause: Detection, now: float, exemplar: dict[str, str] | None, metrics: NotifierMetrics
) -> None:
    """How long it took from the article to its alert, which was committed now."""
    since_receipt = max(0.0, now - cause.received_at.timestamp())
    receipt = metrics.end_to_end_latency_seconds.labels(cause.alert_type)
    receipt.observe(since_receipt, exemplar)
    if cause.published_at is not None:
        since_publication = max(0.0, now - cause.published_at.timestamp())
        publication = metrics.publication_latency_seconds.labels(cause.alert_type)
        publication.observe(since_publication, exemplar)
