"""The HTTP interface: articles in, and taken back; errors are problem details (RFC 9457)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tocsin_ingest.domain.article import RawArticle
from tocsin_ingest.domain.refusal import Refusal
from tocsin_ingest.intake import BodyError, Take, Taken
from tocsin_ingest.publish import (
    Outcome,
    Publisher,
    UnavailableError,
    UnknownArticleError,
    Withdrawal,
)
from tocsin_ingest.tracing import next_traceparent
from tocsin_runtime.logs import get_logger
from tocsin_runtime.metrics import IngestMetrics

_log = get_logger(__name__)

MAX_BODY_BYTES = 16 * 1024 * 1024
"""Most bytes of one request."""

RETRY_AFTER_SECONDS = 5

_KNOWN_FIELDS = frozenset(("article_id", "body", "broker", *RawArticle.model_fields))


@dataclass(frozen=True, slots=True)
class ArticlesApi:
    """Handles `/v1/articles`."""

    publisher: Publisher
    take: Take
    metrics: IngestMetrics

    def routes(self) -> list[Route]:
        """Where it is served."""
        return [
            Route("/v1/articles", self.post, methods=["POST"]),
            Route("/v1/articles/{article_id}", self.delete, methods=["DELETE"]),
        ]

    async def post(self, request: Request) -> Response:
        """Take one article or a list; 202 means that the broker has stored them."""
        try:
            _check_media_type(request)
            body = await _read_body(request)
            # Checking a thousand texts takes a second: the loop serves others meanwhile.
            taken = await asyncio.to_thread(self.take, body, datetime.now(UTC))
        except BodyError as error:
            return self._refuse(error.status, [error.refusal])
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        self._count(taken)
        if taken.refusals:
            return self._refuse(HTTPStatus.UNPROCESSABLE_ENTITY, taken.refusals)
        try:
            outcomes = await self.publisher.submit(taken.articles, _traceparent(request))
        except UnavailableError as error:
            return self._be_unavailable(error)
        told = [
            _describe(outcome, has_revisions=taken.has_revisions(position))
            for position, outcome in enumerate(outcomes)
        ]
        return JSONResponse({"articles": told}, HTTPStatus.ACCEPTED)

    async def delete(self, request: Request) -> Response:
        """Take an article back; once more changes nothing."""
        given: str = request.path_params["article_id"]
        try:
            article_id = UUID(given)
        except ValueError:
            reason = f"{given[:60]!r} is no UUID; give the article_id that POST answered"
            return self._refuse(
                HTTPStatus.UNPROCESSABLE_ENTITY, [Refusal("article_id", "invalid", reason)]
            )
        withdrawal = Withdrawal(article_id, datetime.now(UTC))
        try:
            outcomes = await self.publisher.submit([withdrawal], _traceparent(request))
        except UnknownArticleError as error:
            return self._refuse(
                HTTPStatus.NOT_FOUND, [Refusal("article_id", "unknown", str(error))]
            )
        except UnavailableError as error:
            return self._be_unavailable(error)
        return JSONResponse({"articles": [_describe(outcome) for outcome in outcomes]})

    def _count(self, taken: Taken) -> None:
        for raw in taken.raws:
            kind = raw.source.kind if raw.source else "api"
            self.metrics.articles_received_total.labels(kind).inc()
        if misshapen := taken.count - len(taken.raws):
            self.metrics.articles_received_total.labels("unknown").inc(misshapen)

    def _refuse(self, status: int, refusals: Sequence[Refusal]) -> Response:
        for refusal in refusals:
            field = refusal.field.split(".")[0]
            # Labels come from a closed set, whatever names a caller invents.
            label = field if field in _KNOWN_FIELDS else "other"
            self.metrics.articles_rejected_total.labels(label, refusal.code).inc()
        _log.info(
            "refused",
            status=status,
            errors=[f"{r.index}: {r.field}: {r.reason}" for r in refusals[:5]],
            count=len(refusals),
        )
        return _problem(status, refusals)

    def _be_unavailable(self, error: UnavailableError) -> Response:
        response = self._refuse(
            HTTPStatus.SERVICE_UNAVAILABLE, [Refusal("broker", "unavailable", str(error))]
        )
        response.headers["retry-after"] = str(RETRY_AFTER_SECONDS)
        return response


def _describe(outcome: Outcome, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON values
    return {
        "article_id": str(outcome.article_id),
        "revision": outcome.revision,
        "revision_kind": outcome.revision_kind,
        "status": outcome.status,
        "language": outcome.language,
        **more,
    }


def _problem(status: int, refusals: Sequence[Refusal]) -> Response:
    phrase = HTTPStatus(status).phrase
    errors = [{"index": r.index, "field": r.field, "reason": r.reason} for r in refusals]
    detail = "; ".join(f"{r.field}: {r.reason}" for r in refusals[:3])
    content = {
        "type": "about:blank",
        "title": phrase,
        "status": int(status),
        "detail": detail,
        "errors": errors,
    }
    return JSONResponse(content, status, media_type="application/problem+json")


def _traceparent(request: Request) -> str:
    return next_traceparent(request.headers.get("traceparent"))


def _check_media_type(request: Request) -> None:
    given = request.headers.get("content-type", "")
    media_type, _, parameters = given.lower().partition(";")
    charset = parameters.replace('"', "").strip()
    if media_type.strip() != "application/json" or charset not in ("", "charset=utf-8"):
        raise BodyError(415, "media_type", f"content-type is {given!r}; send application/json")
    encoding = request.headers.get("content-encoding", "identity")
    if encoding.lower() != "identity":
        raise BodyError(415, "encoding", f"content-encoding is {encoding!r}; send it plain")


async def _read_body(request: Request) -> bytes:
    chunks = bytearray()
    async for chunk in request.stream():
        chunks += chunk
        if len(chunks) > MAX_BODY_BYTES:
            raise BodyError(
                413, "too_large", f"more than {MAX_BODY_BYTES} bytes; post fewer articles at once"
            )
    return bytes(chunks)
