"""`tocsin ingest`: post articles to the ingest service in batches, and tell what became of each."""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx2
import stamina
from pydantic import BaseModel, ConfigDict, ValidationError

from tocsin_cli.articles import to_raw
from tocsin_cli.console import EXIT_FAILED, EXIT_OK, emit, say, send_logs_to_stderr
from tocsin_cli.documents import BadDocument, Document, read_documents
from tocsin_ingest.domain.article import RawArticle
from tocsin_runtime.errors import TocsinError

BATCH_ARTICLES = 100
BATCH_BYTES = 4 * 1024 * 1024
"""A batch is posted at the first of both; the API takes 1,000 articles and 16 MiB."""

_PATIENCE_SECONDS = 30.0
"""How long a service that is not there, or takes nothing now, is asked again."""

_MAX_RETRY_AFTER_SECONDS = 10.0
_MAX_RATE_WAIT_SECONDS = 60.0


class PostError(TocsinError):
    """The ingest service cannot be reached, or answers what nobody expects."""


class Accepted(BaseModel):
    """What the service says of an article that it took."""

    model_config = ConfigDict(frozen=True, extra="allow")

    input_id: str
    """The document's id."""
    article_id: str
    """What the article is called from here on."""
    revision: int
    """Which revision of it this is."""
    status: str
    """`published`, `unchanged` or `withdrawn`."""


Answer = Accepted | BadDocument
"""What became of a document: taken, or refused here or there."""

Posted = tuple[Document, RawArticle]
"""A document, and what is posted for it."""


def run_ingest(paths: Iterable[str], url: str, token: str | None = None, *, as_json: bool) -> int:
    """Post every document of the paths.

    Returns:
        0, or 1 when one was refused or the service cannot be reached.

    """
    send_logs_to_stderr()
    failed = False
    try:
        for answer in post_documents(paths, url, token):
            if isinstance(answer, BadDocument):
                say(f"error: {answer}")
                failed = True
            else:
                emit(json.dumps(answer.model_dump()) if as_json else _describe(answer))
    except PostError as error:
        say(f"error: {error}")
        return EXIT_FAILED
    return EXIT_FAILED if failed else EXIT_OK


def _describe(answer: Accepted) -> str:
    return f"{answer.status:9} {answer.article_id} revision {answer.revision} {answer.input_id}"


def post_documents(paths: Iterable[str], url: str, token: str | None = None) -> Iterator[Answer]:
    """Post every document of the paths in order, in batches; each is stored before the next.

    Yields:
        What became of each document; refused ones may come before others of their batch.

    Raises:
        PostError: the service cannot be reached, or its answer is not understood.

    """
    with open_client(url, token) as client:
        batch: list[Posted] = []
        size = 0
        for document in read_documents(paths):
            if isinstance(document, BadDocument):
                yield document
                continue
            raw = to_raw(document)
            if isinstance(raw, BadDocument):
                yield raw
                continue
            batch.append((document, raw))
            size += len(raw.model_dump_json())
            if len(batch) == BATCH_ARTICLES or size >= BATCH_BYTES:
                yield from post_batch(client, batch)
                batch, size = [], 0
        if batch:
            yield from post_batch(client, batch)


