"""Every form of the regions, countries, areas and seas of regions.toml."""

from collections.abc import Iterator
from typing import Any

from gazetteer_build import declension
from gazetteer_build.declension import Lang

_UNIT_NOUNS: dict[str, dict[Lang, list[tuple[str, str]]]] = {
    # unit: language: (noun or abbreviation, gender of the adjective before it)
    "oblast": {"uk": [("область", "f"), ("обл", "f")], "ru": [("область", "f"), ("обл", "f")]},
    "krai": {"uk": [("край", "m")], "ru": [("край", "m")]},
    "republic": {"uk": [("республіка", "f")], "ru": [("республика", "f")]},
    "okrug": {
        "uk": [("автономний округ", "m"), ("округ", "m")],
        "ru": [("автономный округ", "m"), ("округ", "m")],
    },
    "autonomous_oblast": {},
    "city": {},
}
_REGION_NOUN: dict[Lang, str] = {"uk": "регіон", "ru": "регион"}
_IRREGULAR_NOUNS: dict[str, list[str]] = {
    "область/uk": ["область", "області", "області", "область", "областю", "області"],
    "область/ru": ["область", "области", "области", "область", "областью", "области"],
    "обл/uk": ["обл"] * 6,
    "обл/ru": ["обл"] * 6,
    "край/uk": ["край", "краю", "краю", "край", "краєм", "краї"],
    "автономний округ/uk": [
        "автономний округ", "автономного округу", "автономному округу", "автономний округ",
        "автономним округом", "автономному окрузі",
    ],
    "округ/uk": ["округ", "округу", "округу", "округ", "округом", "окрузі"],
    "регіон/uk": ["регіон", "регіону", "регіону", "регіон", "регіоном", "регіоні"],
}  # fmt: skip
_EN = ["{} oblast", "{} region", "{} province", "{} area", "oblast of {}", "region of {}",
       "{} regions", "{} oblasts"]  # fmt: skip
_EN_BY_UNIT = {"krai": ["{} krai", "{} territory", "{} region"],
               "okrug": ["{} autonomous okrug", "{} okrug", "{} region"],
               "republic": ["republic of {}", "{} republic", "{} region"]}  # fmt: skip
_EN_ADJECTIVE = [
    "{} offensive", "{} direction", "{} front", "{} sector", "{} axis", "{} incursion",
    "{} operation", "{} salient", "{} border", "{} frontline",
]  # fmt: skip
_FR = [
    "région de {}", "région frontalière de {}", "oblast de {}", "province de {}",
    "territoire de {}", "région @ de {}", "région frontalière @ de {}", "oblast @ de {}",
]  # fmt: skip
_FR_REPUBLIC = ["république de {}", "république du {}", "région de {}", "région du {}"]
_FR_ADJECTIVE = ["front de {}", "direction de {}", "offensive de {}", "secteur de {}"]
_DE = [
    "gebiet {}", "gebiets {}", "gebietes {}", "region {}", "oblast {}", "provinz {}", "raum {}",
    "verwaltungsgebiet {}", "verwaltungsregion {}", "grenzregion {}", "grenzgebiet {}",
    "{}-gebiet", "{}-region", "{}er gebiet", "{}er region", "{}er oblast", "{}er gebiets",
]  # fmt: skip
_DE_ADJECTIVE = ["{}er", "{}-offensive", "{}-front"]

_FRENCH_NATION = {"UA": "ukrainienne", "RU": "russe"}

Row = tuple[str, str, str, list[str]]  # place, kind, language, forms


def _noun_cases(noun: str, lang: Lang) -> list[str]:
    known = _IRREGULAR_NOUNS.get(f"{noun}/{lang}")
    return known or [case[0] for case in declension.cases(noun, lang)]


def _adjective(masculine: str, gender: str, lang: Lang) -> declension.Cases:
    if gender == "m":
        return declension.adjective_cases(masculine, lang)
    feminine = masculine[:-2] + ("а" if lang == "uk" else "ая")
    return declension.adjective_cases(feminine, lang)


def _with_unit(masculine: str, unit: str, lang: Lang) -> Iterator[str]:
    nouns = [*_UNIT_NOUNS[unit].get(lang, []), (_REGION_NOUN[lang], "m")]
    for noun, gender in nouns:
        adjective = _adjective(masculine, gender, lang)
        for words, after in zip(adjective, _noun_cases(noun, lang), strict=True):
            for word in words:
                yield f"{word} {after}"
                if gender == "f" and noun != "обл" and unit == "republic":
                    yield f"{after} {word}"


