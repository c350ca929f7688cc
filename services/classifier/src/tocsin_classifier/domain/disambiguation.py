"""What a place name means where it stands: town or region, which of several, or across from it."""

from dataclasses import dataclass
from functools import lru_cache

from tocsin_classifier.domain.coordination import Way, bare_adjectives, follows, ways, written
from tocsin_classifier.domain.gazetteer import FormMeaning, PlaceEntry
from tocsin_classifier.domain.gazetteer import entry as gazetteer_entry
from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.scan import Hit, Passage, Reading
from tocsin_schemas.place import Place
from tocsin_schemas.vocabulary import Level

CONTEXT_SENTENCES = 3
"""In how many sentences before a namesake's region is looked for."""

SURROUNDING = {"UA-30": "UA-32", "RU-MOW": "RU-MOS", "RU-SPE": "RU-LEN"}
"""The regions around the cities that are regions of their own."""

BIG_CITY_PEOPLE = 60_000
"""A city of so many people tells of which region an article speaks."""

TOWN_PEOPLE = 5000
"""A place with fewer people is known to few, and its name is likely to be another one's too."""

MADE_PLACES = 4096
"""How many places are kept ready, since news names the same ones again and again."""

FAR_BIGGER = 8
"""A town is meant without its region when it has so many times the people of its namesakes."""


@dataclass(frozen=True, slots=True)
class Found:
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
        beside = _region_beside(passage, hit, hits[at + 1 : at + 2]) or stated
        if at in bare:
            continue
        meant = [m for m in hit.meanings if _counts(passage, hit, m, way, beside)]
        chosen = _choose(reading, passage, meant, way, beside)
        if chosen is not None:
            found.append(
                Found(
                    hit.start,
                    hit.end,
                    named(chosen, written(passage, hit)),
                    chosen,
                    launch=_is_launch_site(passage, hit, chosen),
                    across=follows(passage, hit, Category.OPPOSITE),
                    direction=all(m.kind == "adjective" for m in meant),
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


def _region_beside(passage: Passage, hit: Hit, following: list[Hit]) -> frozenset[str]:
    """The region named right after a settlement: "Terny, Donetsk region"."""
    for other in following:
        if passage.sentence.words_between(hit.end, other.start) == 0:
            return frozenset(
                m.entry.code for m in other.meanings if m.kind == "region" and m.entry.code
            )
    return frozenset()


def _is_government(passage: Passage, hit: Hit, way: Way) -> bool:
    capitals = [h for h in passage.of(Category.CAPITAL) if (h.start, h.end) == (hit.start, hit.end)]
    if not capitals or way is not Way.PLAIN:
        return False
    near = passage.before(hit.start, Category.LOCATIVE)[:1]
    return not any(passage.sentence.words_between(h.end, hit.start) == 0 for h in near)


def _counts(
    passage: Passage, hit: Hit, meaning: FormMeaning, way: Way, stated: frozenset[str]
) -> bool:
    if meaning.kind in ("capital_for_government", "country", "sea"):
        return False
    if meaning.kind == "adjective":
        return True
    if meaning.caution == "none":
        return True
    if not written(passage, hit)[:1].isupper():
        return False
    if meaning.caution == "capital":
        return True
    return way is not Way.PLAIN or meaning.entry.code in stated


def _is_launch_site(passage: Passage, hit: Hit, entry: PlaceEntry) -> bool:
    """From there an attack is launched: the attacker's own ground, or what he holds for long."""
    if follows(passage, hit, Category.LAUNCH):
        return True
    code = entry.code or ""
    near = passage.before(hit.start, Category.FROM)[:1]
    adjacent = any(passage.sentence.words_between(h.end, hit.start) == 0 for h in near)
    return adjacent and (code == "UA-43" or code.startswith("RU"))


def _choose(
    reading: Reading, passage: Passage, meant: list[FormMeaning], way: Way, stated: frozenset[str]
) -> PlaceEntry | None:
    if not meant:
        return None
    units = [m.entry for m in meant if m.kind not in ("settlement", "raion")]
    raions = [m.entry for m in meant if m.kind == "raion"]
    if raions and not units:
        return _raion(reading, passage, raions, stated)
    towns = [m.entry for m in meant if m.kind == "settlement"]
    if units and (way is Way.REGION or not towns):
        return units[0]
    town = _town(reading, passage, towns, stated)
    if town is None:
        return units[0] if units else None
    if way in (Way.REGION, Way.AROUND):
        return gazetteer_entry(SURROUNDING.get(town.code or "", town.code or "")) or town
    return town


def _raion(
    reading: Reading, passage: Passage, raions: list[PlaceEntry], stated: frozenset[str]
) -> PlaceEntry | None:
    """A district whose region the article names; where it names none, the only one so called."""
    known = (stated, _regions_near(reading, passage), _regions_of(reading))
    for named_regions in known:
        fitting = [r for r in raions if r.code in named_regions]
        if fitting:
            return fitting[0]
    return raions[0] if len(raions) == 1 and not any(known) else None


def _town(
    reading: Reading, passage: Passage, towns: list[PlaceEntry], stated: frozenset[str]
) -> PlaceEntry | None:
    """Of several namesakes the one whose region the text names, else one far bigger, else none.

    A village counts only where nothing in the article speaks for another region.
    """
    ranked = sorted(towns, key=lambda t: -t.population)
    for named_regions in (stated, _regions_near(reading, passage), _regions_of(reading)):
        fitting = [t for t in ranked if t.code in named_regions]
        if fitting:
            return fitting[0]
    small = [t for t in ranked if t.population < TOWN_PEOPLE]
    if len(small) == len(ranked) and (len(ranked) > 1 or _regions_of(reading)):
        return None
    if len(ranked) == 1 or ranked[0].population >= FAR_BIGGER * ranked[1].population:
        return ranked[0]
    return None


def _regions_near(reading: Reading, passage: Passage) -> frozenset[str]:
    near = [*reading.previous(passage, CONTEXT_SENTENCES), *reading.passages[:1]]
    return frozenset(code for other in near for code in _region_codes(other))


def _regions_of(reading: Reading) -> frozenset[str]:
    if reading.regions is None:
        reading.regions = frozenset(c for other in reading.passages for c in _region_codes(other))
    return reading.regions


def _region_codes(passage: Passage) -> list[str]:
    return [
        m.entry.code
        for hit in passage.places()
        for m in hit.meanings
        if m.entry.code and "-" in m.entry.code and _tells_region(m)
    ]


def _tells_region(meaning: FormMeaning) -> bool:
    if meaning.kind == "settlement":
        return meaning.entry.population >= BIG_CITY_PEOPLE
    return meaning.kind in ("region", "polity", "adjective")
