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


ANYWHERE = ""
"""In place of a region's code: the claim names no place."""


def claim_key(slots: ClaimSlots, places: tuple[Place, ...]) -> tuple[object, ...]:
    """What claims must share to be one statement."""
    regions = tuple(sorted({p.code or p.canonical_name for p in places}))
    return (AlertType.TERRITORIAL_CLAIM, slots.claimant, GROUP[slots.action], regions)


def settled(drafts: list[Draft]) -> list[Draft]:
    """The claims of an article, each read with the others."""
    takers = _takers(drafts)
    won = [_with_winner(draft, _takers_near(draft, takers)) for draft in drafts]
    named: dict[tuple[object, ...], Draft] = {}
    for draft in won:
        if not _is_placeless(draft):
            named.setdefault(draft.key[:3], draft)
    return [_with_place(draft, named.get(draft.key[:3])) for draft in won]


def _takers(drafts: list[Draft]) -> dict[str | None, set[str]]:
    """Who took or holds ground by region; under ANYWHERE by claims that name no place."""
    found: dict[str | None, set[str]] = {ANYWHERE: set()}
    for draft in drafts:
        taker = _taker(draft)
        if taker is not None:
            codes = [ANYWHERE] if _is_placeless(draft) else [p.code for p in draft.places]
            for code in codes:
                found.setdefault(code, set()).add(taker)
    return found


def _takers_near(draft: Draft, takers: dict[str | None, set[str]]) -> set[str]:
    """Who took or holds ground by the other claims about the same regions."""
    if _is_placeless(draft):
        return set().union(*takers.values())
    return takers[ANYWHERE].union(*(takers.get(place.code, ()) for place in draft.places))


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


def _with_place(draft: Draft, named: Draft | None) -> Draft:
    """A claim that names no place repeats the one of its kind that does."""
    if named is None or not _is_placeless(draft):
        return draft
    return replace(draft, key=named.key, places=list(named.places))


def _is_placeless(draft: Draft) -> bool:
    return all(place.level is Level.COUNTRY for place in draft.places)