def open_client(url: str, token: str | None) -> httpx2.Client:
    """A client of an ingest service.

    Raises:
        PostError: it is no address of a service.

    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise PostError(f"{url!r} is no address of a service; write it like http://127.0.0.1:8080")
    headers = {"authorization": f"Bearer {token}"} if token else {}
    trust_env = not is_loopback(parts.hostname)
    return httpx2.Client(base_url=url, headers=headers, timeout=30, trust_env=trust_env)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: no proxy of the environment leads there."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def post_batch(client: httpx2.Client, batch: Sequence[Posted]) -> Iterator[Answer]:
    """Post a batch; the service takes none of it while one is bad, so the rest goes again.

    Raises:
        PostError: the service cannot be reached, or its answer is not understood.

    """
    while batch:
        response = _post(client, [raw for _, raw in batch])
        if response.status_code == httpx2.codes.ACCEPTED:
            yield from _read_accepted(client, batch, response)
            return
        if response.status_code == httpx2.codes.UNAUTHORIZED:
            raise PostError(
                f"{client.base_url} asks for a token that is good; set --token or "
                "TOCSIN_INGEST_TOKEN"
            )
        refused = _refusals(response)
        if not refused or not all(0 <= refusal.index < len(batch) for refusal in refused):
            raise PostError(_unexpected(client, response))
        for refusal in refused:
            yield BadDocument(batch[refusal.index][0].where, refusal.field, refusal.reason)
        bad = {refusal.index for refusal in refused}
        batch = [pair for index, pair in enumerate(batch) if index not in bad]


def _read_accepted(
    client: httpx2.Client, batch: Sequence[Posted], response: httpx2.Response
) -> Iterator[Accepted]:
    try:
        entries = response.json()["articles"]
        pairs = zip(batch, entries, strict=True)
        yield from [Accepted(input_id=posted[0].id, **entry) for posted, entry in pairs]
    except (ValueError, KeyError, TypeError) as error:
        raise PostError(_unexpected(client, response)) from error


def _unexpected(client: httpx2.Client, response: httpx2.Response) -> str:
    return (
        f"{client.base_url} answered {response.status_code}, which is no answer of ingest: "
        f"{response.text[:500]}; look at --url or TOCSIN_INGEST_URL"
    )


class _Refusal(BaseModel):
    index: int
    field: str
    reason: str


class _Problem(BaseModel):
    errors: list[_Refusal]


def _refusals(response: httpx2.Response) -> list[_Refusal]:
    """What the service refused, by article; empty when it refused the request as a whole."""
    try:
        return _Problem.model_validate_json(response.content).errors
    except ValidationError:
        return []


class _BusyError(Exception):
    """The service says that it cannot take articles now."""

    def __init__(self, response: httpx2.Response) -> None:
        super().__init__(f"answered {response.status_code}: {response.text[:300]}")
        self.retry_after_seconds = _read_retry_after(response, _MAX_RETRY_AFTER_SECONDS)


def _post(client: httpx2.Client, articles: list[RawArticle]) -> httpx2.Response:
    """Post articles; at the token's rate, however long that takes."""
    while True:
        response = _post_patiently(client, articles)
        if response.status_code != httpx2.codes.TOO_MANY_REQUESTS:
            return response
        wait = _read_retry_after(response, _MAX_RATE_WAIT_SECONDS)
        say(f"the token's rate is used up, going on in {wait:.0f} s")
        time.sleep(wait)


def _read_retry_after(response: httpx2.Response, most: float) -> float:
    given = response.headers.get("retry-after", "")
    return min(float(given), most) if given.isdecimal() else 1.0


def _post_patiently(client: httpx2.Client, articles: list[RawArticle]) -> httpx2.Response:
    body = [article.model_dump(mode="json", exclude_none=True) for article in articles]
    retries = stamina.retry_context(
        on=_wait_before_retry, attempts=None, timeout=_PATIENCE_SECONDS, wait_max=2.0
    )
    try:
        for attempt in retries:
            with attempt:
                if attempt.num == 2:
                    say(f"waiting for ingest at {client.base_url}")
                return _try_post(client, body)
    except (_BusyError, httpx2.TransportError) as error:
        raise PostError(
            f"{client.base_url} does not take articles: {error}; "
            "is ingest running? set --url or TOCSIN_INGEST_URL"
        ) from error
    raise AssertionError("unreachable: the last attempt returns or raises")


def _try_post(client: httpx2.Client, body: list[dict[str, object]]) -> httpx2.Response:
    response = client.post("/v1/articles", json=body)
    if response.status_code == httpx2.codes.SERVICE_UNAVAILABLE:
        raise _BusyError(response)
    return response


def _wait_before_retry(error: Exception) -> bool | timedelta:
    if isinstance(error, _BusyError):
        return timedelta(seconds=error.retry_after_seconds)
    return isinstance(error, httpx2.TransportError)
