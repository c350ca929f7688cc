"""The only producer of `articles`: one writer decides revisions, sends, notes what is stored."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from tocsin_ingest.domain.revision import Known, decide_revision, follow, withdraw
from tocsin_ingest.index import Index, Stored
from tocsin_runtime.hops import trace_exemplar
from tocsin_runtime.logs import get_logger
from tocsin_runtime.metrics import IngestMetrics
from tocsin_runtime.tracing import Hop, Tracing
from tocsin_schemas.article import Article
from tocsin_schemas.vocabulary import RevisionKind

_log = get_logger(__name__)

_MAX_ROUND = 1000
"""Articles that the writer takes at once."""

_SEND_SECONDS = 15
"""After this it is not known whether a round was stored; an idempotent producer tries for ever."""


class UnavailableError(Exception):
    """Nothing can be published now, or it is not known whether it was; post again."""


class UnknownArticleError(Exception):
    """There is no article with that id."""


class Status(StrEnum):
    """What became of an article that was handed over."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The wish to take an article back."""

    article_id: UUID
    received_at: datetime


Change = Article | Withdrawal


@dataclass(frozen=True, slots=True)
class Outcome:
    """The latest revision after a change, and what the change did."""

    article_id: UUID
    revision: int
    revision_kind: RevisionKind
    status: Status
    language: str


@dataclass(frozen=True, slots=True)
class _Submission:
    changes: Sequence[Change]
    traceparent: str | None
    outcomes: "asyncio.Future[list[Outcome]]"

    def fail(self, error: Exception) -> None:
        if not self.outcomes.done():
            self.outcomes.set_exception(error)


class Publisher:
    """Takes changes from many callers and publishes them one after the other."""

    def __init__(self, topic: str, index: Index, metrics: IngestMetrics, tracing: Tracing) -> None:
        self._topic = topic
        self._index = index
        self._metrics = metrics
        self._tracing = tracing
        self._queue: asyncio.Queue[_Submission | None] = asyncio.Queue()
        self._closed_because: str | None = "starting"

    async def submit(
        self, changes: Sequence[Change], traceparent: str | None = None
    ) -> list[Outcome]:
        """Publish changes and wait until the broker has stored them.

        Args:
            changes: all of them are stored, or none is certain to be.
            traceparent: W3C trace context of the caller, with which all go on; without one each
                article begins a trace of its own.

        Raises:
            UnavailableError: the broker is not reachable, or the service starts or stops.
            UnknownArticleError: a withdrawal names an article that is not known.

        """
        if self._closed_because is not None:
            raise UnavailableError(self._closed_because)
        submission = _Submission(changes, traceparent, asyncio.get_running_loop().create_future())
        self._queue.put_nowait(submission)
        return await submission.outcomes

    def knows(self, article_id: UUID) -> bool:
        """Whether an article stands on the topic."""
        return self._index.knows(article_id)

    async def write(self, producer: AIOKafkaProducer) -> None:
        """Publish what is submitted until `finish` was called.

        Raises:
            aiokafka.errors.KafkaError, OSError: the broker did not store something; the index
                may be behind the topic, catch up before the next call.

        """
        self._closed_because = None
        while first := await self._queue.get():
            taken, ended = self._take_more(first)
            try:
                await self._publish(producer, taken)
            except BaseException as error:
                for submission in taken:
                    submission.fail(UnavailableError(f"not stored for sure: {error!r}"))
                raise
            if ended:
                return

    def finish(self) -> None:
        """Take no more; `write` returns once everything submitted is stored."""
        self._closed_because = "stopping"
        self._queue.put_nowait(None)

    def suspend(self, reason: str) -> None:
        """Refuse what waits and what comes, until `write` is called again."""
        self._closed_because = reason
        while not self._queue.empty():
            if waiting := self._queue.get_nowait():
                waiting.fail(UnavailableError(reason))

    def _take_more(self, first: _Submission) -> tuple[list[_Submission], bool]:
        taken = [first]
        with suppress(asyncio.QueueEmpty):
            while sum(len(submission.changes) for submission in taken) < _MAX_ROUND:
                submission = self._queue.get_nowait()
                if submission is None:
                    return taken, True
                taken.append(submission)
        return taken, False

    async def _publish(self, producer: AIOKafkaProducer, taken: Sequence[_Submission]) -> None:
        plan = _Plan(self._index, self._topic, self._tracing)
        for submission in taken:
            plan.add(submission)
        async with asyncio.timeout(_SEND_SECONDS):
            stored = await self._send(producer, plan.revisions)
        self._index.store(stored)
        self._metrics.index_articles.set(len(self._index))
        self._metrics.articles_unchanged_total.inc(plan.unchanged)
        for entry, (_, hop) in zip(stored, plan.revisions, strict=True):
            self._tell(entry, hop)
        plan.answer()

    async def _send(
        self, producer: AIOKafkaProducer, revisions: Sequence[tuple[Article, Hop]]
    ) -> list[Stored]:
        futures = [
            await producer.send(
                self._topic,
                key=str(article.article_id).encode(),
                value=article.to_json(),
                headers=list(hop.pass_on(())),
            )
            for article, hop in revisions
        ]
        # Every future is looked at: one failure must not leave others unretrieved.
        results = await asyncio.gather(*futures, return_exceptions=True)
        stored = []
        for (article, _), result in zip(revisions, results, strict=True):
            if isinstance(result, BaseException):
                raise result
            stored.append(Stored(article, result.partition, result.offset))
        return stored

    def _tell(self, stored: Stored, hop: Hop) -> None:
        article = stored.article
        self._metrics.articles_published_total.labels(article.language, article.revision_kind).inc()
        age = datetime.now(UTC) - article.received_at
        latency = self._metrics.hop_latency_seconds.labels("ingest")
        latency.observe(age.total_seconds(), trace_exemplar(hop.traceparent or ""))
        hop.note(
            article_id=str(article.article_id),
            revision=article.revision,
            language=article.language,
            source=article.source.id,
        )
        hop.end()
        _log.info(
            "article published",
            article_id=str(article.article_id),
            revision=article.revision,
            revision_kind=article.revision_kind,
            language=article.language,
            source=article.source.id,
            mode=article.mode,
            partition=stored.partition,
            offset=stored.offset,
        )


