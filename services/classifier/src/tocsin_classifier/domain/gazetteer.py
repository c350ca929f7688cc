"""The places a text can name: regions, raions, settlements and seas, by their folded forms.

Reads the package data in data/places once, and makes a place only when a text first names it. What
a form means is a set of candidates; which of them a sentence means is for its reader to decide.
"""

import tomllib
from collections.abc import Iterator, KeysView
from functools import cache
from importlib import resources
from typing import Any, Literal, NamedTuple

from tocsin_classifier.domain.folding import fold

EntryLevel = Literal["country", "region", "raion", "city", "town", "village", "area", "sea"]
MeaningKind = Literal[
    "region",
    "adjective",
    "sector",
    "settlement",
    "raion",
    "polity",
    "country",
    "sea",
    "capital_for_government",
]
Caution = Literal["none", "capital", "context"]
Flag = Literal["ambiguous_word"]

_ACRONYM = 3  # letters; "РФ", "ЛНР"
_CAUTIONS: tuple[Caution, ...] = ("none", "capital", "context")


class PlaceEntry(NamedTuple):
    """A place of the gazetteer (a named tuple, which is made in a quarter of a dataclass's time).

    `code` is the ISO 3166-2 code of its region (or of itself), the country's for a country, and
    None for a sea and for an area of several regions, whose codes are in `regions`. `parents` are
    the codes (for a raion: the codifier id) of what it lies in, smallest first. Degrees are WGS 84.
    """

    id: str
    name: str
    code: str | None
    level: EntryLevel
    katottg: str | None = None
    parents: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    population: int = 0
    regions: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()


class FormMeaning(NamedTuple):
    """One thing that a form can mean.

    `caution` says when it counts: always (`none`), written with a capital letter (`capital`), or
    only with a preposition of place, a settlement noun or its region beside it (`context`).
    """

    entry: PlaceEntry
    kind: MeaningKind
    caution: Caution = "none"


Meanings = tuple[FormMeaning, ...]


class Ref(NamedTuple):
    """Where a meaning is told: a unit's key, or the number of a line of settlements.tsv."""

    at: str | int
    kind: MeaningKind
    caution: Caution


Index = dict[str, tuple[Ref, ...]]


def _text(name: str) -> str:
    return resources.files("tocsin_classifier").joinpath("data/places", name).read_text("utf-8")


def table_lines(name: str) -> Iterator[str]:
    """Lines of a table in data/places without its comments."""
    return (line for line in _text(name).split("\n") if line and not line.startswith("#"))


@cache
def _table() -> dict[str, list[dict[str, Any]]]:
    # As the file has it: gazetteer_check.py holds it against region_table.py.
    return tomllib.loads(_text("regions.toml"))


def _unit_entry(unit: dict[str, Any], level: EntryLevel) -> PlaceEntry:
    code: str | None = unit.get("code")
    regions: list[str] = unit.get("regions", [])
    country = code.split("-")[0] if code and "-" in code else None
    return PlaceEntry(
        id=code or unit["id"],
        name=unit["name"],
        code=code or (regions[0] if len(regions) == 1 else None),
        level=level,
        katottg=unit.get("katottg"),
        parents=(country,) if country else (),
        latitude=unit["latitude"],
        longitude=unit["longitude"],
        regions=tuple(regions),
    )


@cache
def _units() -> dict[str, PlaceEntry]:
    """Countries, regions, areas and seas by code or id, then the raions."""
    table = _table()
    entries = [_unit_entry(unit, "country") for unit in table["country"]]
    entries += [
        _unit_entry(unit, "city" if unit.get("unit") == "city" else "region")
        for unit in table["region"]
    ]
    entries += [_unit_entry(unit, "area") for unit in table["area"]]
    entries += [_unit_entry(unit, "sea") for unit in table["sea"]]
    found = {entry.id: entry for entry in entries}
    for line in table_lines("raions.tsv"):
        region, katottg, uk, _, _, name = line.split("\t")
        key = katottg or f"raion:{region}:{uk}"
        parents = (region, region[:2])
        found[key] = PlaceEntry(key, name, region, "raion", katottg or None, parents)
    return found


