"""The HTTP interface: articles in, and taken back; errors are problem details (RFC 9457)."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tocsin_ingest.domain.refusal import Refusal
from tocsin_ingest.publish import Publisher, UnavailableError, UnknownArticleError, Withdrawal
from tocsin_ingest.push.access import Access, Caller, UnauthorizedError
from tocsin_ingest.push.answers import Answers, describe_outcome
from tocsin_ingest.push.body import BodyError, Intake
from tocsin_ingest.push.idempotency import Answer, AnsweredRequests, RepeatError, read_request
from tocsin_ingest.push.lines import LineStream
from tocsin_ingest.push.openapi import describe_api
from tocsin_runtime.metrics import IngestMetrics

MAX_BODY_BYTES = 16 * 1024 * 1024
"""Most bytes of one request that is no stream."""

RETRY_AFTER_SECONDS = 5

_JSON = ("application/json",)
_LINES = ("application/x-ndjson", "application/jsonl")


@dataclass(frozen=True, slots=True)
class ArticlesApi:
    """Handles `/v1/articles`."""

    publisher: Publisher
    intake: Intake
    access: Access
    answered: AnsweredRequests
    metrics: IngestMetrics

    def routes(self) -> list[Route]:
        """Where it is served."""
        return [
            Route("/v1/articles", self.post, methods=["POST"]),
            Route("/v1/articles/{article_id}", self.delete, methods=["DELETE"]),
            Route("/v1/openapi.json", _serve_description, methods=["GET"]),
        ]

    @property
    def _answers(self) -> Answers:
        return Answers(self.metrics)

    async def post(self, request: Request) -> Response:
        """Take one article, a list or JSON Lines; taken means that the broker has stored them."""
        try:
            caller = self.access.identify(request.headers.get("authorization"))
            media_type = _read_media_type(request)
            if media_type in _LINES:
                return self._post_lines(request, caller)
            body = await _read_body(request)
            return await self._post_once(request, caller, body)
        except UnauthorizedError as error:
            return self._refuse_caller(error)
        except BodyError as error:
            return self._answers.refuse(error.status, [error.refusal])
        except RepeatError as error:
            refusal = Refusal("idempotency-key", error.code, str(error))
            return self._answers.refuse(error.status, [refusal])
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)

    async def _post_once(self, request: Request, caller: Caller, body: bytes) -> Response:
        """Answer a request, or a repeated one under its key as the first time."""
        key = request.headers.get("idempotency-key")
        if key is None:
            return await self._post_body(request, caller, body)
        named = read_request(caller.name, key, body)
        if before := self.answered.begin(named, datetime.now(UTC)):
            return Response(before.content, before.status, media_type="application/json")
        try:
            response = await self._post_body(request, caller, body)
            if response.status_code == HTTPStatus.ACCEPTED:
                answer = Answer(response.status_code, bytes(response.body))
                self.answered.finish(named, answer, datetime.now(UTC))
        finally:
            self.answered.abandon(named)
        return response

    async def _post_body(self, request: Request, caller: Caller, body: bytes) -> Response:
        # Checking a thousand texts takes a second: the loop serves others meanwhile.
        taken = await asyncio.to_thread(self.intake.take_body, body, datetime.now(UTC))
        if (wait := await self.access.admit(caller, len(taken))) is not None:
            return self._refuse_rate(caller, len(taken), wait)
        for one in taken:
            self.metrics.articles_received_total.labels(one.kind).inc()
        refusals = [refusal for one in taken for refusal in one.refusals]
        if refusals:
            return self._answers.refuse(HTTPStatus.UNPROCESSABLE_ENTITY, refusals)
        articles = [one.article for one in taken if one.article is not None]
        try:
            outcomes = await self.publisher.submit(articles, _traceparent(request))
        except UnavailableError as error:
            return self._be_unavailable(error)
        told: list[dict[str, Any]] = [
            {**describe_outcome(outcome), "has_revisions": one.has_revisions}
            for one, outcome in zip(taken, outcomes, strict=True)
        ]
        return JSONResponse({"articles": told}, HTTPStatus.ACCEPTED)

    def _post_lines(self, request: Request, caller: Caller) -> Response:
        if request.headers.get("idempotency-key") is not None:
            reason = "a stream has no idempotency key; send a list, or give each article an id"
            raise RepeatError(400, "stream", reason)
        stream = LineStream(
            self.publisher, self.intake, self.access, caller, self._answers, self.metrics,
            _traceparent(request),
        )  # fmt: skip
        return _AnsweringResponse(stream.answer(_chunks(request)), media_type=_LINES[0])

    async def delete(self, request: Request) -> Response:
        """Take an article back; once more changes nothing."""
        given: str = request.path_params["article_id"]
        try:
            self.access.identify(request.headers.get("authorization"))
            article_id = UUID(given)
        except UnauthorizedError as error:
            return self._refuse_caller(error)
        except ValueError:
            reason = f"{given[:60]!r} is no UUID; give the article_id that POST answered"
            refusal = Refusal("article_id", "invalid", reason)
            return self._answers.refuse(HTTPStatus.UNPROCESSABLE_ENTITY, [refusal])
        withdrawal = Withdrawal(article_id, datetime.now(UTC))
        try:
            outcomes = await self.publisher.submit([withdrawal], _traceparent(request))
        except UnknownArticleError as error:
            refusal = Refusal("article_id", "unknown", str(error))
            return self._answers.refuse(HTTPStatus.NOT_FOUND, [refusal])
        except UnavailableError as error:
            return self._be_unavailable(error)
        return JSONResponse({"articles": [describe_outcome(outcome) for outcome in outcomes]})

    def _refuse_caller(self, error: UnauthorizedError) -> Response:
        refusal = Refusal("authorization", "unknown", str(error))
        return self._answers.refuse(HTTPStatus.UNAUTHORIZED, [refusal])

    def _refuse_rate(self, caller: Caller, articles: int, wait: float) -> Response:
        limit = caller.articles_per_minute or 0
        more = "; post fewer at once" if articles > limit else ""
        reason = f"{caller.name} may push {limit} articles a minute{more}"
        return self._answers.refuse(
            HTTPStatus.TOO_MANY_REQUESTS, [Refusal("rate", "exceeded", reason)], wait
        )

    def _be_unavailable(self, error: UnavailableError) -> Response:
        refusal = Refusal("broker", "unavailable", str(error))
        return self._answers.refuse(HTTPStatus.SERVICE_UNAVAILABLE, [refusal], RETRY_AFTER_SECONDS)


class _AnsweringResponse(StreamingResponse):
    """Answers while the request is still read; Starlette's own would read it for a disconnect."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        with suppress(ClientDisconnect):
            await self.stream_response(send)


