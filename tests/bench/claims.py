"""Sentences that each lead to one alert of their own: a settlement each, and who took it."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import tocsin_classifier
from tocsin_classifier.domain.classify import classify
from tocsin_classifier.domain.spread import detections
from tocsin_schemas import ids
from tocsin_schemas.article import Article, ArticleSource
from tocsin_schemas.slots import ClaimSlots
from tocsin_schemas.vocabulary import SourceKind

_FILE = Path(tocsin_classifier.__file__).parent / "data" / "places" / "settlements.tsv"
_TAKERS = (
    "Russian troops have captured the {level} of {name}, the Russian Defence Ministry said.",
    "Ukrainian forces recaptured the {level} of {name}, the General Staff in Kyiv said.",
)


def distinct_claims() -> Iterator[str]:
    """Sentences of which no two lead to the same event, as the classifier itself reads them."""
    seen = set()
    for line in _FILE.read_text("utf-8").splitlines():
        _, name, *_, level = line.split("\t")[:6] if not line.startswith("#") else ("", "", "")
        for taker in _TAKERS if name else ():
            text = taker.format(level=level, name=name)
            event = _event(text)
            if event is not None and event not in seen:
                seen.add(event)
                yield text


def _event(text: str) -> tuple[str, str, str] | None:
    at = datetime.now(UTC)
    article = Article(
        article_id=ids.article_id_from_text("bench", text),
        content_sha256=hashlib.sha256(text.encode()).hexdigest(),
        source=ArticleSource(id="bench", kind=SourceKind.API, publisher="North Desk"),
        text=text,
        language="en",
        published_at=at,
        received_at=at,
        dated_at=at,
    )
    found = [one for made in classify(article) for one in detections(made, article, "")]
    if len(found) != 1 or found[0].place is None or not isinstance(found[0].slots, ClaimSlots):
        return None
    confidence = found[0].confidence
    if confidence.score < confidence.threshold:
        return None
    return found[0].scope, found[0].place.canonical_name, str(found[0].slots.claimant)
