"""A claim that is denied: by a side of the war that is its own hold, by anybody else no claim."""

from tocsin_classifier.domain.actors import OPPONENT, Party, parties
from tocsin_classifier.domain.attribution import Speaker
from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.negation import is_negated
from tocsin_classifier.domain.scan import Hit, Passage
from tocsin_schemas.vocabulary import Action

REACH = 8
"""How many words may stand between a word of denial and who denies."""

CONJUNCTION = 2
"""How many words may stand between a word of denial and whom it speaks of: "that the"."""

TAKING = (Action.CAPTURE, Action.RECAPTURE, Action.ADVANCE)


def denier(passage: Passage, hit: Hit, said_by: Speaker | None) -> Party | None:
    """The side of the war that denies what a claim's word says, None when no side does."""
    if is_negated(passage, hit):
        party = said_by.party if said_by else None
        return party if party and party.code in OPPONENT else None
    words = passage.sentence.words_between
    for mark in passage.of(Category.DENIAL):
        near = [
            p
            for p in parties(passage)
            if p.code in OPPONENT and p.end <= mark.start and words(p.end, mark.start) <= REACH
        ]
        if near:
            return near[-1]
        if said_by and said_by.party.code in OPPONENT:
            return said_by.party
    return None


def is_denied(passage: Passage, hit: Hit) -> bool:
    """Whether the claim's word is negated or, being no hold, stands with a word of denial."""
    if is_negated(passage, hit):
        return True
    holding = hit.entry is not None and hit.entry.action is Action.HOLD
    return not holding and bool(passage.of(Category.DENIAL))


def denier_of_hold(passage: Passage, hit: Hit, holder: str | None) -> Party | None:
    """The side that denies that its enemy holds the ground: "Moscow denied that Kyiv controls it".

    A hold after a word of denial is often the denier's own ("denied it, saying that it holds on"):
    only one that the denial itself governs, told of the enemy, is what is denied.
    """
    words = passage.sentence.words_between
    told = parties(passage)
    sides = [s for s in passage.of(Category.SIDE) if s.entry and s.entry.code == holder]
    held_by: list[Party | Hit] = [*sides, *(p for p in told if p.code == holder)]
    for mark in passage.of(Category.DENIAL):
        governed = any(
            mark.end <= named.start < hit.start and words(mark.end, named.start) <= CONJUNCTION
            for named in held_by
        )
        near = [
            p
            for p in told
            if p.code in OPPONENT and p.end <= mark.start and words(p.end, mark.start) <= REACH
        ]
        if governed and near and OPPONENT[near[-1].code] == holder:
            return near[-1]
    return None


def holds_on(action: Action, claimant: str | None, loser: str | None, side: str) -> bool:
    """Whether denying the claim means that the side holds the ground."""
    if action in TAKING:
        return claimant == OPPONENT[side]
    return action is Action.WITHDRAW and loser == side
