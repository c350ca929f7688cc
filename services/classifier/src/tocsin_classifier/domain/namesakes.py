"""Which of several places of one name is meant, by what the text and the front tell."""

import re
from functools import partial
from math import cos, hypot, radians
from typing import NamedTuple

from tocsin_classifier.domain.gazetteer import FormMeaning, Meanings, PlaceEntry, front_regions
from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.scan import Hit, Passage, Reading

CONTEXT_SENTENCES = 3
"""In how many sentences before a namesake's region is looked for."""

BIG_CITY_PEOPLE = 60_000
"""A city of so many people tells of which region an article speaks."""

TOWN_PEOPLE = 5000
"""A place with fewer people is known to few, and its name is likely to be another one's too."""

UNKNOWN_PEOPLE = 1500
"""How many people a village is taken to have whose number is not known."""

FAR_BIGGER = 8
"""A town is meant without its region when it has so many times the people of its namesakes."""

BIGGER_AT_THE_FRONT = 5
"""The same for a town at the front, in a sentence about ground that changed hands."""

NEIGHBOURHOOD_KM = 45.0
"""How far a village may lie from the town that its sentence names beside it."""

MOST_NAMESAKES = 3
"""A village's name that more regions share is likely to be that of one more, not listed here."""

KM_A_DEGREE = 111.2

LONGEST_LIST = 400
"""Code points between a village and the region that its list names at the end."""

_LIST = re.compile(
    r"""(?:[\s,«»„“”"'’()-]|\b[^\W\d_a-zа-яіїєґß-ÿ][\w'’.-]*+"""
    r"""|\b(?:и|і|та|й|and|et|und|sowie|а\ также|а\ також|в|у|in|in\ the|dans\ la|dans|im)\b)*+""",
    re.VERBOSE,
)
"""Names, what joins them, and the preposition before the region in which they lie."""

_IN = re.compile(r"\b(?:в|у|in|dans|im)\W+(?:\w{2,3}\W+)?$")
"""That preposition."""


class Beside(NamedTuple):
    """The region named with a settlement, and whether the text says that it lies in it."""

    codes: frozenset[str]
    inside: bool = False


NOWHERE = Beside(frozenset())


def region_beside(passage: Passage, hit: Hit, following: list[Hit]) -> Beside:
    """The region named right after a settlement or after the list in which it stands.

    "Terny, Donetsk region"; "Terny, Yampil and Torske in the Donetsk region".
    """
    at = passage.sentence.start
    for other in following:
        codes = frozenset(
            m.entry.code
            for m in other.meanings
            if m.kind in ("region", "polity") and m.entry.code is not None
        )
        if not codes:
            continue
        between = passage.sentence.text[hit.end - at : other.start - at]
        listed = len(between) <= LONGEST_LIST and _LIST.fullmatch(between)
        return Beside(codes, inside=bool(_IN.search(between))) if listed else NOWHERE
    return NOWHERE


def is_elsewhere_called(meaning: FormMeaning, beside: Beside) -> bool:
    """Whether it is a place of another region than the one that the text names with it.

    A city is meant in "Kharkiv and Sumy regions", but not in "Makiivka in the Luhansk region".
    """
    if not beside.codes or meaning.kind != "settlement" or meaning.entry.code in beside.codes:
        return False
    return beside.inside or meaning.entry.population < BIG_CITY_PEOPLE


def raion_meant(
    reading: Reading, passage: Passage, raions: list[PlaceEntry], stated: frozenset[str]
) -> PlaceEntry | None:
    """A district whose region the article names; where it names none, the only one so called."""
    known = (stated, _regions_near(reading, passage), _regions_of(reading))
    for named_regions in known:
        fitting = [r for r in raions if r.code in named_regions]
        if fitting:
            return fitting[0]
    return raions[0] if len(raions) == 1 and not any(known) else None


def town_meant(
    reading: Reading, passage: Passage, towns: list[PlaceEntry], stated: frozenset[str]
) -> PlaceEntry | None:
    """Of several namesakes the one that the text tells, else one far bigger, else none.

    The text tells it by its region, or by a place beside it. A village counts only where nothing
    in the article speaks for another region. Ground changes hands at the front alone: where a
    sentence is about that, namesakes elsewhere are left out.
    """
    if len(towns) == 1 and _is_meant_anyway(passage, towns[0], stated):
        return towns[0]
    ranked = sorted(towns, key=lambda t: -t.population)
    fitting = [t for t in ranked if t.code in stated] or _neighbours(passage, ranked)
    for named_regions in (partial(_regions_near, reading, passage), partial(_regions_of, reading)):
        fitting = fitting or _in_regions(ranked, named_regions())
    if fitting:
        return fitting[0]
    if passage.of(Category.CLAIM):
        return _at_the_front(ranked, stated, _regions_near(reading, passage))
    small = [t for t in ranked if t.population < TOWN_PEOPLE]
    if len(small) == len(ranked) and (len(ranked) > 1 or _regions_of(reading)):
        return None
    if len(ranked) == 1 or ranked[0].population >= FAR_BIGGER * ranked[1].population:
        return ranked[0]
    return None


