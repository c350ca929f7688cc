"""The one place where ingest is put together."""

import asyncio
from importlib.metadata import version
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry

from tocsin_ingest.domain.article import Defaults
from tocsin_ingest.domain.tokens import TokensFile
from tocsin_ingest.identifier import load_identifier
from tocsin_ingest.index import Index
from tocsin_ingest.publish import Publisher
from tocsin_ingest.push.access import SETTING, Access
from tocsin_ingest.push.articles_api import ArticlesApi
from tocsin_ingest.push.body import Intake
from tocsin_ingest.push.idempotency import AnsweredRequests
from tocsin_ingest.service import CONDITIONS, IngestService
from tocsin_ingest.settings import IngestSettings
from tocsin_ingest.sources.status import Statuses
from tocsin_runtime.configuration import read_configuration
from tocsin_runtime.health import Health
from tocsin_runtime.http import HttpServer, create_app
from tocsin_runtime.kafka import topic_name
from tocsin_runtime.metrics import IngestMetrics
from tocsin_runtime.process import Service
from tocsin_runtime.tracing import Tracing, open_tracing
from tocsin_schemas.topics import ARTICLES

if TYPE_CHECKING:  # readers of feeds and pages take 40 MB
    from tocsin_ingest.sources.work import SourcesWork


def create_service(settings: IngestSettings) -> Service:
    """Ingest, put together when it is run: the index and the port are taken only then."""

    async def run(stop: asyncio.Event) -> None:
        metrics = IngestMetrics(CollectorRegistry(), version("tocsin-ingest"))
        async with open_tracing(settings, metrics) as tracing:
            await _create(settings, metrics, tracing).run(stop)

    return run


def _create(settings: IngestSettings, metrics: IngestMetrics, tracing: Tracing) -> IngestService:
    health = Health(CONDITIONS)
    index = Index.open(settings.index_path)
    metrics.watch_disk(settings.ingest_data_dir)
    publisher = Publisher(topic_name(settings, ARTICLES), index, metrics, tracing)
    defaults = Defaults(
        publisher=settings.ingest_default_publisher,
        active_for_seconds=settings.ingest_active_for_seconds,
        archive_allowed=bool(settings.topic_prefix),
    )
    intake = Intake(load_identifier(), defaults)
    answered = AnsweredRequests(settings.answers_path)
    api = ArticlesApi(publisher, intake, _open_access(settings), answered, metrics)
    statuses = Statuses(metrics)
    app = create_app(metrics, health, [*api.routes(), *statuses.routes()])
    server = HttpServer(app, settings.http_host, settings.http_port)
    sources = _create_sources(settings, intake, publisher, statuses)
    return IngestService(settings, server, publisher, index, metrics, health, sources)


def _open_access(settings: IngestSettings) -> Access:
    if settings.ingest_tokens_file is None:
        return Access(None)
    return Access(read_configuration(settings.ingest_tokens_file, TokensFile, SETTING).tokens)


def _create_sources(
    settings: IngestSettings,
    intake: Intake,
    publisher: Publisher,
    statuses: Statuses,
) -> "SourcesWork | None":
    if settings.ingest_sources_file is None:
        return None
    # Readers of feeds and pages take memory, which an ingest that is only pushed to need not have.
    from tocsin_ingest.sources.bootstrap import create_sources

    return create_sources(
        settings.ingest_sources_file.absolute(),
        settings.ingest_data_dir,
        intake,
        publisher,
        statuses,
    )
