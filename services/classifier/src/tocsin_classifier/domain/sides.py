"""Who gained and who lost ground: roles by the order of the words and their segments."""

from typing import NamedTuple

from tocsin_classifier.domain.actors import HABIT, OPPONENT, narrator
from tocsin_classifier.domain.attribution import Speaker
from tocsin_classifier.domain.doers import (
    STATES,
    Doer,
    doer_inside,
    doers_around,
    is_of_ground,
    is_soldiers,
    is_state,
    owns_ground,
)
from tocsin_classifier.domain.lexicon import Category, Frame
from tocsin_classifier.domain.quotation import is_scare_quoted
from tocsin_classifier.domain.scan import Hit, Passage, Reading
from tocsin_schemas.vocabulary import Action


class Sides(NamedTuple):
    """Who gained, who lost, and the words that say so."""

    claimant: str | None
    loser: str | None
    spans: tuple[tuple[int, int], ...] = ()


NOBODY = Sides(None, None)


UNDER = ("sous", "unter", "under", "під", "под")
"""How words end after which comes whose control it is: "revenu sous le contrôle de Kiev"."""


FOREIGN = frozenset({"en", "fr", "de"})
"""Languages of neither side, whose texts say "the enemy" as their source does."""


AGENT_REACH = 4
"""Words between a passive and the side that it names as its doer."""


ADJACENT = 1
"""Words between a word and the adjective of a nation that belongs to it: "contrôle russe"."""


NOUN_REACH = 2
"""Words between a noun or adjective of state ("is Ukrainian") and the nation it names."""


def sides_of(
    reading: Reading, passage: Passage, hit: Hit, said_by: Speaker | None, land: str | None
) -> Sides:
    """Who gained and who lost by a claim's word; `land` is the country whose ground it is."""
    entry = hit.entry
    bare_hold = entry is not None and entry.action is Action.HOLD and entry.frame is Frame.BARE
    told = NOBODY if bare_hold else _told(reading, passage, hit, said_by, land)
    if told.claimant is None and told.loser is None:
        return _implied(reading, passage, hit, said_by, land)
    return told


def sovereign(reading: Reading, passage: Passage, hit: Hit, said_by: Speaker | None) -> Sides:
    """Whose land it is said to be: the nation named in the words or right after them, or ours."""
    words = passage.sentence.words_between
    named = [
        h
        for h in passage.of(Category.NATION, *STATES)
        if h.end > hit.start and words(hit.end, h.start) <= NOUN_REACH
    ]
    own = _own_side(reading, said_by)
    for one in named:
        code = one.entry.code if one.entry else None
        if code in OPPONENT and not (said_by and said_by.party.code == OPPONENT[code]):
            return Sides(code, None, ((one.start, one.end),))
        if code in OPPONENT:
            return Sides(own, None) if passage.of(Category.NEGATION) else NOBODY
    return Sides(own, None) if own else NOBODY


def _ground_owner(passage: Passage) -> str | None:
    owners = [
        h.entry.code
        for h in passage.of(Category.NATION, Category.ACTOR)
        if h.entry
        and (is_of_ground(passage, h) if h.category is Category.NATION else owns_ground(passage, h))
    ]
    return next((code for code in owners if code in OPPONENT), None)


def _told(
    reading: Reading, passage: Passage, hit: Hit, said_by: Speaker | None, land: str | None
) -> Sides:
    frame = hit.entry.frame if hit.entry else None
    own = _own_side(reading, said_by) or _defender(reading, passage, land)
    inside = doer_inside(passage, hit, own)
    before, after = doers_around(passage, hit, own)
    if frame in (Frame.FREE_OF, Frame.LOSS_OF):
        return _driven_out(passage, hit, inside, before, after)
    if frame is Frame.LOSS:
        return _lost(inside or before or after)
    if frame is Frame.PASSIVE:
        return _gained(inside) if inside else _passive(passage, hit, before, after)
    belongs = inside is not None and inside[1][1] > hit.end
    if before and not belongs and before[1][0] >= passage.segment_of(hit.start)[0]:
        return _gained(before)
    return _gained(inside or before or after)