async def _serve_description(_: Request) -> Response:
    return Response(json.dumps(describe_api()), media_type="application/json")


def _traceparent(request: Request) -> str | None:
    return request.headers.get("traceparent")


def _read_media_type(request: Request) -> str:
    given = request.headers.get("content-type", "")
    media_type, _, parameters = given.lower().partition(";")
    charset = parameters.replace('"', "").strip()
    if media_type.strip() not in (*_JSON, *_LINES) or charset not in ("", "charset=utf-8"):
        raise BodyError(
            415,
            "media_type",
            f"content-type is {given!r}; send application/json, or application/x-ndjson for a "
            "stream of lines",
        )
    encoding = request.headers.get("content-encoding", "identity")
    if encoding.lower() != "identity":
        raise BodyError(415, "encoding", f"content-encoding is {encoding!r}; send it plain")
    return media_type.strip()


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    async for chunk in request.stream():
        yield chunk


async def _read_body(request: Request) -> bytes:
    chunks = bytearray()
    async for chunk in request.stream():
        chunks += chunk
        if len(chunks) > MAX_BODY_BYTES:
            raise BodyError(
                413,
                "too_large",
                f"more than {MAX_BODY_BYTES} bytes; post fewer articles at once, or send JSON "
                "Lines (application/x-ndjson), which have no limit",
            )
    return bytes(chunks)