@cache
def _settlement_lines() -> list[str]:
    return list(table_lines("settlements.tsv"))


@cache
def _settlement(number: int) -> PlaceEntry:
    """The settlement of a line of the table, made when a text first names it."""
    fields = _settlement_lines()[number].split("\t")
    key, name, region, raion, katottg, level, latitude, longitude, population = fields[:9]
    country = region[:2]
    return PlaceEntry(
        key,
        name,
        region,
        level,  # type: ignore[arg-type]  # checked for every row by check()
        katottg or None,
        (raion, region, country) if raion else (region, country),
        float(latitude) if latitude else None,
        float(longitude) if longitude else None,
        int(population) if population else 0,
        (),
        ("ambiguous_word",) if fields[10] or fields[11] else (),
    )


def _add(index: Index, forms: list[str], ref: tuple[Ref]) -> None:
    """Enter forms with one meaning, beside what they already mean."""
    for form in forms:
        known = index.setdefault(form, ref)
        if known is not ref and ref[0] not in known:
            index[form] = known + ref


def _add_units(index: Index) -> None:
    for line in table_lines("region_forms.tsv"):
        key, kind, _, listed = line.split("\t")
        forms = listed.split("|")
        short = [form for form in forms if kind == "polity" or len(form) <= _ACRONYM]
        where: tuple[str, MeaningKind] = (key, kind)  # type: ignore[assignment]  # see check()
        _add(index, short, (Ref(*where, "capital"),))
        _add(index, [f for f in forms if f not in short], (Ref(*where, "none"),))


def _add_settlements(index: Index) -> None:
    for number, line in enumerate(_settlement_lines()):
        for caution, groups in zip(_CAUTIONS, line.split("\t")[9:12], strict=True):
            if groups:
                _add(index, groups.split("|"), (Ref(number, "settlement", caution),))


@cache
def _index() -> Index:
    index: Index = {}
    _add_units(index)
    _add_settlements(index)
    return index


def forms() -> KeysView[str]:
    """Every folded form.

    Of settlements, those of Ukraine and the border come first, larger ones before smaller.
    """
    return _index().keys()


@cache
def meanings_of(form: str) -> Meanings:
    """What a folded form can mean; KeyError when the gazetteer does not know it."""
    return tuple(FormMeaning(_referred(ref), ref.kind, ref.caution) for ref in _index()[form])


def _referred(ref: Ref) -> PlaceEntry:
    return _settlement(ref.at) if isinstance(ref.at, int) else _units()[ref.at]


def meanings(form: str) -> Meanings:
    """What one wording can mean; it is folded first. Empty when the gazetteer does not know it."""
    folded = fold(form)
    return meanings_of(folded) if folded in _index() else ()


def entry(key: str) -> PlaceEntry | None:
    """A country, region, area, sea or raion by its code or id; None for anything else."""
    return _units().get(key)


@cache
def regions(country: str) -> tuple[PlaceEntry, ...]:
    """All first-level regions of a country (cities of that rank too), by code."""
    found = [
        e for e in _units().values() if e.level in ("region", "city") and e.parents == (country,)
    ]
    return tuple(sorted(found, key=lambda one: one.id))


def region_name(code: str) -> str:
    """The English name of a country or a region; KeyError when the code is neither's."""
    return _units()[code].name


@cache
def region_centres() -> dict[str, tuple[float, float]]:
    """Latitude and longitude of each region's capital (of a country, its middle) by code."""
    return {
        e.id: (e.latitude or 0.0, e.longitude or 0.0) for e in _units().values() if e.id == e.code
    }


@cache
def front_regions() -> frozenset[str]:
    """Codes of the regions where ground has changed hands in this war."""
    return frozenset(unit["code"] for unit in _table()["region"] if unit.get("front"))


@cache
def neighbours(code: str) -> tuple[str, ...]:
    """Codes of what borders a region of Ukraine, or what of Ukraine borders a region across."""
    table = _table()
    found = [
        u.get("borders", []) for u in [*table["country"], *table["region"]] if u.get("code") == code
    ]
    return tuple(found[0]) if found else ()
