"""Which ground a claim's word is said of: the places it governs, or those its surroundings name."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from tocsin_classifier.domain.actors import OPPONENT
from tocsin_classifier.domain.coordination import written
from tocsin_classifier.domain.disambiguation import Found
from tocsin_classifier.domain.draft import Piece, piece
from tocsin_classifier.domain.gazetteer import neighbours
from tocsin_classifier.domain.lexicon import Category, Frame
from tocsin_classifier.domain.place_lists import listed_with, without_directions
from tocsin_classifier.domain.places import InContext, context_region, country_place, places
from tocsin_classifier.domain.scan import Hit, Passage, Reading
from tocsin_schemas.place import Place
from tocsin_schemas.vocabulary import Action, EvidenceRole, Level

REACH = 9
"""How many words may stand between a claim's word and the ground it is said of."""


ADJACENT = 1
"""How many words may stand between a noun such as "the capture of" and its place."""


NAME_REACH = 3
"""How many words may stand between a claim's word and a name that may be its ground."""


LONGEST_NAME = 12
"""Words of the longest name."""


Spot = tuple[int, int]
"""Start and end of a place or of a word for ground."""


ON_THE_SPOT = (Action.ADVANCE, Action.HOLD, Action.CONTESTED)
"""What may be said of the ground that another claim of the sentence names."""


class Ground(NamedTuple):
    """The places of a claim; `basis` is the evidence of a context that gives them."""

    places: tuple[Place, ...]
    basis: tuple[Piece, ...] = ()
    stated: bool = True
    """Whether the text names them, not only the country."""

    @property
    def country(self) -> str | None:
        """Whose land it is, None for both sides' or neither's."""
        codes = {(place.code or "")[:2] for place in self.places}
        return next(iter(codes)) if len(codes) == 1 and codes <= set(OPPONENT) else None


def spans_near(reading: Reading, passage: Passage, hit: Hit) -> list[tuple[int, int]]:
    """The places and words for ground near a claim's word, on the side where its frame has them."""
    kept: dict[tuple[int, int, int], list[Spot]] = passage.memory.setdefault("spans_near", {})
    key = (hit.start, hit.end, id(hit.entry))
    if key not in kept:
        kept[key] = _spans_near(reading, passage, hit)
    return kept[key]


def _spans_near(reading: Reading, passage: Passage, hit: Hit) -> list[Spot]:
    known: tuple[list[Spot], list[Spot]] | None = passage.memory.get("spots")
    if known is None:
        named = sorted((p.start, p.end) for p in _changing(reading, passage))
        ground = [(g.start, g.end) for g in passage.of(Category.GROUND, Category.UNIT)]
        passage.memory["spots"] = known = (named, ground)
    named, ground = (spots[_near(passage, hit, spots, REACH)] for spots in known)
    spots = [s for s in named if not (hit.start <= s[0] and s[1] <= hit.end)] + ground
    spots += [(n.start, n.end) for n in names_near(passage, hit)]
    words = passage.sentence.words_between
    if hit.entry and hit.entry.beside:
        return [s for s in named if _is_beside(passage, hit, s)]
    before = [s for s in spots if s[1] <= hit.start and words(s[1], hit.start) <= REACH]
    after = [s for s in spots if s[0] >= hit.start and words(hit.end, s[0]) <= REACH]
    frame = hit.entry.frame if hit.entry else None
    if frame in (Frame.PASSIVE, Frame.FREE_OF):
        chosen = before or after
    elif frame is Frame.BARE:
        chosen = after + before
    else:
        chosen = after or before
    if not chosen and hit.entry and not hit.entry.needs_ground:
        return [(hit.start, hit.end)]
    return chosen


def _is_beside(passage: Passage, hit: Hit, spot: Spot) -> bool:
    """Whether a place stands right after a word; for a passive also as the subject before it."""
    words = passage.sentence.words_between
    if spot[0] >= hit.end:
        return words(hit.end, spot[0]) == 0
    passive = hit.entry is not None and hit.entry.frame is Frame.PASSIVE
    opens = words(passage.segment_of(spot[0])[0], spot[0]) == 0
    return passive and opens and spot[1] <= hit.start and words(spot[1], hit.start) == 0


def _near(passage: Passage, hit: Hit, spots: Sequence[Spot], reach: int) -> slice:
    """Which of the spans, in order, are close enough to a word to be looked at more closely."""
    words = passage.sentence.words_between
    first = last = bisect_left(spots, (hit.start, 0))
    while first > 0 and words(spots[first - 1][0], hit.start) <= reach + LONGEST_NAME:
        first -= 1
    while last < len(spots) and words(hit.end, spots[last][0]) <= reach:
        last += 1
    return slice(first, last)


def names_near(passage: Passage, hit: Hit) -> list[Hit]:
    """Names of settlements near the word, those too that cannot be told from their namesakes."""
    words = passage.sentence.words_between
    names = passage.places()
    if not names:
        return []
    held = passage.of(Category.SIDE, Category.ACTOR, Category.CAPITAL)
    return [
        name
        for name in names[_near(passage, hit, [(n.start, n.end) for n in names], NAME_REACH)]
        if any(m.kind == "settlement" for m in name.meanings)
        and written(passage, name)[:1].isupper()
        and not any(h.start <= name.start and name.end <= h.end for h in held)
        and (words(hit.end, name.start) <= NAME_REACH and words(name.end, hit.start) <= NAME_REACH)
    ]


def is_share(passage: Passage, hit: Hit) -> bool:
    """Whether a share of the country is told beside the word: "19 % of Ukraine"."""
    shares = [g for g in passage.of(Category.GROUND) if g.entry and g.entry.id.endswith(".share")]
    return any(passage.sentence.words_between(hit.end, g.start) <= REACH for g in shares)


