"""Repetitions in an article become one statement, with every span as its evidence."""

from collections import Counter
from collections.abc import Sequence

from tocsin_classifier.domain.confidence import likelihood, score
from tocsin_classifier.domain.draft import Draft, Piece, evidence
from tocsin_schemas.article import Article
from tocsin_schemas.evidence import MAX_EVIDENCE
from tocsin_schemas.ids import statement_id
from tocsin_schemas.place import Place
from tocsin_schemas.slots import ClaimSlots, StanceSlots, Voice, WarningSlots
from tocsin_schemas.statement import Confidence, Statement
from tocsin_schemas.vocabulary import Action, Basis, ClaimAssertion, EvidenceField, Instruction

STRENGTH = (Action.RECAPTURE, Action.CAPTURE, Action.ADVANCE, Action.HOLD)
"""Of several actions of one group the first of these is kept."""

REPEATED = "repeated"
"""The feature of a statement that several sentences make."""

MOST_VOICES = 20
MOST_PLACES = 200

Slots = ClaimSlots | StanceSlots | WarningSlots


def merge(article: Article, drafts: Sequence[Draft]) -> list[Statement]:
    """One statement for each key, in the order of the text."""
    groups: dict[tuple[object, ...], list[Draft]] = {}
    for draft in drafts:
        groups.setdefault(draft.key, []).append(draft)
    return [_statement(article, _surest_first(group)) for group in groups.values()]


def _surest_first(group: list[Draft]) -> list[Draft]:
    if len(group) == 1:
        return group
    return sorted(group, key=lambda d: -likelihood(d.slots.alert_type, d.features))


def confidence(group: Sequence[Draft]) -> Confidence:
    """That of the surest draft, and more when others say the same."""
    if len(group) == 1:
        return score(group[0].slots.alert_type, group[0].features)
    told = [(draft.slots.alert_type, draft.features | {REPEATED}) for draft in group]
    return score(*max(told, key=lambda one: likelihood(*one)))


def _statement(article: Article, group: list[Draft]) -> Statement:
    pieces = _pieces(group)
    slots = _slots(group, pieces)
    return Statement(
        statement_id=statement_id(article.article_id, article.revision, slots, pieces[0].span),
        article_id=article.article_id,
        revision=article.revision,
        slots=slots,
        places=_places(group),
        evidence=tuple(evidence(article, piece) for piece in pieces),
        event_time=next((d.event_time for d in group if d.event_time), None),
        confidence=confidence(group),
    )


def _pieces(group: list[Draft]) -> list[Piece]:
    found: dict[tuple[EvidenceField, int, int], Piece] = {}
    for draft in group:
        for piece in draft.pieces:
            found.setdefault(piece.span, piece)
    return list(found.values())[:MAX_EVIDENCE]


def _places(group: list[Draft]) -> tuple[Place, ...]:
    found: dict[tuple[str | None, str], Place] = {}
    for draft in group:
        for place in draft.places:
            key = (place.code, place.canonical_name)
            if key not in found or (found[key].basis, place.basis) == (Basis.CONTEXT, Basis.STATED):
                found[key] = place
    return tuple(found.values())[:MOST_PLACES]


def _slots(group: list[Draft], pieces: list[Piece]) -> Slots:
    first = group[0].slots
    if isinstance(first, ClaimSlots):
        return _claim(
            [d.slots for d in group if isinstance(d.slots, ClaimSlots)], _voices(group, pieces)
        )
    if isinstance(first, StanceSlots):
        return _stance(
            [d.slots for d in group if isinstance(d.slots, StanceSlots)], _voices(group, pieces)
        )
    return _warning([d.slots for d in group if isinstance(d.slots, WarningSlots)])


def _voices(group: list[Draft], pieces: list[Piece]) -> tuple[Voice, ...]:
    at = {piece.span: index for index, piece in enumerate(pieces)}
    found: dict[tuple[str, str], Voice] = {}
    shown: dict[tuple[str, str], list[int]] = {}
    for draft in group:
        for voice in draft.slots.voices:
            key = (voice.name, voice.side)
            found.setdefault(key, voice)
            shows = [at[piece.span] for piece in draft.pieces if piece.span in at]
            shown.setdefault(key, []).extend(shows)
    ordered = sorted(found, key=lambda key: key[1] == "media")
    return tuple(
        found[key].model_copy(update={"evidence": tuple(dict.fromkeys(shown[key]))})
        for key in ordered[:MOST_VOICES]
    )


def _claim(slots: list[ClaimSlots], voices: tuple[Voice, ...]) -> ClaimSlots:
    strongest = min(slots, key=lambda s: STRENGTH.index(s.action) if s.action in STRENGTH else 0)
    areas = [s for s in slots if s.area_km2 is not None]
    largest = max(areas, key=lambda s: s.area_km2 or 0.0, default=None)
    told = {s.assertion for s in slots}
    order = (
        ClaimAssertion.CONCEDED,
        ClaimAssertion.CLAIMED,
        ClaimAssertion.DENIED,
        ClaimAssertion.REPORTED,
    )
    return strongest.model_copy(
        update={
            "voices": voices,
            "loser": next((s.loser for s in slots if s.loser), None),
            "assertion": next(a for a in order if a in told),
            "area_km2": largest.area_km2 if largest else None,
            "area_qualifier": largest.area_qualifier if largest else None,
            "settlements": max((s.settlements for s in slots if s.settlements), default=None),
        }
    )


def _stance(slots: list[StanceSlots], voices: tuple[Voice, ...]) -> StanceSlots:
    topic = Counter(s.topic for s in slots).most_common(1)[0][0]
    return slots[0].model_copy(
        update={
            "voices": voices,
            "topic": topic,
            "assertion": next(
                (s.assertion for s in slots if s.assertion == "stated"), slots[0].assertion
            ),
            "counterpart": next((s.counterpart for s in slots if s.counterpart), None),
            "conditions": tuple(dict.fromkeys(c for s in slots for c in s.conditions))[:10],
            "mediators": tuple(dict.fromkeys(m for s in slots for m in s.mediators))[:10],
        }
    )


def _warning(slots: list[WarningSlots]) -> WarningSlots:
    threats = tuple(sorted({threat for s in slots for threat in s.threats}))
    orders = [s.instruction for s in slots if s.instruction is not Instruction.NONE]
    return slots[0].model_copy(
        update={"threats": threats[:8], "instruction": orders[0] if orders else Instruction.NONE}
    )
