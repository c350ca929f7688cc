"""What a place name means where it stands: town or region, which of several, or across from it."""

from functools import lru_cache
from typing import NamedTuple

from tocsin_classifier.domain.coordination import (
    ADJECTIVES,
    Way,
    bare_adjectives,
    follows,
    ways,
    written,
)
from tocsin_classifier.domain.gazetteer import FormMeaning, PlaceEntry
from tocsin_classifier.domain.gazetteer import entry as gazetteer_entry
from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.namesakes import (
    is_at_the_front,
    is_elsewhere_called,
    raion_meant,
    region_beside,
    town_meant,
)
from tocsin_classifier.domain.scan import Hit, Passage, Reading
from tocsin_schemas.place import Place
from tocsin_schemas.vocabulary import Level

SURROUNDING = {"UA-30": "UA-32", "RU-MOW": "RU-MOS", "RU-SPE": "RU-LEN"}
"""The regions around the cities that are regions of their own."""

CLAIM_REACH = 3
"""How many words may stand between a doubtful name and the claim that makes it a place."""

SIDES = (
    Category.SIDE,
    Category.OWN,
    Category.ENEMY,
    Category.NATION,
    Category.ACTOR,
    Category.CAPITAL,
)
"""Categories that name a side."""

MADE_PLACES = 4096
"""How many places are kept ready, since news names the same ones again and again."""


class Found(NamedTuple):
    """A place named in a sentence."""

    start: int
    end: int
    place: Place
    entry: PlaceEntry
    launch: bool = False
    """The attack came from there."""
    across: bool = False
    """What is meant lies across the border from the named place."""
    direction: bool = False
    """Only a direction, a front or a district called after the place."""
    government: bool = False
    """A capital that stands for its government."""

    @property
    def country(self) -> str:
        """The country's code, empty when it is not known."""
        return (self.place.code or "")[:2]


def resolve(reading: Reading, passage: Passage) -> list[Found]:
    """The places that a sentence names, in order; a name that cannot be decided is left out."""
    hits = [hit for hit in passage.places() if hit.meanings]
    introduced = ways(passage, hits)
    stated = _stated_regions(hits, introduced)
    bare = bare_adjectives(passage, hits)
    found: list[Found] = []
    for at, (hit, way) in enumerate(zip(hits, introduced, strict=True)):
        beside = region_beside(passage, hit, hits[at + 1 :])
        if at in bare:
            continue
        meant = [m for m in hit.meanings if _counts(passage, hit, m, way, beside.codes or stated)]
        meant = [m for m in meant if not is_elsewhere_called(m, beside)]
        chosen = _choose(reading, passage, meant, way, beside.codes or stated)
        if chosen is not None:
            found.append(
                Found(
                    hit.start,
                    hit.end,
                    named(chosen, written(passage, hit)),
                    chosen,
                    launch=_is_launch_site(passage, hit, chosen),
                    across=follows(passage, hit, Category.OPPOSITE),
                    direction=any(m.kind in ADJECTIVES for m in meant if m.entry is chosen),
                    government=_is_government(passage, hit, way),
                )
            )
    return found


@lru_cache(maxsize=MADE_PLACES)
def named(entry: PlaceEntry, name: str) -> Place:
    """An entry of the gazetteer as a place, under the name that the text uses."""
    level = Level.AREA if entry.level in ("sea", "area") else Level(entry.level)
    return Place(
        name=name,
        canonical_name=entry.name,
        code=entry.code,
        katottg=entry.katottg,
        level=level,
        parents=tuple(_parent_name(parent) for parent in entry.parents),
        latitude=entry.latitude,
        longitude=entry.longitude,
    )


def _parent_name(key: str) -> str:
    parent = gazetteer_entry(key)
    return parent.name if parent else key


def _stated_regions(hits: list[Hit], introduced: list[Way]) -> frozenset[str]:
    return frozenset(
        m.entry.code
        for hit, way in zip(hits, introduced, strict=True)
        for m in hit.meanings
        if m.entry.code and (m.kind in ("region", "polity") or way is Way.REGION)
    )


def _is_government(passage: Passage, hit: Hit, way: Way) -> bool:
    named = passage.of(Category.CAPITAL)
    capitals = [h for h in named if h.start <= hit.start and hit.end <= h.end]
    if not capitals or way is not Way.PLAIN:
        return False
    near = passage.next_before(hit.start, Category.LOCATIVE)
    return near is None or passage.sentence.words_between(near.end, hit.start) > 0


def _counts(
    passage: Passage, hit: Hit, meaning: FormMeaning, way: Way, stated: frozenset[str]
) -> bool:
    if meaning.kind in ("capital_for_government", "country", "sea"):
        return False
    if meaning.kind in ADJECTIVES:
        return meaning.kind == "adjective" or way is Way.REGION
    if meaning.caution == "none":
        return True
    if not written(passage, hit)[:1].isupper():
        return False
    landmark = meaning.entry.id.startswith("landmark:") and " " in written(passage, hit)
    if (
        landmark
        or meaning.caution == "capital"
        or way is not Way.PLAIN
        or meaning.entry.code in stated
    ):
        return True
    return is_at_the_front(meaning.entry) and _is_fought_for(passage, hit)


def _is_fought_for(passage: Passage, hit: Hit) -> bool:
    """Whether a word of taking or losing stands right beside the name, and a side is named."""
    words = passage.sentence.words_between
    near = any(
        words(h.end, hit.start) <= CLAIM_REACH and words(hit.end, h.start) <= CLAIM_REACH
        for h in passage.of(Category.CLAIM)
    )
    return near and bool(passage.of(*SIDES))


def _is_launch_site(passage: Passage, hit: Hit, entry: PlaceEntry) -> bool:
    """From there an attack is launched: the attacker's own ground, or what he holds for long."""
    if follows(passage, hit, Category.LAUNCH):
        return True
    code = entry.code or ""
    if code != "UA-43" and not code.startswith("RU"):
        return False
    near = passage.next_before(hit.start, Category.FROM)
    return near is not None and passage.sentence.words_between(near.end, hit.start) == 0


def _choose(
    reading: Reading, passage: Passage, meant: list[FormMeaning], way: Way, stated: frozenset[str]
) -> PlaceEntry | None:
    if not meant:
        return None
    units = [m.entry for m in meant if m.kind not in ("settlement", "raion")]
    raions = [m.entry for m in meant if m.kind == "raion"]
    if raions and not units:
        return raion_meant(reading, passage, raions, stated)
    towns = [m.entry for m in meant if m.kind == "settlement"]
    if units and (way is Way.REGION or not towns):
        return units[0]
    town = town_meant(reading, passage, towns, stated)
    if town is None:
        return units[0] if units else None
    if way in (Way.REGION, Way.AROUND):
        return gazetteer_entry(SURROUNDING.get(town.code or "", town.code or "")) or town
    return town