def ground_of(reading: Reading, passage: Passage, hit: Hit) -> Ground | None:
    """The places that a claim's word governs, None when its sentence names none."""
    chosen = _governed(passage, hit, _changing(reading, passage))
    return Ground(tuple(p.place for p in chosen)) if chosen else None


def ground_around(reading: Reading, passage: Passage, hit: Hit, claimant: str | None) -> Ground:
    """The ground of the sentence's other claims, the only region of the surroundings, a country."""
    named = _changing(reading, passage)
    country = _country(passage, claimant, across=any(p.across for p in named))
    told = _governed_by_others(passage, hit, named)
    if told and country in (None, told[0].country):
        return Ground(tuple(p.place for p in told))
    found = _across(reading, passage, named) or context_region(reading, passage, country)
    if found is not None:
        spans = [(found.found.start, found.found.end)]
        shown = piece(found.passage, spans, EvidenceRole.PLACE)
        return Ground((found.found.place,), (shown,))
    code = country or "UA"
    return Ground((country_place(code, code),), stated=False)


def _governed(passage: Passage, hit: Hit, found: list[Found]) -> list[Found]:
    direct = [p for p in found if not p.across]
    start, end = passage.segment_of(hit.start)
    end = max(end, passage.segment_of(max(hit.start, hit.end - 1))[1])
    own = [p for p in direct if start <= p.start < end]
    chosen = _on_its_side(passage, hit, own)
    if not chosen:
        claimed = [passage.segment_of(h.start) for h in passage.of(Category.CLAIM) if h is not hit]
        words = passage.sentence.words_between
        free = [
            p
            for p in direct
            if not any(a <= p.start < b for a, b in claimed)
            and words(hit.end, p.start) <= REACH
            and words(p.end, hit.start) <= REACH
        ]
        chosen = _on_its_side(passage, hit, free)
    if not chosen:
        return []
    return without_directions(listed_with(passage, hit, chosen[0], direct))


def _governed_by_others(passage: Passage, hit: Hit, named: list[Found]) -> list[Found]:
    """The ground of the sentence's other claims, where it lies in one region.

    It is that of a word, too, that tells what goes on there: who moves, holds on, or fights.
    """
    if hit.entry is None or hit.entry.action not in ON_THE_SPOT or is_share(passage, hit):
        return []
    found = [
        place
        for other in passage.of(Category.CLAIM)
        if other is not hit
        for place in _governed(passage, other, named)
    ]
    return found if len({p.place.code for p in found}) == 1 else []


def _on_its_side(passage: Passage, hit: Hit, found: list[Found]) -> list[Found]:
    """The places on the side of the word where its frame has the ground, nearest first."""
    words = passage.sentence.words_between
    after = [p for p in found if p.start >= hit.start]
    before = [p for p in reversed(found) if p.end <= hit.start]
    frame = hit.entry.frame if hit.entry else None
    if frame not in (Frame.PASSIVE, Frame.FREE_OF):
        return after or before
    if after and words(hit.end, after[0].start) <= ADJACENT:
        return after
    return before or after


def _changing(reading: Reading, passage: Passage) -> list[Found]:
    """The places that can change hands: no launch site, government or part of an army's name."""
    known: list[Found] | None = passage.memory.get("changing")
    if known is None:
        known = passage.memory["changing"] = _find_changing(reading, passage)
    return known


def _find_changing(reading: Reading, passage: Passage) -> list[Found]:
    names = passage.of(Category.SIDE, Category.ACTOR, Category.SAYS)
    return [
        p
        for p in places(reading, passage)
        if not p.launch
        and not p.government
        and p.place.level != "country"
        and not _is_half(reading, passage, p)
        and not any(h.start <= p.start and p.end <= h.end for h in names)
    ]


def _is_half(reading: Reading, passage: Passage, found: Found) -> bool:
    """Whether a village's name is only the second half of a longer one that is not known."""
    if found.place.level is Level.REGION or reading.article.language == "de":
        return False
    at = found.start - passage.sentence.start
    before = passage.sentence.text[:at]
    word = before.rstrip(" ").rpartition(" ")[2]
    start = passage.sentence.start + before.rfind(word) if word else 0
    if not before.endswith(word + " ") or not word.isalpha() or start == passage.sentence.start:
        return False
    known = any(h.start <= start < h.end for h in passage.hits)
    return word[:1].isupper() and word[1:].islower() and not known


def _across(reading: Reading, passage: Passage, named: list[Found]) -> InContext | None:
    for place in named:
        if place.across:
            facing = {c for c in neighbours(place.entry.code or "") if c[:2] != place.country}
            found = context_region(reading, passage, "RU" if place.country == "UA" else "UA")
            if found and found.found.place.code in facing:
                return found
    return None


def _of_ground(passage: Passage) -> list[Hit]:
    """The adjectives of nations that stand with a word for ground: "Russian territory"."""
    words = passage.sentence.words_between
    spots = passage.of(Category.GROUND, Category.UNIT)
    return [
        n
        for n in passage.of(Category.NATION)
        if any(
            words(n.end, g.start) <= 1 if g.start >= n.end else words(g.end, n.start) == 0
            for g in spots
        )
    ]


def _country(passage: Passage, claimant: str | None, *, across: bool) -> str | None:
    """Whose land it is by the adjectives of the sentence, or by whom it was taken from."""
    nations = {h.entry.code for h in _of_ground(passage) if h.entry}
    if len(nations & set(OPPONENT)) == 1 and claimant not in nations:
        return next(iter(nations & set(OPPONENT)))
    if passage.of(Category.ENEMY) or across:
        return OPPONENT.get(claimant or "")
    return None