class _Plan:
    """Which revisions a round publishes, and what its callers are told afterwards."""

    def __init__(self, index: Index, topic: str, tracing: Tracing) -> None:
        self.revisions: list[tuple[Article, Hop]] = []
        self.unchanged = 0
        self._topic = topic
        self._tracing = tracing
        self._index = index
        self._ahead: dict[UUID, Known] = {}
        self._answers: list[tuple[_Submission, list[Outcome]]] = []

    def add(self, submission: _Submission) -> None:
        try:
            outcomes = [self._apply(c, submission.traceparent) for c in submission.changes]
        except UnknownArticleError as error:
            # Only a withdrawal raises it, and it is alone in its submission.
            submission.fail(error)
            return
        self._answers.append((submission, outcomes))

    def answer(self) -> None:
        for submission, outcomes in self._answers:
            if not submission.outcomes.done():
                submission.outcomes.set_result(outcomes)

    def _apply(self, change: Change, traceparent: str | None) -> Outcome:
        article_id = change.article_id
        known = self._ahead.get(article_id) or self._index.find(article_id)
        if isinstance(change, Article):
            revision = decide_revision(change, known)
        elif known is None:
            raise UnknownArticleError(f"no article {article_id}")
        else:
            revision = withdraw(known, change.received_at)
        if revision is not None:
            hop = self._tracing.enter(
                "ingest article", traceparent, topic=self._topic, since=change.received_at
            )
            self.revisions.append((revision, hop))
            known = follow(known, revision)
            self._ahead[article_id] = known
        elif isinstance(change, Article):
            self.unchanged += 1
        assert known is not None
        return _describe(known, revision)


def _describe(known: Known, revision: Article | None) -> Outcome:
    status = Status.PUBLISHED if revision is not None else Status.UNCHANGED
    return Outcome(
        article_id=known.content.article_id,
        revision=known.revision,
        revision_kind=(RevisionKind.WITHDRAWN if known.withdrawn else known.content.revision_kind),
        status=Status.WITHDRAWN if known.withdrawn else status,
        language=known.content.language,
    )


STORE_ERRORS = (KafkaError, OSError)
"""What `Publisher.write` and the heartbeat raise when the broker is not reachable."""
