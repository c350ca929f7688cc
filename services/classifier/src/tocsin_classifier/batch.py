"""A batch of records of `articles`, and the records that come of it."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tocsin_classifier.classifier import Classifier
from tocsin_classifier.control import prove
from tocsin_classifier.cutoff import CutOff, CutOffError
from tocsin_classifier.domain.fingerprint import fingerprint
from tocsin_classifier.domain.spread import detections
from tocsin_runtime.dead_letter import FailureBudget, Headers, Received, dead_letter
from tocsin_runtime.decoding import UNDECODABLE, SetAside, Undecodable, decode
from tocsin_runtime.logs import get_logger
from tocsin_runtime.metrics import ClassifierMetrics
from tocsin_runtime.outgoing import Outgoing, check_size, to_dead_letters
from tocsin_runtime.tracing import OFF, Hop, Tracing
from tocsin_schemas.article import Article
from tocsin_schemas.detection import ArticleRevised, Detection, Probe, read_article_record
from tocsin_schemas.statement import Statement
from tocsin_schemas.topics import ARTICLES, ARTICLES_DEAD_LETTER, DETECTIONS
from tocsin_schemas.vocabulary import AlertType, Mode, RevisionKind

_log = get_logger(__name__)

SERVICE = "classifier"
FAILED = "failed"
TOO_SLOW = "too-slow"
_TURN_SECONDS = 0.005
"""After so long, what else runs in the process gets a turn: that costs as much as decoding."""

Prepare = Callable[[Sequence[Article]], Awaitable[None]]
"""What is done with a batch's articles at once, before they are classified one by one."""


@dataclass
class Outcome:
    """What came of a batch."""

    records: list[Outgoing] = field(default_factory=list)
    """For `detections`, in order."""
    letters: list[Outgoing] = field(default_factory=list)
    """Dead letters; sent last, when all else is stored."""
    detected: Counter[tuple[AlertType, str]] = field(default_factory=Counter)
    """How many detections, by type and language."""
    letter_reasons: Counter[str] = field(default_factory=Counter)
    """How many dead letters, by reason."""
    hops: list[Hop] = field(default_factory=list)
    """One an article; they end when all is stored."""


