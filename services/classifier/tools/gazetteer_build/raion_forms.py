"""Every form of the raions of raions.tsv."""

from gazetteer_build import declension, transliteration
from gazetteer_build.declension import Lang
from gazetteer_build.region_forms import Row

_NOUNS: dict[Lang, list[str]] = {
    "uk": ["район", "району", "району", "район", "районом", "районі"],
    "ru": ["район", "района", "району", "район", "районом", "районе"],
}
_PATTERNS = {
    "en": ["{} raion", "{} district", "{} rayon"],
    "fr": ["raïon de {}", "district de {}", "raion de {}"],
    "de": ["rajon {}", "bezirk {}", "kreis {}"],
}


def raion_id(region: str, katottg: str, adjective: str) -> str:
    """The codifier's id, or one of our own for a Russian raion."""
    return katottg or f"raion:{region}:{adjective}"


def _cyrillic(adjective: str, lang: Lang) -> list[str]:
    cases = declension.cases(adjective, lang)
    return [
        f"{word} {noun}" for words, noun in zip(cases, _NOUNS[lang], strict=True) for word in words
    ]


def raion_rows(table: str) -> list[Row]:
    """Rows of region_forms.tsv for the raions."""
    rows: list[Row] = []
    for line in table.splitlines():
        if line.startswith("#"):
            continue
        region, katottg, uk, ru, seat, _ = line.split("\t")
        key = raion_id(region, katottg, uk)
        rows.append((key, "raion", "uk", [*_cyrillic(uk, "uk"), f"{uk} р-н"]))
        rows.append((key, "raion", "ru", [*_cyrillic(ru, "ru"), f"{ru} р-н"]))
        lang: Lang = "uk" if katottg else "ru"
        spelt = transliteration.spellings(seat.lower(), lang)
        spelt["en"].append(transliteration.english(uk, "uk"))
        for target, patterns in _PATTERNS.items():
            forms = [p.format(name) for name in dict.fromkeys(spelt[target]) for p in patterns]
            rows.append((key, "raion", target, forms))
    return rows