def _defender(reading: Reading, passage: Passage, land: str | None) -> str | None:
    """Whose "the enemy" is in a text on no side: in the West his whose ground is fought for."""
    foreign = reading.article.language in FOREIGN
    owner = (land or _ground_owner(passage)) if foreign else None
    return owner or HABIT.get(reading.article.language)


def _driven_out(
    passage: Passage, hit: Hit, inside: Doer | None, before: Doer | None, after: Doer | None
) -> Sides:
    """The loser in the words or right after them, else who drives out or who leaves before them."""
    reach = passage.sentence.words_between
    near = after if after and reach(hit.end, after[1][0]) <= AGENT_REACH else None
    if inside or near:
        return _lost(inside or near)
    leaves = hit.entry is not None and hit.entry.action is Action.WITHDRAW
    return _lost(before) if leaves else _gained(before)


def _passive(passage: Passage, hit: Hit, before: Doer | None, after: Doer | None) -> Sides:
    start, end = passage.segment_of(hit.start)
    near = passage.sentence.words_between
    freed = hit.entry is not None and hit.entry.action is Action.RECAPTURE
    under = passage.sentence.text[: hit.end - passage.sentence.start].endswith(UNDER)
    if after and freed and not under and _is_marked_loser(passage, hit, after[1][0]):
        return _lost(after)
    named = after and (
        is_soldiers(passage, after)
        or is_state(passage, after)
        or near(hit.end, after[1][0]) <= ADJACENT
    )
    if after and named and after[1][0] < end and near(hit.end, after[1][0]) <= AGENT_REACH:
        return _gained(after)
    if before and before[1][0] >= start and is_soldiers(passage, before):
        return _gained(before)
    return NOBODY


def _implied(
    reading: Reading, passage: Passage, hit: Hit, said_by: Speaker | None, land: str | None
) -> Sides:
    """Nobody is named: what fell was its owner's; what was freed or is held is the speaker's."""
    action = hit.entry.action if hit.entry else None
    frame = hit.entry.frame if hit.entry else None
    own = _own_side(reading, said_by)
    if action is Action.SOVEREIGNTY:
        owner = land or _ground_owner(passage)
        return Sides(OPPONENT[owner], None) if owner else NOBODY
    if action is Action.HOLD and frame is Frame.BARE:
        return Sides(land, None) if land else NOBODY
    if frame is Frame.LOSS or frame is Frame.LOSS_OF or action is Action.WITHDRAW:
        loser = own if frame is Frame.LOSS else land
        return Sides(OPPONENT.get(loser or ""), loser) if loser else NOBODY
    if land and (
        is_scare_quoted(passage, hit) or (action is Action.CAPTURE and frame is Frame.PASSIVE)
    ):
        return Sides(OPPONENT[land], None)
    owner = _ground_owner(passage)
    if action in (Action.CAPTURE, Action.ADVANCE) and owner:
        return Sides(OPPONENT[owner], None)
    if action is Action.RECAPTURE and own is None and reading.article.language != "ru":
        own = land
    return Sides(own, None) if own and action in (Action.RECAPTURE, Action.HOLD) else NOBODY


def _own_side(reading: Reading, said_by: Speaker | None) -> str | None:
    if said_by and said_by.party.code in OPPONENT:
        return said_by.party.code
    return narrator(reading)


def _is_marked_loser(passage: Passage, hit: Hit, at: int) -> bool:
    marks = passage.after(hit.end, Category.LOSER_MARK)
    return any(m.end <= at and passage.sentence.words_between(m.end, at) == 0 for m in marks)


def _gained(taker: Doer | None) -> Sides:
    return Sides(taker[0], None, (taker[1],)) if taker else NOBODY


def _lost(loser: Doer | None) -> Sides:
    return Sides(OPPONENT[loser[0]], loser[0], (loser[1],)) if loser else NOBODY
