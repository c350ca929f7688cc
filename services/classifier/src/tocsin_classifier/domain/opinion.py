"""What a language model says about an article, checked like anything else before it counts.

A model may invent. So nothing of it is taken on trust: its answer must fit the models below, each
quote and each place's name must stand in the article word for word, and the gazetteer must know
each code and not know the name for a place elsewhere. What fails is dropped, with the reason.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tocsin_classifier.domain.gazetteer import meanings
from tocsin_classifier.domain.places import country_place, region_place
from tocsin_classifier.domain.scoring import GROUPS
from tocsin_classifier.domain.text import Sentence, sentences
from tocsin_schemas.article import Article
from tocsin_schemas.evidence import Evidence
from tocsin_schemas.ids import first_span, statement_id
from tocsin_schemas.place import Place
from tocsin_schemas.slots import ClaimSlots, StanceSlots, Voice, WarningSlots
from tocsin_schemas.statement import Confidence, Statement
from tocsin_schemas.vocabulary import (
    Action,
    ClaimAssertion,
    EvidenceField,
    StanceAssertion,
    StanceTopic,
    StanceValue,
    Threat,
)

CLASSIFIER = "second-opinion"
"""The name in `confidence.classifier` of what the rules did not find."""

SCORE = 0.5
"""A model's word on how sure it is means little: what it adds stands just on the threshold."""

MOST_STATEMENTS = 50
LONGEST_QUOTE = 600
LONGEST_SENTENCE = 4000

_NO_VERSION = re.compile(r"[^0-9A-Za-z.+-]+")


class Fate(StrEnum):
    """What became of one statement of the model."""

    ADDED = "added"
    KNOWN = "known"
    QUOTE_NOT_FOUND = "quote-not-found"
    PLACE_NOT_FOUND = "place-not-found"
    INVALID = "invalid"


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SaidPlace(_Answer):
    """A place that the model names."""

    name: Annotated[str, Field(min_length=1, max_length=300)]
    """As the article writes it."""
    code: Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
    """ISO 3166-2 code of its region, or UA for the whole country."""


class _Said(_Answer):
    quote: Annotated[str, Field(min_length=1, max_length=LONGEST_QUOTE)]
    """The words of the article that say so, verbatim."""


class SaidClaim(_Said):
    """A territorial claim."""

    places: list[SaidPlace]
    claimant: str | None
    loser: str | None
    action: Action


class SaidStance(_Said):
    """A negotiation stance."""

    actor: str
    stance: StanceValue
    topic: StanceTopic
    counterpart: str | None


class SaidWarning(_Said):
    """An air-raid warning."""

    places: list[SaidPlace]
    phase: Literal["active", "ended", "reported"]
    threats: list[Threat]


class Opinion(_Answer):
    """The whole answer; its JSON Schema goes out with every question."""

    territorial_claims: Annotated[list[SaidClaim], Field(max_length=MOST_STATEMENTS)]
    negotiation_stances: Annotated[list[SaidStance], Field(max_length=MOST_STATEMENTS)]
    air_raid_warnings: Annotated[list[SaidWarning], Field(max_length=MOST_STATEMENTS)]


@dataclass(frozen=True, slots=True)
class Checked:
    """The statements of an answer that stood the check, and what became of the others."""

    statements: tuple[Statement, ...]
    dropped: tuple[Fate, ...]


class _DroppedError(Exception):
    def __init__(self, fate: Fate) -> None:
        super().__init__(fate)
        self.fate = fate


def check(article: Article, opinion: Opinion, model: str) -> Checked:
    """Turn an answer into statements; a warning becomes one for each region.

    Args:
        article: what the model was asked about.
        opinion: its answer.
        model: its name, which goes out as `confidence.version`.

    """
    found: list[Statement] = []
    dropped: list[Fate] = []
    divided = sentences(article)
    confidence = Confidence(
        score=SCORE, threshold=SCORE, classifier=CLASSIFIER, version=version_of(model)
    )
    said: list[SaidClaim | SaidStance | SaidWarning] = [
        *opinion.territorial_claims,
        *opinion.negotiation_stances,
        *opinion.air_raid_warnings,
    ]
    for one in said:
        try:
            evidence = _evidence(article, divided, one.quote)
            places = [] if isinstance(one, SaidStance) else _places(article, one.places)
            slots = _slots(article, one)
        except _DroppedError as error:
            dropped.append(error.fate)
            continue
        except ValidationError:
            dropped.append(Fate.INVALID)
            continue
        if isinstance(one, SaidWarning) and not places:
            dropped.append(Fate.PLACE_NOT_FOUND)
            continue
        shares = [(p,) for p in places] if isinstance(one, SaidWarning) else [tuple(places)]
        found += [_statement(article, slots, share, evidence, confidence) for share in shares]
    return Checked(tuple(found), tuple(dropped))


