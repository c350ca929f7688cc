"""The right answer, from the logs and the pure functions alone."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tocsin_classifier.domain.classify import classify
from tocsin_classifier.domain.fingerprint import fingerprint
from tocsin_classifier.domain.spread import detections
from tocsin_notifier.domain.correlate import correlate, due
from tocsin_notifier.domain.outcome import DraftAlert, Outcome
from tocsin_notifier.domain.state import State
from tocsin_runtime.dead_letter import Received
from tocsin_runtime.decoding import SetAside, Undecodable, decode
from tocsin_schemas.article import Article
from tocsin_schemas.detection import (
    ArticleRevised,
    Detection,
    Probe,
    Tick,
    read_article_record,
    read_detection_record,
)
from tocsin_schemas.vocabulary import RevisionKind

_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class ReadArticles:
    """What stands on `articles`."""

    articles: list[Article] = field(default_factory=list)
    probes: list[tuple[int, Probe]] = field(default_factory=list)
    """Each with its partition."""
    undecodable: list[Received] = field(default_factory=list)


def read_articles(records: Iterable[Received]) -> ReadArticles:
    """Take the records of `articles` apart."""
    read = ReadArticles()
    for record in records:
        match decode(record.value, read_article_record):
            case Article() as article:
                read.articles.append(article)
            case Probe() as probe:
                read.probes.append((record.partition, probe))
            case Undecodable():
                read.undecodable.append(record)
    return read


def detections_of(article: Article) -> list[Detection]:
    """What the classifier must send for an article."""
    if article.revision_kind is RevisionKind.WITHDRAWN:
        return []
    statements = classify(article)
    mark = fingerprint(article.text) if statements else ""
    return [one for statement in statements for one in detections(statement, article, mark)]


def revision_of(article: Article) -> ArticleRevised | None:
    """What every partition must be told of a later revision."""
    if article.revision == 1:
        return None
    return ArticleRevised(
        article_id=article.article_id,
        revision=article.revision,
        revision_kind=article.revision_kind,
    )


@dataclass(frozen=True, slots=True)
class Due:
    """An alert that must have been sent."""

    draft: DraftAlert
    cause: Detection | None
    """The detection read; None when time led to it, or an article's revision."""


@dataclass
class Replay:
    """What one partition of `detections` must have led to."""

    alerts: list[Due] = field(default_factory=list)
    undecodable: list[Received] = field(default_factory=list)
    state: dict[bytes, bytes] = field(default_factory=dict)
    """The state's records as they must stand on its topic, by key."""
    kinds: Counter[str] = field(default_factory=Counter)
    """How many records of each kind were read."""


def replay(records: Sequence[Received]) -> Replay:
    """Correlate one partition from its first record on.

    Args:
        records: of one partition, in order of offsets, from its beginning.

    """
    state, now, answer = State(), _START, Replay()

    def take(outcome: Outcome, cause: Detection | None = None) -> None:
        state.apply(outcome.changes)
        for key, changed in outcome.changes:
            if changed is None:
                answer.state.pop(key.encode(), None)
            else:
                answer.state[key.encode()] = changed.to_json()
        answer.alerts.extend(Due(draft, cause) for draft in outcome.alerts)

    for record in records:
        now = max(now, datetime.fromtimestamp(record.timestamp_ms / 1000, UTC))
        found = decode(record.value, read_detection_record)
        if isinstance(found, Undecodable):
            answer.undecodable.append(record)
        if isinstance(found, Undecodable | SetAside):
            continue
        answer.kinds[found.kind] += 1
        for outcome in _timers(state, now):
            take(outcome)
        take(correlate(state, found, now), found if isinstance(found, Detection) else None)
        for outcome in _timers(state, now):
            take(outcome)
    return answer


def _timers(state: State, now: datetime) -> Iterator[Outcome]:
    while (at := state.next_due()) is not None and at <= now:
        yield due(state, now)


def is_tick(record: Received) -> bool:
    """Whether a record only moves time on."""
    return isinstance(decode(record.value, read_detection_record), Tick | Probe)
