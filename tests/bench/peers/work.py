"""What every peer does with an article: the service's own decoding, rules and serialisation."""

import os
import signal
from collections.abc import Iterable
from types import FrameType

from tocsin_classifier.classifier import Classifier
from tocsin_classifier.control import prove
from tocsin_classifier.domain.classify import classify
from tocsin_classifier.domain.fingerprint import fingerprint
from tocsin_classifier.domain.spread import detections
from tocsin_runtime.kafka import group_name, topic_name
from tocsin_runtime.settings import KafkaSettings, load_settings
from tocsin_schemas.article import Article
from tocsin_schemas.detection import Probe, read_article_record
from tocsin_schemas.statement import Statement
from tocsin_schemas.topics import ARTICLES, DETECTIONS

BATCH_RECORDS = 200
"""Records that are worked on before their results are waited for, as in the service."""
WAIT_SECONDS = 0.02
"""How long a batch is waited for, as in the service."""
COMMIT_SECONDS = 0.5
"""How often offsets are committed, as in the service."""
LINGER_MS = 2
"""How long a producer gathers records, as in the service."""

SETTINGS = load_settings(KafkaSettings)
"""Where the broker is, from the environment."""
SOURCE = topic_name(SETTINGS, ARTICLES)
TARGET = topic_name(SETTINGS, DETECTIONS)
GROUP = os.environ.get("BENCH_GROUP") or group_name(SETTINGS, "classifier")
"""The group whose committed offsets say where to begin."""

HOLLOW = bool(os.environ.get("BENCH_HOLLOW"))
"""Classify nothing: what is left is the cost of the way around the rules."""

Record = tuple[bytes, bytes]
"""Key and value of a record for `detections`."""


def nothing(_article: Article, /) -> list[Statement]:
    """Rules that find nothing, in no time."""
    return []


_classify: Classifier = nothing if HOLLOW else classify


def records_of(value: bytes) -> list[Record]:
    """The records that an article leads to; a probe is passed on."""
    article = read_article_record(value)
    if isinstance(article, Probe):
        return [(str(article.path).encode(), article.to_json())]
    found = _classify(article)
    kept = [one for one in found if one.confidence.score >= one.confidence.threshold]
    if not kept:
        return []
    mark = fingerprint(article.text)
    return [
        (one.scope.encode(), one.to_json())
        for statement in kept
        for one in detections(statement, article, mark)
    ]


def trace_of(headers: Iterable[tuple[str, bytes]] | None) -> list[tuple[str, bytes]]:
    """The headers that are passed on."""
    return [one for one in headers or () if one[0] == "traceparent"]


def load() -> None:
    """Load all data before the first article, as the service does."""
    prove(classify, "none was read yet")


class Stop:
    """Whether SIGTERM came."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True