def _republic_named(name: str, lang: Lang) -> Iterator[str]:
    noun = _UNIT_NOUNS["republic"][lang][0][0]
    for case in _noun_cases(noun, lang):
        yield f"{case} {name}"


def _cyrillic(place: dict[str, Any], lang: Lang) -> Iterator[tuple[str, str]]:
    words = place.get(lang, {})
    unit = place.get("unit", "city")
    for name in words.get("names", []):
        for form in declension.forms(name, lang) if len(name) > 4 or not name.isupper() else [name]:
            yield "region", form
        if unit == "republic":
            for form in _republic_named(name, lang):
                yield "region", form
    for adjective in words.get("adjectives", []):
        if unit != "city":
            for form in _with_unit(adjective, unit, lang):
                yield "region", form
        for form in declension.adjective_paradigm(adjective, lang):
            yield "adjective", form


def _elide(pattern: str, stem: str) -> str:
    """French drops the vowel of "de" before another: "oblast d'Odessa"."""
    if pattern.endswith("de {}") and stem[0].lower() in "aeéiouy":
        return pattern[: -len("de {}")] + "d'" + stem
    return pattern.format(stem)


def _french_nation(pattern: str, feminine: str) -> str:
    """The nation as an adjective: "oblast" is masculine, "région" feminine."""
    nation = feminine.removesuffix("ne") if pattern.startswith("oblast") else feminine
    return pattern.replace("@", nation)


def _patterns(place: dict[str, Any], lang: str) -> tuple[list[str], list[str]]:
    """Wordings for the region itself and for its direction or front."""
    unit = place.get("unit", "")
    republic = unit == "republic"
    at_war = place.get("code", "").startswith("UA") or bool(place.get("borders"))
    if lang == "en":
        return _EN_BY_UNIT.get(unit, _EN), _EN_ADJECTIVE if at_war else []
    if lang == "fr":
        nation = _FRENCH_NATION[place["code"][:2]]
        named = [_french_nation(pattern, nation) for pattern in _FR]
        return _FR_REPUBLIC if republic else named, _FR_ADJECTIVE if at_war else []
    return ["republik {}", "region {}"] if republic else _DE, _DE_ADJECTIVE


def _latin(place: dict[str, Any], lang: str) -> Iterator[tuple[str, str]]:
    words = place.get(lang, {})
    for stem in words.get("stems", []):
        patterns, adjectives = _patterns(place, lang)
        for pattern in patterns:
            yield "region", _elide(pattern, stem)
        for pattern in adjectives:
            yield "adjective", _elide(pattern, stem)
            if pattern == "{}er" and stem[-1] in "ae":
                yield "adjective", stem[:-1] + "er"
    for name in words.get("names", []):
        yield "region", name
        if lang == "de" and " " not in name and name[-1] not in "sxzß":
            yield "region", name + "s"


def _capital(place: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for lang, names in place.get("capital", {}).items():
        for name in names:
            declined = declension.forms(name, lang) if lang in ("uk", "ru") else [name]
            if lang == "de":
                declined.append(name + "s")
            for form in declined:
                yield "capital_for_government", lang, form


def _sectors(place: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for lang, adjectives in place.get("sectors", {}).items():
        for adjective in adjectives:
            for form in declension.adjective_paradigm(adjective, lang):
                yield "sector", lang, form


def _explicit(place: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for kind in ("region", "adjective", "polity"):
        for lang, forms in place.get(f"{kind}_forms", {}).items():
            for form in forms:
                yield kind, lang, form
    for lang, forms in place.get("forms", {}).items():
        for form in forms:
            yield "region", lang, form


def _all(place: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    cyrillic: tuple[Lang, ...] = ("uk", "ru")
    for lang in cyrillic:
        for kind, form in _cyrillic(place, lang):
            yield kind, lang, form
    for latin in ("en", "fr", "de"):
        for kind, form in _latin(place, latin):
            yield kind, latin, form
    yield from _explicit(place)
    yield from _sectors(place)
    yield from _capital(place)


def region_rows(tables: dict[str, list[dict[str, Any]]]) -> list[Row]:
    """Rows of region_forms.tsv from the parsed regions.toml."""
    rows: list[Row] = []
    for table in ("country", "region", "area", "sea"):
        for place in tables[table]:
            grouped: dict[tuple[str, str], dict[str, None]] = {}
            for kind, lang, form in _all(place):
                meaning = table if kind == "region" and table in ("country", "sea") else kind
                grouped.setdefault((meaning, lang), {})[form] = None
            key = place.get("code") or place["id"]
            rows += [(key, kind, lang, list(forms)) for (kind, lang), forms in grouped.items()]
    return rows