class BatchWork:
    """Turns batches of articles into detections; knows no broker."""

    def __init__(
        self,
        classify: Classifier,
        *,
        partitions: int,
        cut_off: CutOff,
        metrics: ClassifierMetrics,
        prepare: Prepare | None = None,
        tracing: Tracing = OFF,
    ) -> None:
        """Prepare.

        Args:
            classify: the pure function.
            partitions: how many partitions `detections` has.
            cut_off: limits the time for one article.
            metrics: where it is counted.
            prepare: is given the articles of each batch first; must not raise.
            tracing: begins a hop for each article.

        """
        self._classify = classify
        self._prepare = prepare
        self._partitions = partitions
        self._cut_off = cut_off
        self._metrics = metrics
        self._tracing = tracing
        self._budget = FailureBudget()

    async def run(self, records: Sequence[Received]) -> Outcome:
        """Work through a batch, giving the event loop a turn every few milliseconds.

        Raises:
            FailureBudgetError: our own code fails too often, or on the control articles too;
                nothing of the batch may be sent.
            CutOffError: the control articles take too long too; the same holds.

        """
        outcome = Outcome()
        if self._prepare is not None:
            await self._prepare(list(_articles(records)))
        turned = time.perf_counter()
        for record in records:
            self._take(record, outcome)
            if time.perf_counter() - turned > _TURN_SECONDS:
                await asyncio.sleep(0)
                turned = time.perf_counter()
        return outcome

    def _take(self, record: Received, outcome: Outcome) -> None:
        found = decode(record.value, read_article_record)
        match found:
            case SetAside(reason):
                self._metrics.records_skipped_total.labels(ARTICLES, reason).inc()
            case Undecodable(detail):
                self._bury(record, outcome, UNDECODABLE, detail)
            case Probe():
                self._metrics.probes_total.inc()
                outcome.records.append(_pass_on(found, record))
            case Article():
                self._take_article(found, record, outcome)

    def _take_article(self, article: Article, record: Received, outcome: Outcome) -> None:
        started = time.perf_counter()
        hop = self._tracing.receive("classify article", record)
        outcome.hops.append(hop)
        try:
            made = self._cut_off.run(lambda: self._detect(article))
            trace = hop.pass_on(record.headers)
            sent = [*_detection_records(made, article, trace), *self._revised(article, trace)]
            for one in sent:
                check_size(one)
        except CutOffError as error:
            hop.fail(TOO_SLOW)
            self._fail(record, article, outcome, (TOO_SLOW, str(error)))
        except Exception as error:  # noqa: BLE001 - one article must not stop the stream
            hop.fail(FAILED)
            self._fail(record, article, outcome, (FAILED, f"{type(error).__name__}: {error}"))
        else:
            self._budget.succeed()
            self._metrics.classify_seconds.observe(time.perf_counter() - started)
            self._metrics.articles_classified_total.labels(article.language).inc()
            outcome.records += sent
            outcome.detected.update((one.alert_type, one.language) for one in made)
            hop.note(
                article_id=str(article.article_id),
                revision=article.revision,
                language=article.language,
                detections=len(made),
            )

    def _detect(self, article: Article) -> list[Detection]:
        if article.revision_kind is RevisionKind.WITHDRAWN:
            return []
        kept = [one for one in self._classify(article) if self._passes(one, article)]
        if not kept:
            return []
        mark = fingerprint(article.text)
        return [made for one in kept for made in detections(one, article, mark)]

    def _passes(self, statement: Statement, article: Article) -> bool:
        confidence = statement.confidence
        if confidence.score < confidence.threshold:
            self._metrics.below_threshold_total.labels(statement.alert_type, article.language).inc()
            return False
        self._metrics.confidence.labels(statement.alert_type).observe(confidence.score)
        return True

    def _revised(self, article: Article, trace: Headers) -> Iterator[Outgoing]:
        if article.revision == 1:
            return
        told = ArticleRevised(
            article_id=article.article_id,
            revision=article.revision,
            revision_kind=article.revision_kind,
        )
        for partition in range(self._partitions):
            yield Outgoing(
                DETECTIONS,
                str(article.article_id).encode(),
                told.to_json(),
                trace,
                partition,
                _clock_ms(article),
            )

    def _fail(
        self, record: Received, article: Article, outcome: Outcome, why: tuple[str, str]
    ) -> None:
        reason, detail = why
        _log.error(
            "article failed", article_id=str(article.article_id), reason=reason, detail=detail,
            exc_info=reason == FAILED,
        )  # fmt: skip
        self._budget.fail(detail)
        self._cut_off.run(lambda: prove(self._classify, detail))
        self._bury(record, outcome, reason, detail)

    def _bury(self, record: Received, outcome: Outcome, reason: str, detail: str) -> None:
        letter = dead_letter(
            record, reason=reason, detail=detail, service=SERVICE, at=datetime.now(UTC)
        )
        outcome.letters.append(to_dead_letters(ARTICLES_DEAD_LETTER, letter))
        outcome.letter_reasons[reason] += 1


def _articles(records: Sequence[Received]) -> Iterator[Article]:
    for record in records:
        found = decode(record.value, read_article_record)
        if isinstance(found, Article):
            yield found


def _detection_records(
    made: list[Detection], article: Article, trace: Headers
) -> Iterator[Outgoing]:
    for one in made:
        yield Outgoing(
            DETECTIONS,
            one.scope.encode(),
            one.to_json(),
            trace,
            timestamp_ms=_clock_ms(article),
        )


def _pass_on(probe: Probe, record: Received) -> Outgoing:
    # It moves no clock of a replay: the broker stamps it where time is the broker's.
    trace = Hop().pass_on(record.headers)
    return Outgoing(
        DETECTIONS, record.key, probe.to_json(), trace, record.partition, timestamp_ms=1
    )


def _clock_ms(article: Article) -> int | None:
    """A replay runs on its articles' clock; the topic of live news takes the broker's anyway."""
    if article.mode is not Mode.ARCHIVE:
        return None
    at = article.dated_at or article.published_at or article.received_at
    return int(at.timestamp() * 1000)
