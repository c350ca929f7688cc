"""The claims of one article read together: a loss names its winner, a repetition its place."""

from dataclasses import replace

from tocsin_classifier.domain.actors import OPPONENT
from tocsin_classifier.domain.draft import Draft
from tocsin_schemas.place import Place
from tocsin_schemas.slots import ClaimSlots
from tocsin_schemas.vocabulary import Action, AlertType, Level

GROUP = {
    Action.CAPTURE: "control",
    Action.RECAPTURE: "control",
    Action.ADVANCE: "control",
    Action.HOLD: "control",
    Action.WITHDRAW: "loss",
    Action.CONTESTED: "contested",
    Action.SOVEREIGNTY: "sovereignty",
}
"""Claims of one group, claimant and region are one statement."""


def claim_key(slots: ClaimSlots, places: tuple[Place, ...]) -> tuple[object, ...]:
    """What claims must share to be one statement."""
    regions = tuple(sorted({p.code or p.canonical_name for p in places}))
    return (AlertType.TERRITORIAL_CLAIM, slots.claimant, GROUP[slots.action], regions)


def settled(drafts: list[Draft]) -> list[Draft]:
    """The claims of an article, each read with the others."""
    won = [_with_winner(draft, _takers_near(draft, drafts)) for draft in drafts]
    return [_with_place(draft, won) for draft in won]


def _takers_near(draft: Draft, drafts: list[Draft]) -> set[str]:
    """Who took or holds ground by the other claims about the same regions."""
    regions = {place.code for place in draft.places}
    return {
        taker
        for other in drafts
        if (taker := _taker(other)) is not None
        and (
            _is_placeless(other)
            or _is_placeless(draft)
            or not regions.isdisjoint(p.code for p in other.places)
        )
    }


def _taker(draft: Draft) -> str | None:
    slots = draft.slots
    if isinstance(slots, ClaimSlots) and GROUP[slots.action] == "control":
        return slots.claimant
    return None


def _with_winner(draft: Draft, takers: set[str]) -> Draft:
    """A loss whose article says that the other side took or holds ground was that side's gain."""
    slots = draft.slots
    if not isinstance(slots, ClaimSlots) or slots.action is not Action.WITHDRAW or slots.claimant:
        return draft
    winner = OPPONENT.get(slots.loser or "")
    if winner not in takers:
        return draft
    named = slots.model_copy(update={"claimant": winner})
    return replace(draft, slots=named, key=claim_key(named, tuple(draft.places)))


def _with_place(draft: Draft, drafts: list[Draft]) -> Draft:
    """A claim that names no place repeats the one of its kind that does."""
    if not _is_placeless(draft):
        return draft
    kind = draft.key[:3]
    named = [d for d in drafts if d.key[:3] == kind and not _is_placeless(d)]
    if not named:
        return draft
    return replace(draft, key=named[0].key, places=list(named[0].places))


def _is_placeless(draft: Draft) -> bool:
    return all(place.level is Level.COUNTRY for place in draft.places)
