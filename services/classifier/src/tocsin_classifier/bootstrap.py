"""The one place where the classifier is put together."""

import asyncio
import logging

from prometheus_client import CollectorRegistry

from tocsin_classifier.agent import GROUP, ArticleAgent
from tocsin_classifier.batch import BatchWork
from tocsin_classifier.classifier import Classifier
from tocsin_classifier.control import prove
from tocsin_classifier.cutoff import CutOff
from tocsin_classifier.domain.classify import classify as classify_by_rules
from tocsin_classifier.domain.version import VERSION
from tocsin_classifier.garbage import spare_what_is_loaded
from tocsin_classifier.second_opinion import SecondOpinion
from tocsin_classifier.settings import ClassifierSettings
from tocsin_runtime.health import Health
from tocsin_runtime.http import HttpServer, create_app
from tocsin_runtime.kafka import group_name, partition_counts, start_producer, wait_for_broker
from tocsin_runtime.lag import LagMonitor
from tocsin_runtime.logs import get_logger
from tocsin_runtime.metrics import ClassifierMetrics
from tocsin_runtime.process import Service, finish_within, unless_stopped, until_first
from tocsin_runtime.tracing import Tracing, open_tracing
from tocsin_schemas.topics import ARTICLES, ARTICLES_DEAD_LETTER, DETECTIONS

_log = get_logger(__name__)

STOP_SECONDS = 4.0
"""A batch that takes longer is left unacknowledged and read again."""


def create_service(
    settings: ClassifierSettings, classify: Classifier = classify_by_rules
) -> Service:
    """The classifier as something that runs until it is told to stop.

    Args:
        settings: what the environment says.
        classify: the pure function around which everything is built.

    """
    for library in ("faust", "mode"):
        logging.getLogger(library).setLevel(logging.WARNING)

    async def serve(stop: asyncio.Event) -> None:
        metrics = ClassifierMetrics(CollectorRegistry(), VERSION)
        health = Health(("broker", "group"))
        http = HttpServer(create_app(metrics, health), settings.http_host, settings.http_port)
        await http.start()
        prove(classify, "none was read yet")  # loads all data before the first article
        spare_what_is_loaded()
        needed = (ARTICLES, DETECTIONS, ARTICLES_DEAD_LETTER)
        if await unless_stopped(stop, wait_for_broker(settings, needed)):
            health.satisfy("broker")
            async with open_tracing(settings, metrics) as tracing:
                await _work(settings, classify, (metrics, health, tracing), stop)
        await http.stop()

    return serve


async def _work(
    settings: ClassifierSettings,
    classify: Classifier,
    watched: tuple[ClassifierMetrics, Health, Tracing],
    stop: asyncio.Event,
) -> None:
    metrics, health, tracing = watched
    counts = await partition_counts(settings, [DETECTIONS])
    producer = await start_producer(settings, settings.instance_id)
    cut_off = CutOff(settings.classify_seconds)
    asks = bool(settings.classifier_second_opinion_url)
    second = SecondOpinion(classify, settings, metrics) if asks else None
    work = BatchWork(
        second or classify,
        partitions=counts[DETECTIONS],
        cut_off=cut_off,
        metrics=metrics,
        prepare=second.prepare if second else None,
        tracing=tracing,
    )
    agent = ArticleAgent(settings, work, producer, metrics, health)
    monitor = LagMonitor(settings, group_name(settings, GROUP), agent.assigned, metrics, health)
    await agent.start()
    _log.info("reading", topic=ARTICLES)
    await until_first(stop, agent.wait_until_stopped(), monitor.run())
    await finish_within(STOP_SECONDS, agent.stop(), producer.stop())
    if second:
        await second.close()
