"""Rows of settlements.tsv: every settlement with its forms and how careful to be with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gazetteer_build import declension, transliteration
from gazetteer_build.cautions import Caution, caution, is_person
from gazetteer_build.sources import Settlement, alike, plain

_ALIAS_POPULATION = 10_000
_ALIAS_LIKENESS = 0.88
_LARGE = 50_000
_TOWN = 3_000
_SHORT_NAMES = 10_000


def _latin_forms(place: Settlement) -> list[str]:
    """Spellings by the rules of each language, then the sources' aliases that resemble one."""
    made: dict[str, None] = {}
    both: list[tuple[transliteration.Lang, list[str]]] = [("uk", place.uk), ("ru", place.ru)]
    for lang, names in both:
        for name in names:
            spelt = transliteration.spellings(name, lang, rare=place.population >= _TOWN)
            for target, values in spelt.items():
                for value in values:
                    made[value] = None
                    if (
                        target == "de"
                        and place.population >= _ALIAS_POPULATION
                        and value[-1] not in "sxz"
                    ):
                        made[value + "s"] = None
    made[plain(place.name)] = None
    made[plain(place.name).replace("'", "")] = None
    if place.population >= _ALIAS_POPULATION:
        rules = list(made)
        for alias in place.aliases:
            if any(alike(alias, rule) >= _ALIAS_LIKENESS for rule in rules):
                made[alias] = None
    return [form for form in made if form]


def _all_forms(place: Settlement) -> dict[str, str]:
    """Every form with the nominative it belongs to."""
    found: dict[str, str] = {}
    for name in place.uk:
        found |= dict.fromkeys(declension.forms(name, "uk"), name)
    for name in place.ru:
        found |= dict.fromkeys(declension.forms(name, "ru"), name)
    for form in [*map(plain, place.forms), *_latin_forms(place)]:
        found.setdefault(form, form)
    least = 3 if place.population >= _SHORT_NAMES else 4
    return {form: name for form, name in found.items() if len(form) >= least}


@dataclass(frozen=True)
class Knowledge:
    """What decides about a form beside the dictionaries."""

    overrides: dict[str, Caution]
    region_forms: frozenset[str]
    """A small place named like a region, a country or an adjective of one needs context."""


def _marked(place: Settlement, knowledge: Knowledge) -> Iterator[tuple[Caution, str]]:
    person = any(is_person(name) for name in [*place.uk[:1], *place.ru[:1]])
    for form, name in _all_forms(place).items():
        found = knowledge.overrides.get(form) or knowledge.overrides.get(name)
        if found is None and place.population < _LARGE and form in knowledge.region_forms:
            found = "context"
        found = found or caution(form, place.population, person=person)
        if found != "drop":
            yield found, form


def _level(place: Settlement) -> str:
    if place.category:
        small_city = "city" if place.population >= 20_000 else "town"
        return {"M": small_city, "K": "city", "T": "town", "landmark": "area"}.get(
            place.category, "village"
        )
    if place.population >= 20_000:
        return "city"
    return "town" if place.population >= 5_000 else "village"


def row(place: Settlement, knowledge: Knowledge) -> str:
    """One line of settlements.tsv."""
    groups: dict[Caution, list[str]] = {"none": [], "capital": [], "context": []}
    for kind, form in _marked(place, knowledge):
        groups[kind].append(form)
    fields: list[Any] = [
        place.id, place.name, place.region, place.raion, place.katottg, _level(place),
        "" if place.latitude is None else place.latitude,
        "" if place.longitude is None else place.longitude,
        place.population or "", *("|".join(groups[kind]) for kind in groups),
    ]  # fmt: skip
    return "\t".join(str(value) for value in fields)
