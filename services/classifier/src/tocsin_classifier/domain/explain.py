"""Why an article gives what it gives: what fired where, and what spoke against it."""

from collections.abc import Callable
from dataclasses import dataclass

from tocsin_classifier.domain import claims, stances, warnings
from tocsin_classifier.domain.confidence import score
from tocsin_classifier.domain.draft import Draft
from tocsin_classifier.domain.lexicon import LANGUAGES, Category
from tocsin_classifier.domain.places import places
from tocsin_classifier.domain.scan import TRIGGERS, Hit, Passage, Reading, read
from tocsin_schemas.article import Article
from tocsin_schemas.statement import Confidence
from tocsin_schemas.vocabulary import AlertType, EvidenceField

Reason = Callable[[Reading, Passage, Hit], str | None]

REASONS: dict[Category, tuple[AlertType, Reason]] = {
    Category.CLAIM: (AlertType.TERRITORIAL_CLAIM, claims.reason_against),
    Category.STANCE: (AlertType.NEGOTIATION_STANCE, stances.reason_against),
    Category.ALARM: (AlertType.AIR_RAID_WARNING, warnings.reason_against),
    Category.ALL_CLEAR: (AlertType.AIR_RAID_WARNING, warnings.reason_against),
    Category.ATTACK: (AlertType.AIR_RAID_WARNING, warnings.reason_against),
    Category.DEFENCE: (AlertType.AIR_RAID_WARNING, warnings.reason_against),
}
"""Whom to ask why a trigger of a category gave nothing."""


@dataclass(frozen=True, slots=True)
class Fired:
    """An entry or a place found in a sentence."""

    words: str
    category: str
    """The entry's category, `place` for a place."""
    meaning: str
    """The entry's id, or the place's English name and code."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a trigger came to: a statement with its confidence, or the reason against it."""

    alert_type: AlertType
    entry: str
    reason: str | None
    features: tuple[str, ...] = ()
    confidence: Confidence | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One sentence with what fired in it and what came of it."""

    field: EvidenceField
    start: int
    sentence: str
    fired: tuple[Fired, ...]
    verdicts: tuple[Verdict, ...]


def explain(article: Article) -> list[Explanation]:
    """Every sentence in which a trigger fired; empty when there is none at all."""
    reading = read(article) if article.language in LANGUAGES else None
    if reading is None:
        return []
    drafts = [
        *claims.claims(reading),
        *stances.stances(reading),
        *warnings.warnings(reading),
    ]
    explained = []
    for passage in reading.passages:
        verdicts = _verdicts(reading, passage, drafts)
        if verdicts or passage.of(*TRIGGERS):
            sentence = passage.sentence
            fired = _fired(reading, passage)
            explained.append(
                Explanation(sentence.field, sentence.start, sentence.text, fired, verdicts)
            )
    return explained


def _fired(reading: Reading, passage: Passage) -> tuple[Fired, ...]:
    start = passage.sentence.start
    text = passage.sentence.text
    found = [
        Fired(text[hit.start - start : hit.end - start], str(hit.category), hit.entry.id)
        for hit in passage.hits
        if hit.entry and hit.category
    ]
    found += [
        Fired(one.place.name, "place", f"{one.place.canonical_name} {one.place.code or ''}".strip())
        for one in places(reading, passage)
    ]
    return tuple(found)


def _verdicts(reading: Reading, passage: Passage, drafts: list[Draft]) -> tuple[Verdict, ...]:
    found = []
    for hit in passage.hits:
        if hit.category not in REASONS or hit.entry is None:
            continue
        alert_type, reason_against = REASONS[hit.category]
        draft = next((d for d in drafts if _gave(d, passage, hit)), None)
        if draft is not None:
            features = tuple(sorted(draft.features))
            weighed = score(alert_type, features)
            found.append(Verdict(alert_type, hit.entry.id, None, features, weighed))
        else:
            reason = reason_against(reading, passage, hit) or "its roles are not filled here"
            found.append(Verdict(alert_type, hit.entry.id, reason))
    return tuple(found)


def _gave(draft: Draft, passage: Passage, hit: Hit) -> bool:
    first = draft.pieces[0].sentence
    return (
        hit.entry is not None
        and hit.entry.id in draft.fired
        and first.field is passage.sentence.field
        and first.start == passage.sentence.start
    )