def _is_meant_anyway(passage: Passage, town: PlaceEntry, stated: frozenset[str]) -> bool:
    """Whether the only town of a name is meant whichever regions the article names."""
    if not passage.of(Category.CLAIM):
        return town.population >= TOWN_PEOPLE
    if town.population >= BIG_CITY_PEOPLE:
        return True
    return is_at_the_front(town) and (not stated or town.population >= TOWN_PEOPLE)


def _in_regions(towns: list[PlaceEntry], codes: frozenset[str]) -> list[PlaceEntry]:
    return [town for town in towns if town.code in codes]


def is_at_the_front(entry: PlaceEntry) -> bool:
    """Whether ground can change hands there: in a region of the front, or on an island of it."""
    return entry.code in front_regions() or entry.id.startswith("landmark:")


def _at_the_front(
    ranked: list[PlaceEntry], stated: frozenset[str], near: frozenset[str]
) -> PlaceEntry | None:
    """The only one, or the far biggest, of those at the front and of the towns elsewhere.

    `stated` and `near` are regions told in the sentence and around it, none of which fits.
    """
    left = [t for t in ranked if is_at_the_front(t) or t.population >= BIG_CITY_PEOPLE]
    common = len({t.code for t in ranked}) > MOST_NAMESAKES
    doubtful = bool(stated) or common or (len(ranked) > 1 and bool(near))
    if not left or (doubtful and left[0].population < TOWN_PEOPLE):
        return None
    rivals = [t for t in left if t.code != left[0].code]
    if not rivals:
        return left[0]
    most = max(rivals[0].population, UNKNOWN_PEOPLE)
    return left[0] if left[0].population >= BIGGER_AT_THE_FRONT * most else None


def _neighbours(passage: Passage, ranked: list[PlaceEntry]) -> list[PlaceEntry]:
    """Those near a town that the sentence names too, where they lie in one region only."""
    if len({t.code for t in ranked}) < 2:
        return []
    towns = [t for hit in passage.places() if (t := _only_town(hit)) and t not in ranked]
    near = [t for t in ranked if any(_distance(t, town) <= NEIGHBOURHOOD_KM for town in towns)]
    return near if len({t.code for t in near}) == 1 else []


def _only_town(hit: Hit) -> PlaceEntry | None:
    """The town that a name means whatever stands around it."""
    towns = [m.entry for m in hit.meanings if m.kind == "settlement" and m.caution == "none"]
    return towns[0] if len(towns) == 1 == len(hit.meanings) else None


def _distance(one: PlaceEntry, other: PlaceEntry) -> float:
    """Kilometres between two places, on a plane, which is enough so near; far when unknown."""
    if one.latitude is None or other.latitude is None:
        return float("inf")
    if one.longitude is None or other.longitude is None:
        return float("inf")
    east = (one.longitude - other.longitude) * cos(radians(one.latitude))
    return KM_A_DEGREE * hypot(one.latitude - other.latitude, east)


def _regions_near(reading: Reading, passage: Passage) -> frozenset[str]:
    near = [*reading.previous(passage, CONTEXT_SENTENCES), *reading.passages[:1]]
    return frozenset().union(*map(_region_codes, near))


def _regions_of(reading: Reading) -> frozenset[str]:
    if reading.regions is None:
        reading.regions = frozenset().union(*map(_region_codes, reading.passages))
    return reading.regions


def _region_codes(passage: Passage) -> frozenset[str]:
    """The codes of the regions that a sentence names, worked out once."""
    known: frozenset[str] | None = passage.memory.get("regions")
    if known is None:
        likely = any(map(_told_regions, passage.likely_names()))
        told = [_told_regions(hit.meanings) for hit in passage.places()] if likely else ()
        known = passage.memory["regions"] = frozenset().union(*told)
    return known


def _told_regions(meanings: Meanings) -> frozenset[str]:
    """The codes of the regions of which a name tells."""
    return frozenset(
        code
        for meaning in meanings
        if _tells_region(meaning)
        for code in (meaning.entry.regions or (meaning.entry.code or "",))
        if "-" in code
    )


def _tells_region(meaning: FormMeaning) -> bool:
    if meaning.kind == "settlement":
        return meaning.entry.population >= BIG_CITY_PEOPLE
    return meaning.kind in ("region", "polity", "adjective")
