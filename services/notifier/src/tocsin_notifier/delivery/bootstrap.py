"""The one place where the delivery is put together."""

import asyncio
from importlib.metadata import version

from aiokafka import AIOKafkaConsumer, TopicPartition
from prometheus_client import CollectorRegistry

from tocsin_notifier.delivery.follow import DeliveryLoop
from tocsin_notifier.delivery.schema_routes import schema_routes
from tocsin_notifier.delivery.state_routes import state_routes
from tocsin_notifier.domain.situation import Situation
from tocsin_notifier.settings import DeliverSettings
from tocsin_runtime.health import Health
from tocsin_runtime.http import HttpServer, create_app
from tocsin_runtime.kafka import REQUEST_TIMEOUT_MS, partition_counts, topic_name, wait_for_broker
from tocsin_runtime.metrics import DeliverMetrics
from tocsin_runtime.process import Service, finish_within, unless_stopped, until_first
from tocsin_schemas.topics import ALERT_TOPICS

STOP_SECONDS = 4.0
"""What takes longer is read again after the start."""


def create_delivery(settings: DeliverSettings) -> Service:
    """The delivery as something that runs until it is told to stop."""

    async def serve(stop: asyncio.Event) -> None:
        metrics = DeliverMetrics(CollectorRegistry(), version("tocsin-notifier"))
        health, situation = Health(("broker", "state")), Situation()
        routes = (*schema_routes(), *state_routes(situation, health))
        app = create_app(metrics, health, routes)
        http = HttpServer(app, settings.http_host, settings.http_port)
        await http.start()
        if await unless_stopped(stop, wait_for_broker(settings, ALERT_TOPICS.values())):
            health.satisfy("broker")
            await _deliver(settings, situation, metrics, health, stop)
        await http.stop()

    return serve


async def _deliver(
    settings: DeliverSettings,
    situation: Situation,
    metrics: DeliverMetrics,
    health: Health,
    stop: asyncio.Event,
) -> None:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.kafka_bootstrap,
        client_id=settings.instance_id,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        request_timeout_ms=REQUEST_TIMEOUT_MS,
    )
    await consumer.start()
    counts = await partition_counts(settings, ALERT_TOPICS.values())
    partitions = [
        TopicPartition(topic_name(settings, topic), number)
        for topic, count in counts.items()
        for number in range(count)
    ]
    loop = DeliveryLoop(consumer, situation, metrics, health)
    working = asyncio.ensure_future(loop.run(partitions, stop))
    await until_first(stop, asyncio.shield(working))
    await finish_within(STOP_SECONDS, working, consumer.stop())
