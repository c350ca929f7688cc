"""How names are introduced and listed: what one name of a list says about the others."""

from enum import StrEnum
from itertools import pairwise

from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.scan import Hit, Passage

JOINERS = frozenset(
    {",", "et", "and", "und", "та", "і", "й", "и", ", et", ", and", ", та", ", и", "/", "&", "-",
     "sowie", "а також", "а также", "ainsi que", "et de", ", de", "et d'", "і в", "и в", "або"}
)  # fmt: skip
"""What may stand between the names of a list, folded."""

ADJECTIVES = ("adjective", "sector")
"""Kinds of meanings that are a place only beside a word such as region or front."""

ROUND = (("UA-30", "UA-32"), ("RU-MOW", "RU-MOS"), ("RU-SPE", "RU-LEN"))
"""The cities that are regions of their own, with the regions round them."""

NEAR = 3
"""How many words may stand between a word such as "around" and the name that it is said of."""


class Way(StrEnum):
    """How a name is introduced: as a region, as a town, as the country around a town."""

    REGION = "region"
    CITY = "city"
    AROUND = "around"
    PLAIN = "plain"


def ways(passage: Passage, hits: list[Hit]) -> list[Way]:
    """The way in which each name is introduced, lists taken into account."""
    found = [_way(passage, hit) for hit in hits]
    joined = [is_joined(passage, a, b) for a, b in pairwise(hits)]
    # In a list the first name's word holds for the names after it, the last one's for those before.
    for at, together in enumerate(joined):
        if together and found[at + 1] is Way.PLAIN and found[at] is not Way.PLAIN:
            found[at + 1] = found[at]
    for at in range(len(joined) - 1, -1, -1):
        told = joined[at] and found[at] is Way.PLAIN and found[at + 1] is Way.REGION
        if told and not _is_round(hits[at + 1], hits[at]):
            found[at] = Way.REGION
    return found


def _is_round(region: Hit, city: Hit) -> bool:
    """Whether the one is called after the other and lies round it: "Kyiv and Kyiv region"."""
    codes = {m.entry.code for m in city.meanings if m.kind == "settlement"}
    round_it = {outer for inner, outer in ROUND if inner in codes}
    return any(m.entry.code in round_it for m in region.meanings)


def _way(passage: Passage, hit: Hit) -> Way:
    if follows(passage, hit, Category.AROUND):
        return Way.AROUND
    if any(m.kind in ("region", "raion") for m in hit.meanings):
        only_region = all(m.kind in ("region", "raion", *ADJECTIVES) for m in hit.meanings)
        return Way.REGION if only_region else Way.PLAIN
    if touches(passage, hit, Category.CITY_WORD):
        return Way.CITY
    if any(m.kind in ADJECTIVES for m in hit.meanings) and touches(
        passage, hit, Category.REGION_AFTER
    ):
        return Way.REGION
    if touches(passage, hit, Category.REGION_WORD):
        return Way.REGION
    return Way.PLAIN


def touches(passage: Passage, hit: Hit, category: Category) -> bool:
    """Whether a word of the category stands right beside the name, on a side where it may."""
    if not passage.of(category):
        return False
    words = passage.sentence.words_between
    after = passage.next_after(hit.end, category)
    if after is not None and words(hit.end, after.start) == 0:
        return True
    if category is Category.REGION_AFTER:
        return False
    before = passage.next_before(hit.start, category)
    return (
        before is not None
        and words(before.end, hit.start) <= 1
        and not _is_apart(passage, before, hit)
    )


def follows(passage: Passage, hit: Hit, category: Category) -> bool:
    """Whether the name follows a word of the category within a few words."""
    near = passage.next_before(hit.start, category)
    return (
        near is not None
        and passage.sentence.words_between(near.end, hit.start) <= NEAR
        and not _is_apart(passage, near, hit)
    )


def _is_apart(passage: Passage, word: Hit, hit: Hit) -> bool:
    """Whether a clause ends between a word and a name: "around Donetsk, as Moscow says"."""
    start = passage.sentence.start
    _, comma, opening = passage.sentence.text[word.end - start : hit.start - start].rpartition(",")
    return bool(comma) and opening.strip().lower() not in {"", *JOINERS}


def is_joined(passage: Passage, first: Hit, second: Hit) -> bool:
    """Whether two names are neighbours in one list."""
    start = passage.sentence.start
    between = passage.sentence.text[first.end - start : second.start - start].strip().lower()
    return between in JOINERS


def bare_adjectives(passage: Passage, hits: list[Hit]) -> frozenset[int]:
    """Positions of adjectives that mean no place: none but those beside a word such as region.

    In a list the last one's word holds for those before it ("the Bryansk, Kaluga and Tula
    regions"), and an adjective with a capital letter is part of a region's name in a sentence
    that names regions.
    """
    regional = any(m.kind == "region" for hit in hits for m in hit.meanings) or bool(
        passage.of(Category.REGION_AFTER)
    )
    bare: set[int] = set()
    for at in range(len(hits) - 1, -1, -1):
        hit = hits[at]
        if any(m.kind not in ADJECTIVES for m in hit.meanings):
            continue
        words = written(passage, hit)
        whole = " " in words or "-" in words
        named = regional and words[:1].isupper() and hit.start > passage.sentence.start
        named = named and any(m.kind == "adjective" for m in hit.meanings)
        before_noun = touches(passage, hit, Category.REGION_AFTER)
        listed = (
            at + 1 < len(hits)
            and at + 1 not in bare
            and is_joined(passage, hit, hits[at + 1])
            and any(m.kind in (*ADJECTIVES, "region", "raion") for m in hits[at + 1].meanings)
        )
        if not (whole or named or before_noun or listed):
            bare.add(at)
    return frozenset(bare)


def written(passage: Passage, hit: Hit) -> str:
    """The words of a hit as the text has them."""
    start = passage.sentence.start
    return passage.sentence.text[hit.start - start : hit.end - start]
