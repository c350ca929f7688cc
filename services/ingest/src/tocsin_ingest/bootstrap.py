"""The one place where ingest is put together."""

import asyncio
from functools import partial
from importlib.metadata import version

from prometheus_client import CollectorRegistry

from tocsin_ingest.domain.article import Defaults
from tocsin_ingest.http_api import ArticlesApi
from tocsin_ingest.identifier import load_identifier
from tocsin_ingest.index import Index
from tocsin_ingest.intake import take_articles
from tocsin_ingest.publish import Publisher
from tocsin_ingest.service import CONDITIONS, IngestService
from tocsin_ingest.settings import IngestSettings
from tocsin_runtime.health import Health
from tocsin_runtime.http import HttpServer, create_app
from tocsin_runtime.kafka import topic_name
from tocsin_runtime.metrics import IngestMetrics
from tocsin_runtime.process import Service
from tocsin_schemas.topics import ARTICLES


def create_service(settings: IngestSettings) -> Service:
    """Ingest, put together when it is run: the index and the port are taken only then."""

    async def run(stop: asyncio.Event) -> None:
        await _create(settings).run(stop)

    return run


def _create(settings: IngestSettings) -> IngestService:
    metrics = IngestMetrics(CollectorRegistry(), version("tocsin-ingest"))
    health = Health(CONDITIONS)
    index = Index.open(settings.index_path)
    publisher = Publisher(topic_name(settings, ARTICLES), index, metrics)
    defaults = Defaults(
        publisher=settings.ingest_default_publisher,
        active_for_seconds=settings.ingest_active_for_seconds,
        archive_allowed=bool(settings.topic_prefix),
    )
    take = partial(take_articles, language_of=load_identifier(), defaults=defaults)
    api = ArticlesApi(publisher, take, metrics)
    app = create_app(metrics, health, api.routes())
    server = HttpServer(app, settings.http_host, settings.http_port)
    return IngestService(settings, server, publisher, index, metrics, health)
