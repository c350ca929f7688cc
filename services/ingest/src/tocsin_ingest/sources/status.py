"""How each source fares, for `GET /v1/sources` and the metrics."""

from collections.abc import Collection
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tocsin_ingest.domain.source import Source
from tocsin_runtime.metrics import IngestMetrics


class SourceStatus(BaseModel):
    """How one source fares."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: str
    """Its name."""
    type: str
    """`feed`, `folder` or `alerts-in-ua`."""
    succeeded_at: datetime | None = None
    """When it was read the last time; null when never since the start."""
    failures: int = 0
    """Failures in a row."""
    error: str | None = None
    """Why the last one failed."""
    next_at: datetime | None = None
    """When it is asked again; null before the first time, and when it is gone for good."""
    items: int = 0
    """What it held the last time."""
    published: int = 0
    """Articles, new or edited, since ingest started."""
    moved_to: str | None = None
    """Its new address, when it moved for good: put it into the file."""


class Statuses:
    """The status of every source of the file."""

    def __init__(self, metrics: IngestMetrics) -> None:
        self.metrics = metrics
        self._by_id: dict[str, SourceStatus] = {}

    def keep_only(self, sources: Collection[Source]) -> None:
        """Take up new sources, and forget those that stand no longer in the file."""
        ids = {source.id for source in sources}
        for gone in self._by_id.keys() - ids:
            del self._by_id[gone]
            self.metrics.source_up.remove(gone)
        for source in sources:
            if source.id not in self._by_id:
                self._by_id[source.id] = SourceStatus(id=source.id, type=source.type)

    def succeed(self, source: str, now: datetime, *, items: int, published: int) -> None:
        """A source was read."""
        status = self._by_id[source]
        status.succeeded_at, status.failures, status.error = now, 0, None
        status.items = items
        status.published += published
        self.metrics.source_up.labels(source).set(1)
        self.metrics.source_success_timestamp_seconds.labels(source).set(now.timestamp())
        self.metrics.source_polls_total.labels(source, "read").inc()

    def fail(self, source: str, reason: str, message: str) -> int:
        """A source could not be read; returns how many times in a row."""
        status = self._by_id[source]
        status.failures += 1
        status.error = message
        self.metrics.source_up.labels(source).set(0)
        self.metrics.source_polls_total.labels(source, reason).inc()
        return status.failures

    def plan(self, source: str, next_at: datetime | None) -> None:
        """When it is asked again; null for never."""
        self._by_id[source].next_at = next_at

    def move(self, source: str, url: str) -> None:
        """It says that its address is another one from now on."""
        self._by_id[source].moved_to = url

    def routes(self) -> list[Route]:
        """Where it is served."""

        async def serve(_: Request) -> Response:
            told = [status.model_dump(mode="json") for status in self._by_id.values()]
            return JSONResponse({"sources": told})

        return [Route("/v1/sources", serve, methods=["GET"])]
