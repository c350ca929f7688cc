"""The one place where the correlation is put together."""

import asyncio
from importlib.metadata import version

from aiokafka import AIOKafkaConsumer
from prometheus_client import CollectorRegistry

from tocsin_notifier.correlation.batch import Correlate, PartitionWork
from tocsin_notifier.correlation.consume import CorrelationLoop
from tocsin_notifier.correlation.control import control_detection
from tocsin_notifier.correlation.partition import GROUP
from tocsin_notifier.correlation.restore import Restored
from tocsin_notifier.correlation.settings import CorrelateSettings
from tocsin_notifier.correlation.tick import Ticker
from tocsin_notifier.domain.correlate import correlate as correlate_by_rules
from tocsin_notifier.domain.outcome import DropReason
from tocsin_runtime.dead_letter import FailureBudget
from tocsin_runtime.errors import StartError
from tocsin_runtime.health import Health
from tocsin_runtime.http import HttpServer, create_app
from tocsin_runtime.kafka import (
    consumer_options,
    group_name,
    partition_counts,
    start_producer,
    topic_name,
    wait_for_broker,
)
from tocsin_runtime.lag import LagMonitor
from tocsin_runtime.metrics import NotifierMetrics
from tocsin_runtime.process import Service, finish_within, unless_stopped, until_first
from tocsin_runtime.tracing import Tracing, open_tracing
from tocsin_schemas.topics import (
    ALERT_TOPICS,
    DETECTIONS,
    DETECTIONS_DEAD_LETTER,
    HEARTBEAT,
    NOTIFIER_STATE,
)

STOP_SECONDS = 4.0
"""What takes longer is left uncommitted and read again."""


def create_correlation(
    settings: CorrelateSettings, correlate: Correlate = correlate_by_rules
) -> Service:
    """The correlation as something that runs until it is told to stop.

    Args:
        settings: what the environment says.
        correlate: the pure function around which everything is built.

    """

    async def serve(stop: asyncio.Event) -> None:
        metrics = NotifierMetrics(CollectorRegistry(), version("tocsin-notifier"))
        for reason in DropReason:
            metrics.detections_dropped_total.labels(reason)
        health = Health(("broker", "group", "state"))
        http = HttpServer(create_app(metrics, health), settings.http_host, settings.http_port)
        await http.start()
        needed = (DETECTIONS, NOTIFIER_STATE, DETECTIONS_DEAD_LETTER, HEARTBEAT)
        topics = (*needed, *ALERT_TOPICS.values())
        if await unless_stopped(stop, wait_for_broker(settings, topics)):
            await _check_partitions(settings)
            health.satisfy("broker")
            async with open_tracing(settings, metrics) as tracing:
                await _correlate(settings, correlate, (metrics, health, tracing), stop)
        await http.stop()

    return serve


async def _check_partitions(settings: CorrelateSettings) -> None:
    counts = await partition_counts(settings, (DETECTIONS, NOTIFIER_STATE))
    if counts[DETECTIONS] != counts[NOTIFIER_STATE]:
        raise StartError(
            f"{topic_name(settings, DETECTIONS)} has {counts[DETECTIONS]} partitions, "
            f"{topic_name(settings, NOTIFIER_STATE)} has {counts[NOTIFIER_STATE]}: the state of a "
            "partition would be lost; restore the topics or use another TOCSIN_TOPIC_PREFIX"
        )


async def _correlate(
    settings: CorrelateSettings,
    correlate: Correlate,
    watched: tuple[NotifierMetrics, Health, Tracing],
    stop: asyncio.Event,
) -> None:
    metrics, health, tracing = watched
    budget, control = FailureBudget(), control_detection()

    def create_work(partition: int, restored: Restored) -> PartitionWork:
        return PartitionWork(partition, restored, correlate, budget, control, tracing)

    group = group_name(settings, GROUP)
    consumer = AIOKafkaConsumer(**consumer_options(settings, group))
    producer = await start_producer(settings, f"{settings.instance_id}-ticks")
    await consumer.start()
    ticker = None if settings.archive else Ticker(producer)
    loop = CorrelationLoop(settings, consumer, ticker, create_work, metrics, health)
    monitor = LagMonitor(settings, group, loop.assigned, metrics, health)
    working = asyncio.ensure_future(loop.run(stop))
    await until_first(stop, asyncio.shield(working), monitor.run())
    await finish_within(STOP_SECONDS, working, consumer.stop(), producer.stop())
