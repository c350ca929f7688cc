"""Rows of settlements.tsv: every settlement with its forms and how careful to be with them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from os.path import commonprefix
from typing import Any

from gazetteer_build import declension, transliteration
from gazetteer_build.cautions import Caution, caution, is_person
from gazetteer_build.sources import Settlement, alike, plain

_MARK = {"none": "", "capital": "!", "context": "?"}
_ALIAS_POPULATION = 10_000
_ALIAS_LIKENESS = 0.84


def _latin_forms(place: Settlement) -> list[str]:
    """Spellings by the rules of each language, then the sources' aliases that resemble one."""
    made: dict[str, None] = {}
    for lang, names in (("uk", place.uk), ("ru", place.ru)):
        for name in names:
            spelt = transliteration.spellings(name, lang)  # type: ignore[arg-type]  # literal keys
            for target, values in spelt.items():
                for value in values:
                    made[value] = None
                    if target == "de" and place.population >= _ALIAS_POPULATION and value[-1] not in "sxz":
                        made[value + "s"] = None
    made[plain(place.name)] = None
    made[plain(place.name).replace("'", "")] = None
    if place.population >= _ALIAS_POPULATION:
        rules = list(made)
        for alias in place.aliases:
            if any(alike(alias, rule) >= _ALIAS_LIKENESS for rule in rules):
                made[alias] = None
    return [form for form in made if form]


def _all_forms(place: Settlement) -> list[str]:
    found: dict[str, None] = {}
    for name in place.uk:
        found |= dict.fromkeys(declension.forms(name, "uk"))
    for name in place.ru:
        found |= dict.fromkeys(declension.forms(name, "ru"))
    found |= dict.fromkeys(plain(form) for form in place.forms)
    found |= dict.fromkeys(_latin_forms(place))
    return [form for form in found if len(form) >= 3]


def compact(forms: Iterable[str]) -> str:
    """Forms with a common beginning as "beginning~ending,ending", groups parted by "|"."""
    groups: dict[str, list[str]] = defaultdict(list)
    for form in forms:
        groups[form[:3]].append(form)
    parts = []
    for members in groups.values():
        prefix = commonprefix(members) if len(members) > 1 else members[0]
        endings = ",".join(form[len(prefix) :] for form in members)
        parts.append(f"{prefix}~{endings}" if len(members) > 1 else prefix)
    return "|".join(parts)


def _marked(place: Settlement, overrides: dict[str, Caution]) -> Iterator[tuple[Caution, str]]:
    person = any(is_person(name) for name in [*place.uk[:1], *place.ru[:1]])
    for form in _all_forms(place):
        found = overrides.get(form) or caution(form, place.population, person=person)
        if found != "drop":
            yield found, form


def _level(place: Settlement) -> str:
    if place.category:
        small_city = "city" if place.population >= 20_000 else "town"
        return {"M": small_city, "K": "city", "T": "town", "landmark": "area"}.get(place.category, "village")
    if place.population >= 20_000:
        return "city"
    return "town" if place.population >= 5_000 else "village"


def row(place: Settlement, overrides: dict[str, Caution]) -> str:
    """One line of settlements.tsv."""
    groups: dict[Caution, list[str]] = {"none": [], "capital": [], "context": []}
    for kind, form in _marked(place, overrides):
        groups[kind].append(form)
    fields: list[Any] = [
        place.id, place.name, place.region, place.raion, place.katottg, _level(place),
        "" if place.latitude is None else place.latitude,
        "" if place.longitude is None else place.longitude,
        place.population or "", *(compact(groups[kind]) for kind in _MARK),
    ]  # fmt: skip
    return "\t".join(str(value) for value in fields)
