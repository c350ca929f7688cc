"""Builders of contracts with sane defaults, so that a test names only what it is about."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tocsin_schemas import ids
from tocsin_schemas.article import Article, ArticleSource
from tocsin_schemas.detection import ArticleRevised, Detection
from tocsin_schemas.evidence import EventTime, Evidence
from tocsin_schemas.place import Place
from tocsin_schemas.slots import ClaimSlots, StanceSlots, Voice, WarningSlots
from tocsin_schemas.statement import Confidence
from tocsin_schemas.vocabulary import (
    Action,
    AreaQualifier,
    ClaimAssertion,
    EvidenceField,
    Level,
    Phase,
    RevisionKind,
    SourceKind,
    StanceAssertion,
    StanceTopic,
    StanceValue,
    TimePrecision,
)

NOON = datetime(2024, 8, 20, 12, 0, tzinfo=UTC)
"""The default time of everything: 15:00 in Kyiv."""

SUMY = Place(name="Сумщина", canonical_name="Sumy Oblast", code="UA-59", level=Level.REGION)
KHARKIV = Place(
    name="Харківщина", canonical_name="Kharkiv Oblast", code="UA-63", level=Level.REGION
)
KURSK = Place(name="Kursk", canonical_name="Kursk Oblast", code="RU-KRS", level=Level.REGION)
SUMY_RAION = Place(
    name="Сумський район",
    canonical_name="Sumy Raion",
    code="UA-59",
    level=Level.RAION,
    parents=("Sumy Oblast",),
)
SUMY_CITY = Place(
    name="Суми",
    canonical_name="Sumy",
    code="UA-59",
    level=Level.CITY,
    parents=("Sumy Raion", "Sumy Oblast"),
)
SUDZHA = Place(
    name="Суджа",
    canonical_name="Sudzha",
    code="RU-KRS",
    level=Level.TOWN,
    parents=("Kursk Oblast",),
)

ZELENSKY = Voice(
    name="Zelensky", office="president", side="UA", assertion=ClaimAssertion.CLAIMED, evidence=(0,)
)
RUSSIAN_MINISTRY = Voice(
    name="Russian Ministry of Defence", side="RU", assertion=ClaimAssertion.DENIED, evidence=(0,)
)
MEDIUM = Voice(name="Example News", side="media", assertion=ClaimAssertion.REPORTED, evidence=(0,))


def make_article_id(name: str | int = 1) -> UUID:
    """The id of the article that a test calls by that name."""
    return ids.article_id_from_source("tests", str(name))


def make_article(**changes: Any) -> Article:
    """An article; `name` sets its id, everything else replaces a field."""
    name = changes.pop("name", 1)
    title = changes.get("title", "")
    text = changes.get("text", "The siren sounds in Sumy Oblast. People go to the shelters.")
    values: dict[str, Any] = {
        "article_id": make_article_id(name),
        "content_sha256": hashlib.sha256(f"{title}\n{text}".encode()).hexdigest(),
        "source": ArticleSource(id="tests", kind=SourceKind.API, publisher="Example News"),
        "text": text,
        "language": "en",
        "published_at": NOON,
        "received_at": NOON,
        "dated_at": NOON,
    }
    return Article(**(values | changes))


def make_place(**changes: Any) -> Place:
    """A place: Sumy Oblast with the fields replaced that are given."""
    return Place.model_validate(SUMY.model_dump() | changes)


def make_evidence(**changes: Any) -> Evidence:
    """One piece of evidence; `start` and `end` follow from the quote."""
    quote = changes.pop("quote", "The siren sounds")
    sentence = changes.pop("sentence", f"{quote} here.")
    start = changes.pop("start", 0)
    inner = sentence.index(quote)
    values: dict[str, Any] = {
        "article_id": make_article_id(),
        "revision": 1,
        "field": EvidenceField.TEXT,
        "start": start + inner,
        "end": start + inner + len(quote),
        "quote": quote,
        "sentence": sentence,
        "sentence_start": start,
        "language": "en",
    }
    return Evidence(**(values | changes))


def make_confidence(score: float = 0.9, threshold: float = 0.5) -> Confidence:
    """How sure the rules are."""
    return Confidence(score=score, threshold=threshold, classifier="rules", version="1.0.0")


def make_time(
    start: datetime, end: datetime | None = None, precision: TimePrecision = TimePrecision.MINUTE
) -> EventTime:
    """When it happened; exact to the minute unless said otherwise."""
    return EventTime(start=start, end=end or start, precision=precision)


def make_detection(
    slots: ClaimSlots | StanceSlots | WarningSlots,
    place: Place | None = None,
    *,
    name: str | int = 1,
    **changes: Any,
) -> Detection:
    """A detection of the article called `name`, with ids as the classifier derives them.

    `at` sets published_at, received_at and dated_at together; `quote` the words.
    """
    article_id = make_article_id(name)
    revision = changes.get("revision", 1)
    language = changes.get("language", "en")
    quote = changes.pop("quote", f"Said by {name} in revision {revision}")
    at = changes.pop("at", NOON)
    evidence = changes.pop("evidence", None) or (
        make_evidence(article_id=article_id, revision=revision, quote=quote, language=language),
    )
    statement = ids.statement_id(article_id, revision, slots, ids.first_span(evidence[0]))
    if isinstance(slots, StanceSlots):
        scope = f"stance:{slots.actor}"
    else:
        scope = (place.code if place else None) or "UA"
    values: dict[str, Any] = {
        "detection_id": ids.detection_id(statement, place),
        "statement_id": statement,
        "scope": scope,
        "article_id": article_id,
        "revision": revision,
        "revision_kind": RevisionKind.FIRST if revision == 1 else RevisionKind.OTHER,
        "published_at": at,
        "received_at": at,
        "dated_at": at,
        "publisher": f"Publisher {name}",
        "url": f"https://news.example/{name}",
        "language": language,
        "place": place,
        "slots": slots,
        "evidence": evidence,
        "confidence": make_confidence(),
    }
    return Detection(**(values | changes))


def make_undated(detection: Detection) -> Detection:
    """The same detection from an article that nothing dates."""
    return detection.model_copy(update={"published_at": None, "dated_at": None})


def make_claim_slots(**changes: Any) -> ClaimSlots:
    """Slots of a claim: Ukraine says that it took ground."""
    values: dict[str, Any] = {
        "claimant": "UA",
        "voices": (ZELENSKY,),
        "action": Action.CAPTURE,
        "assertion": ClaimAssertion.CLAIMED,
    }
    if changes.get("area_km2") is not None:
        values["area_qualifier"] = AreaQualifier.OVER
    return ClaimSlots(**(values | changes))


def make_claim(place: Place = KURSK, *, name: str | int = 1, **changes: Any) -> Detection:
    """A claim detection; slots of a claim and fields of a detection may be mixed."""
    slots = {key: changes.pop(key) for key in list(changes) if key in ClaimSlots.model_fields}
    return make_detection(make_claim_slots(**slots), place, name=name, **changes)


def make_denial(place: Place = KURSK, *, name: str | int = 1, **changes: Any) -> Detection:
    """Russia denies a loss: its own hold."""
    values: dict[str, Any] = {
        "claimant": "RU",
        "action": Action.HOLD,
        "assertion": ClaimAssertion.DENIED,
        "voices": (RUSSIAN_MINISTRY,),
    }
    return make_claim(place, name=name, **(values | changes))


def make_stance_slots(**changes: Any) -> StanceSlots:
    """Slots of a stance: Russia rejects peace talks."""
    actor = changes.get("actor", "RU")
    assertion = changes.get("assertion", StanceAssertion.STATED)
    values: dict[str, Any] = {
        "actor": actor,
        "voices": (
            Voice(name="Lavrov", office="foreign minister", side="RU", assertion=assertion),
        ),
        "stance": StanceValue.REJECTS,
        "assertion": assertion,
        "topic": StanceTopic.PEACE_TALKS,
    }
    return StanceSlots(**(values | changes))


def make_stance(*, name: str | int = 1, **changes: Any) -> Detection:
    """A stance detection; slots of a stance and fields of a detection may be mixed."""
    slots = {key: changes.pop(key) for key in list(changes) if key in StanceSlots.model_fields}
    return make_detection(make_stance_slots(**slots), name=name, **changes)


def make_warning(place: Place = SUMY, *, name: str | int = 1, **changes: Any) -> Detection:
    """A warning detection, active by default; slots and fields may be mixed."""
    slots = {key: changes.pop(key) for key in list(changes) if key in WarningSlots.model_fields}
    values: dict[str, Any] = {"phase": Phase.ACTIVE} | slots
    return make_detection(WarningSlots(**values), place, name=name, **changes)


def make_all_clear(place: Place = SUMY, *, name: str | int = 1, **changes: Any) -> Detection:
    """An all-clear told in the present."""
    return make_warning(place, name=name, **({"phase": Phase.ENDED} | changes))


def make_revised(
    name: str | int = 1, revision: int = 2, kind: RevisionKind = RevisionKind.CORRECTION
) -> ArticleRevised:
    """The record that tells of a new revision."""
    return ArticleRevised(article_id=make_article_id(name), revision=revision, revision_kind=kind)


def minutes(count: float) -> timedelta:
    """A span of minutes."""
    return timedelta(minutes=count)


def hours(count: float) -> timedelta:
    """A span of hours."""
    return timedelta(hours=count)


def days(count: float) -> timedelta:
    """A span of days."""
    return timedelta(days=count)
