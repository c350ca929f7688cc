"""Who gained and who lost ground: roles by the order of the words and their segments."""

from dataclasses import dataclass

from tocsin_classifier.domain.actors import OPPONENT, narrator
from tocsin_classifier.domain.attribution import Speaker
from tocsin_classifier.domain.lexicon import Category, Frame
from tocsin_classifier.domain.negation import segment_of
from tocsin_classifier.domain.scan import Hit, Passage, Reading


@dataclass(frozen=True, slots=True)
class Sides:
    """Who gained, who lost, and the words that say so."""

    claimant: str | None
    loser: str | None
    spans: tuple[tuple[int, int], ...] = ()


def sides_of(reading: Reading, passage: Passage, hit: Hit, said_by: Speaker | None) -> Sides:
    """Who gained and who lost by a claim's word, as its frame and the sentence tell."""
    frame = hit.entry.frame if hit.entry else None
    own = said_by.party.code if said_by and said_by.party.code in OPPONENT else narrator(reading)
    before, after = _doers(passage, hit, own)
    if frame in (Frame.FREE_OF, Frame.LOSS_OF):
        return _lost(after)
    if frame is Frame.LOSS:
        return _lost(before or after)
    if frame is Frame.PASSIVE:
        if after and _is_marked_loser(passage, hit, after[1][0]):
            return _lost(after)
        owner = _ground_owner(passage, hit)
        if not after and not before and owner:
            return Sides(OPPONENT[owner], None)
    taker = (after or before) if frame is Frame.PASSIVE else (before or after)
    if taker is None:
        return Sides(None, None)
    return Sides(taker[0], None, (taker[1],))


Doer = tuple[str, tuple[int, int]]
STRONG = (Category.SIDE, Category.OWN, Category.ENEMY)
STATES = (Category.ACTOR, Category.CAPITAL)
DOERS = (*STRONG, *STATES)


def _doers(passage: Passage, hit: Hit, own: str | None) -> tuple[Doer | None, Doer | None]:
    """The likeliest doer before and after a claim's word.

    Soldiers in the same segment come first, then states in it, then adjectives that belong to no
    ground, then the nearest of any kind in the rest of the sentence.
    """
    start, end = segment_of(passage, hit.start)
    found: list[Doer | None] = []
    for side in (
        passage.before(hit.start, *STRONG, *STATES, Category.NATION),
        passage.after(hit.start + 1, *STRONG, *STATES, Category.NATION),
    ):
        near = [h for h in side if start <= h.start < end]
        kinds = (STRONG, STATES, (Category.NATION,))
        ranked = [h for kind in kinds for h in near if h.category in kind]
        ranked += [h for h in side if h not in near and h.category is not Category.NATION]
        free = [
            h for h in ranked if h.category is not Category.NATION or not _is_of_ground(passage, h)
        ]
        coded = [(code, (h.start, h.end)) for h in free if (code := _code(h, own)) in OPPONENT]
        found.append(coded[0] if coded else None)
    before, after = found
    if before and after and _is_stronger(passage, hit, after, before):
        before = None
    return before, after


def _is_stronger(passage: Passage, hit: Hit, one: Doer, other: Doer) -> bool:
    """Soldiers in the word's own segment against a state, or against anybody outside of it."""
    start, end = segment_of(passage, hit.start)
    strong = {(h.start, h.end) for h in passage.of(*STRONG) if start <= h.start < end}
    return one[1] in strong and other[1] not in strong


def _is_of_ground(passage: Passage, nation: Hit) -> bool:
    """Whether an adjective of a nation describes a place or a word for ground, not soldiers."""
    words = passage.sentence.words_between
    spots = [(h.start, h.end) for h in passage.hits if h.category in (None, Category.GROUND)]
    return any(
        (a >= nation.end and words(nation.end, a) <= 1)
        or (b <= nation.start and words(b, nation.start) == 0)
        for a, b in spots
    )


def _ground_owner(passage: Passage, hit: Hit) -> str | None:
    for nation in passage.before(hit.start, Category.NATION):
        if nation.entry and nation.entry.code in OPPONENT and _is_of_ground(passage, nation):
            return nation.entry.code
    return None


def _is_marked_loser(passage: Passage, hit: Hit, at: int) -> bool:
    marks = passage.after(hit.end, Category.LOSER_MARK)
    return any(m.end <= at and passage.sentence.words_between(m.end, at) == 0 for m in marks)


def _code(hit: Hit, own: str | None) -> str | None:
    if hit.category is Category.OWN:
        return own
    if hit.category is Category.ENEMY:
        return OPPONENT.get(own or "")
    return hit.entry.code if hit.entry else None


def _lost(loser: tuple[str, tuple[int, int]] | None) -> Sides:
    if loser is None:
        return Sides(None, None)
    return Sides(OPPONENT[loser[0]], loser[0], (loser[1],))