def combine(
    rules: Sequence[Statement], second: Iterable[Statement]
) -> tuple[list[Statement], list[Fate]]:
    """All that the rules say, unchanged, and of the second opinion what they do not say.

    Returns:
        The statements, and for each of the second opinion whether it was added or known.

    """
    kept = list(rules)
    fates = []
    for one in second:
        known = any(_same(one, other) for other in kept)
        fates.append(Fate.KNOWN if known else Fate.ADDED)
        if not known:
            kept.append(one)
    return kept, fates


def version_of(model: str) -> str:
    """A model's name as a version may be written."""
    return _NO_VERSION.sub("-", model)[:64] or "unnamed"


def _same(one: Statement, other: Statement) -> bool:
    if _identity(one) != _identity(other):
        return False
    mine, theirs = ({p.code for p in s.places if p.code} for s in (one, other))
    return not mine or not theirs or bool(mine & theirs)


def _identity(statement: Statement) -> tuple[str | None, ...]:
    slots = statement.slots
    if isinstance(slots, ClaimSlots):
        group = GROUPS[slots.action]
        return slots.alert_type, None if group == "contested" else slots.claimant, group
    if isinstance(slots, StanceSlots):
        return slots.alert_type, slots.actor, slots.stance
    return slots.alert_type, slots.phase


def _evidence(article: Article, divided: list[Sentence], quote: str) -> Evidence:
    start = article.text.find(quote)
    if start < 0 or not quote.strip():
        raise _DroppedError(Fate.QUOTE_NOT_FOUND)
    end = start + len(quote)
    touched = [
        one
        for one in divided
        if one.field is EvidenceField.TEXT and one.start < end and start < one.end
    ]
    first = min([start, *(one.start for one in touched)])
    last = max([end, *(one.end for one in touched)])
    if last - first > LONGEST_SENTENCE:
        first, last = start, end
    return Evidence(
        article_id=article.article_id,
        revision=article.revision,
        start=start,
        end=end,
        quote=quote,
        sentence=article.text[first:last],
        sentence_start=first,
        language=article.language,
    )


def _places(article: Article, said: list[SaidPlace]) -> list[Place]:
    found: dict[str, Place] = {}
    for one in said:
        if one.name not in article.text or not _may_be(one):
            raise _DroppedError(Fate.PLACE_NOT_FOUND)
        make = region_place if "-" in one.code else country_place
        try:
            found.setdefault(one.code, make(one.code, one.name))
        except KeyError:
            raise _DroppedError(Fate.PLACE_NOT_FOUND) from None
    return list(found.values())


def _may_be(said: SaidPlace) -> bool:
    """Whether the gazetteer leaves it open that the name means a place of that code."""
    known = {code for m in meanings(said.name) for code in (m.entry.code, *m.entry.regions) if code}
    return not known or said.code in known


def _slots(
    article: Article, said: SaidClaim | SaidStance | SaidWarning
) -> ClaimSlots | StanceSlots | WarningSlots:
    publisher = article.source.publisher
    if isinstance(said, SaidClaim):
        told = ClaimAssertion.REPORTED
        return ClaimSlots.model_validate(
            {
                "claimant": said.claimant,
                "loser": said.loser,
                "action": said.action,
                "assertion": told,
                "voices": (Voice(name=publisher, side="media", assertion=told, evidence=(0,)),),
            }
        )
    if isinstance(said, SaidStance):
        reported = StanceAssertion.REPORTED
        return StanceSlots.model_validate(
            {
                "actor": said.actor,
                "counterpart": said.counterpart,
                "stance": said.stance,
                "topic": said.topic,
                "assertion": reported,
                "voices": (Voice(name=publisher, side="media", assertion=reported, evidence=(0,)),),
            }
        )
    known = {threat for threat in said.threats if threat not in (Threat.UNKNOWN, Threat.MIXED)}
    return WarningSlots.model_validate({"phase": said.phase, "threats": tuple(sorted(known))[:8]})


def _statement(
    article: Article,
    slots: ClaimSlots | StanceSlots | WarningSlots,
    places: tuple[Place, ...],
    evidence: Evidence,
    confidence: Confidence,
) -> Statement:
    return Statement(
        statement_id=statement_id(
            article.article_id, article.revision, slots, first_span(evidence)
        ),
        article_id=article.article_id,
        revision=article.revision,
        slots=slots,
        places=places,
        evidence=(evidence,),
        confidence=confidence,
    )
