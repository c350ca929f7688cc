"""The one place where the delivery is put together."""

import asyncio
import resource
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from prometheus_client import CollectorRegistry
from starlette.routing import BaseRoute, Route

from tocsin_notifier.delivery.domain.cap import CapProfile
from tocsin_notifier.delivery.domain.paths import Paths
from tocsin_notifier.delivery.domain.position import Layout
from tocsin_notifier.delivery.domain.recent import Recent
from tocsin_notifier.delivery.feeds.routes import feed_routes
from tocsin_notifier.delivery.follow import DeliveryLoop, Views
from tocsin_notifier.delivery.live.hub import Hub
from tocsin_notifier.delivery.live.page import page_routes
from tocsin_notifier.delivery.live.recent_alerts import recent_routes
from tocsin_notifier.delivery.live.replay import Replayer
from tocsin_notifier.delivery.live.sight import SightLoop
from tocsin_notifier.delivery.live.stream import StreamRoute
from tocsin_notifier.delivery.schema_routes import schema_routes
from tocsin_notifier.delivery.settings import DeliverSettings
from tocsin_notifier.delivery.state_routes import state_routes
from tocsin_notifier.delivery.subscriptions.file import AnySubscription
from tocsin_notifier.delivery.subscriptions.service import (
    SubscriptionService,
    create_sink,
    read_subscriptions,
    run_subscriptions,
)
from tocsin_notifier.delivery.subscriptions.sink import Sink
from tocsin_notifier.delivery.subscriptions.traced import TracedSink
from tocsin_notifier.domain.situation import Situation
from tocsin_runtime.connection import connection_options
from tocsin_runtime.health import Health
from tocsin_runtime.http import HttpServer, create_app
from tocsin_runtime.kafka import (
    REQUEST_TIMEOUT_MS,
    partition_counts,
    start_producer,
    wait_for_broker,
)
from tocsin_runtime.metrics import DeliverMetrics
from tocsin_runtime.process import Service, finish_within, unless_stopped, until_first
from tocsin_runtime.tracing import Tracing, open_tracing
from tocsin_schemas.topics import (
    ALERT_TOPICS,
    ARTICLES,
    DELIVERIES_DEAD_LETTER,
    HEARTBEAT,
    TOPICS,
)

STOP_SECONDS = 4.0
"""What takes longer is read again after the start."""

_OTHER_FILES = 500
"""Open files for all but listeners: Kafka, webhooks, pages."""


@dataclass
class Delivery:
    """The parts of a running delivery."""

    settings: DeliverSettings
    metrics: DeliverMetrics
    health: Health = field(default_factory=lambda: Health(("broker", "state", "subscriptions")))
    views: Views = field(default_factory=lambda: Views(Situation(), Recent(), Hub()))

    def __post_init__(self) -> None:
        self.replayer = Replayer(self.settings)

    def routes(self) -> tuple[BaseRoute, ...]:
        """Everything that is served beside metrics and health."""
        settings, views = self.settings, self.views
        stream = StreamRoute(views.hub, self.replayer, self.metrics, settings.stream_max_clients)
        profile = CapProfile(settings.cap_sender, settings.cap_status)
        return (
            *schema_routes(),
            *state_routes(views.situation, self.health),
            *recent_routes(views, self.health),
            *feed_routes(views.recent, self.health, profile, settings.public_url),
            Route("/v1/stream", stream),
            *page_routes(),
        )


def create_delivery(settings: DeliverSettings) -> Service:
    """The delivery as something that runs until it is told to stop."""

    async def serve(stop: asyncio.Event) -> None:
        secured = read_subscriptions(settings.subscriptions_file)
        subscriptions = [(one.subscription, create_sink(one)) for one in secured]
        _allow_connections(settings.stream_max_clients)
        metrics = DeliverMetrics(CollectorRegistry(), version("tocsin-notifier"))
        delivery = Delivery(settings, metrics)
        app = create_app(metrics, delivery.health, delivery.routes())
        http = HttpServer(app, settings.http_host, settings.http_port)
        await http.start()
        topics = [*ALERT_TOPICS.values(), HEARTBEAT, DELIVERIES_DEAD_LETTER]
        if await unless_stopped(stop, wait_for_broker(settings, topics)):
            delivery.health.satisfy("broker")
            async with open_tracing(settings, metrics) as tracing:
                await _deliver(delivery, subscriptions, tracing, stop)
        delivery.views.hub.close()
        await http.stop()

    return serve


def _allow_connections(count: int) -> None:
    """Each listener is an open file; many systems allow 1,024 unless more are asked for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + _OTHER_FILES
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


async def _deliver(
    delivery: Delivery,
    subscriptions: Sequence[tuple[AnySubscription, Sink]],
    tracing: Tracing,
    stop: asyncio.Event,
) -> None:
    settings, views = delivery.settings, delivery.views
    consumer = AIOKafkaConsumer(
        **connection_options(settings),
        client_id=settings.instance_id,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        request_timeout_ms=REQUEST_TIMEOUT_MS,
    )
    await consumer.start()
    layout = Layout(await partition_counts(settings, ALERT_TOPICS.values()))
    delivery.replayer.begin(layout)
    loop = DeliveryLoop(consumer, views, delivery.metrics, delivery.health)
    paths = Paths(TOPICS[ARTICLES].partitions, datetime.now(UTC))
    sight = SightLoop(settings, paths, views.hub, delivery.metrics)
    reading = asyncio.ensure_future(loop.run(layout, settings.topic_prefix, stop))
    looking = asyncio.ensure_future(sight.run(stop))
    producer = await start_producer(settings, f"{settings.instance_id}-letters")
    traced = [(one, TracedSink(sink, one.name, tracing)) for one, sink in subscriptions]
    telling = asyncio.ensure_future(_tell(delivery, traced, producer, stop))
    await until_first(stop, *map(asyncio.shield, (reading, looking, telling)))
    views.hub.close()
    await finish_within(STOP_SECONDS, reading, looking, telling, consumer.stop(), producer.stop())


async def _tell(
    delivery: Delivery,
    subscriptions: Sequence[tuple[AnySubscription, Sink]],
    producer: AIOKafkaProducer,
    stop: asyncio.Event,
) -> None:
    """Serve the subscriptions; a dead endpoint makes nothing unready, a missing group does."""
    services = [
        SubscriptionService(delivery.settings, subscription, sink, producer, delivery.metrics)
        for subscription, sink in subscriptions
    ]
    await run_subscriptions(services, stop, joined=lambda: delivery.health.satisfy("subscriptions"))
