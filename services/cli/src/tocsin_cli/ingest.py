"""`tocsin ingest`: post articles to the ingest service in batches, and tell what became of each."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import httpx2
import stamina
from pydantic import BaseModel, ValidationError

from tocsin_cli.articles import to_raw
from tocsin_cli.console import EXIT_FAILED, EXIT_OK, emit, say
from tocsin_cli.documents import BadDocument, Document, read_documents
from tocsin_ingest.domain.article import RawArticle
from tocsin_runtime.errors import TocsinError

BATCH_ARTICLES = 100
BATCH_BYTES = 4 * 1024 * 1024
"""A batch is posted at the first of both; the API takes 1,000 articles and 16 MiB."""

_RETRY_SECONDS = 60.0


class PostError(TocsinError):
    """The ingest service cannot be reached, or answers what nobody expects."""


@dataclass
class Outcome:
    """What became of the documents."""

    lines: list[dict[str, object]] = field(default_factory=list)
    """One answer of the service for each accepted document, with `input_id`."""
    bad: list[BadDocument] = field(default_factory=list)
    """Documents that were refused, here or there."""


def run_ingest(paths: Iterable[str], url: str, *, as_json: bool) -> int:
    """Post every document of the paths.

    Returns:
        0, or 1 when one was refused or the service cannot be reached.

    """
    try:
        outcome = post_documents(paths, url)
    except PostError as error:
        say(f"error: {error}")
        return EXIT_FAILED
    for line in outcome.lines:
        emit(json.dumps(line) if as_json else _describe(line))
    for problem in outcome.bad:
        say(f"error: {problem}")
    return EXIT_FAILED if outcome.bad else EXIT_OK


def _describe(line: dict[str, object]) -> str:
    return f"{line['status']:9} {line['article_id']} revision {line['revision']} {line['input_id']}"


def post_documents(paths: Iterable[str], url: str) -> Outcome:
    """Post every document of the paths in order, in batches, with progress on a terminal.

    Raises:
        PostError: the service cannot be reached, or its answer is not understood.

    """
    outcome = Outcome()
    with httpx2.Client(base_url=url, timeout=30) as client:
        for batch in _batches(_good(read_documents(paths), outcome)):
            _post_batch(client, batch, outcome)
    return outcome


Pair = tuple[Document, RawArticle]


def _good(documents: Iterable[Document | BadDocument], outcome: Outcome) -> Iterator[Pair]:
    for document in documents:
        raw = document if isinstance(document, BadDocument) else to_raw(document)
        if isinstance(document, BadDocument):
            outcome.bad.append(document)
        elif isinstance(raw, BadDocument):
            outcome.bad.append(raw)
        else:
            yield document, raw


def _batches(pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
    from rich.console import Console
    from rich.progress import track

    batch: list[Pair] = []
    size = 0
    console = Console(stderr=True)
    hidden = not console.is_terminal
    for pair in track(pairs, "posting", console=console, disable=hidden, transient=True):
        batch.append(pair)
        size += len(pair[1].text.encode())
        if len(batch) == BATCH_ARTICLES or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _post_batch(client: httpx2.Client, batch: Sequence[Pair], outcome: Outcome) -> None:
    response = _post(client, [raw for _, raw in batch])
    if response.status_code == httpx2.codes.ACCEPTED:
        answers = response.json()["articles"]
        outcome.lines += [
            {"input_id": document.id, **answer}
            for (document, _), answer in zip(batch, answers, strict=True)
        ]
        return
    refusals = _refusals(response)
    if not refusals:
        raise PostError(f"{client.base_url} answered {response.status_code}: {response.text[:500]}")
    # Nothing of a batch with a bad article is taken: the good ones are posted again without it.
    outcome.bad += [
        BadDocument(batch[refusal.index][0].where, refusal.field, refusal.reason)
        for refusal in refusals
    ]
    bad = {refusal.index for refusal in refusals}
    rest = [pair for index, pair in enumerate(batch) if index not in bad]
    if rest:
        _post_batch(client, rest, outcome)


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


def _post(client: httpx2.Client, articles: list[RawArticle]) -> httpx2.Response:
    body = [article.model_dump(mode="json", exclude_none=True) for article in articles]
    try:
        return _try_post(client, body)
    except (_BusyError, httpx2.TransportError) as error:
        raise PostError(
            f"{client.base_url} does not take articles: {error}; "
            "is ingest running? set --url or TOCSIN_INGEST_URL"
        ) from error


@stamina.retry(on=(_BusyError, httpx2.TransportError), attempts=None, timeout=_RETRY_SECONDS)
def _try_post(client: httpx2.Client, body: list[dict[str, object]]) -> httpx2.Response:
    response = client.post("/v1/articles", json=body)
    if response.status_code == httpx2.codes.SERVICE_UNAVAILABLE:
        raise _BusyError(response.text[:500])
    return response
