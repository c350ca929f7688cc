"""Which places of a sentence are listed together, on one side of a claim's word."""

from itertools import pairwise

from tocsin_classifier.domain.coordination import JOINERS, is_joined
from tocsin_classifier.domain.disambiguation import Found
from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.scan import Hit, Passage
from tocsin_schemas.vocabulary import Level

LIST_GAP = 5
"""How many words may stand between two places of one list: "X and Y in the Z region"."""


APART = (Category.CLAIM, Category.SIDE, Category.SAYS, Category.ACCORDING, Category.ATTACK)
"""Words that end a list of places."""


def listed_with(passage: Passage, hit: Hit, first: Found, found: list[Found]) -> list[Found]:
    """The places listed together with one: on the same side of the word, a few words apart."""
    ordered = sorted(found, key=lambda p: p.start)
    at = ordered.index(first)
    chosen = [first]
    for one, other in pairwise(ordered[at:]):
        if not _belongs(passage, hit, one, other):
            break
        chosen.append(other)
    for one, other in pairwise(ordered[: at + 1][::-1]):
        if not _belongs(passage, hit, other, one):
            break
        chosen.append(other)
    return chosen


def _belongs(passage: Passage, hit: Hit, one: Found, other: Found) -> bool:
    gap = passage.sentence.words_between(one.end, other.start)
    listed = gap == 0 or _is_listed(passage, one, other)
    if not listed and (gap > LIST_GAP or Level.REGION not in (one.place.level, other.place.level)):
        return False
    if one.end <= hit.start < other.start and passage.segment_of(hit.start)[0] > one.start:
        return False
    return not any(one.end <= h.start < other.start for h in passage.of(*APART) if h is not hit)


def _is_listed(passage: Passage, one: Found, other: Found) -> bool:
    """Whether only what joins a list stands between two places, and nouns such as "village"."""
    if is_joined(passage, _hit(one), _hit(other)):
        return True
    at = passage.sentence.start
    text = passage.sentence.text
    nouns = [h for h in passage.of(Category.CITY_WORD) if one.end <= h.start < other.start]
    edges = [one.end, *(edge for h in nouns for edge in (h.start, h.end)), other.start]
    between = "".join(text[a - at : b - at] for a, b in zip(edges[::2], edges[1::2], strict=True))
    words = " ".join(between.lower().split()).removeprefix(", ")
    return bool(nouns) and words in {"", *JOINERS}


def _hit(found: Found) -> Hit:
    return Hit(found.start, found.end, None)


def without_directions(chosen: list[Found]) -> list[Found]:
    """Of a list its towns, or its directions alone when the word's nearest place is one."""
    return [p for p in chosen if p.direction == chosen[0].direction]
