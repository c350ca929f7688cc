"""Builds the generated files of the gazetteer: region_forms.tsv and settlements.tsv.

Run with the dev dependencies. `--check` writes nothing and ends with 1 when region_forms.tsv is
not what regions.toml and raions.tsv give.
"""

import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

from gazetteer_build import region_forms
from gazetteer_build.raion_forms import raion_rows

PLACES = Path(__file__).parent.parent / "src/tocsin_classifier/data/places"
_REGION_HEADER = "# Made by tools/build_gazetteer.py from regions.toml and raions.tsv: place, kind, language, forms.\n"
_SETTLEMENT_HEADER = (
    "# Made by tools/build_gazetteer.py: id, name, region, raion, katottg, level, latitude, longitude, population,"
    " plain forms, forms that need a capital letter, forms that need context.\n"
)


def _fold(form: str) -> str:
    from tocsin_classifier.domain.folding import fold

    return fold(form)


def region_forms_text() -> str:
    """The whole of region_forms.tsv."""
    tables = tomllib.loads((PLACES / "regions.toml").read_text(encoding="utf-8"))
    raions = (PLACES / "raions.tsv").read_text(encoding="utf-8")
    lines = []
    for place, kind, lang, forms in [*region_forms.region_rows(tables), *raion_rows(raions)]:
        folded = dict.fromkeys(_fold(form) for form in forms)
        lines.append("\t".join((place, kind, lang, "|".join(folded))))
    return _REGION_HEADER + "\n".join(lines) + "\n"


def _amend(places: list[Any], extra: dict[str, Any]) -> list[str]:
    from gazetteer_build.sources import plain

    by_name = defaultdict(list)
    for place in places:
        for name in {plain(place.name), *place.uk}:
            by_name[place.region, name].append(place)
    missing = []
    for amendment in extra["amend"]:
        names = [amendment["name"], *amendment.get("uk", [])]
        found = [one for n in names for one in by_name.get((amendment["region"], plain(n)), [])]
        if not found:
            missing.append(f"{amendment['name']} ({amendment['region']})")
            continue
        place = max(found, key=lambda one: one.population)
        place.name = amendment["name"]
        for lang in ("uk", "ru"):
            own = getattr(place, lang)
            own += [plain(name) for name in amendment.get(lang, []) if plain(name) not in own]
        place.forms += amendment.get("forms", [])
    return missing


def settlements_text() -> str:
    """The whole of settlements.tsv."""
    from gazetteer_build import extras, settlement_rows, sources

    tables = tomllib.loads((PLACES / "regions.toml").read_text(encoding="utf-8"))
    extra = tomllib.loads((PLACES / "settlements_extra.toml").read_text(encoding="utf-8"))
    katottg_of = {r["code"]: r["katottg"] for r in tables["region"] if "katottg" in r}
    places = list(sources.settlements(katottg_of))
    for name in _amend(places, extra):
        print(f"settlements_extra.toml amends {name}, which no source has", file=sys.stderr)
    places += extras.villages(places, extra, katottg_of)
    places += extras.landmarks(extra)
    overrides = {
        sources.plain(form): kind for kind, forms in extra["caution"].items() for form in forms
    }
    places.sort(key=lambda place: (place.region, -place.population, place.id))
    rows = [settlement_rows.row(place, overrides) for place in places]
    return _SETTLEMENT_HEADER + "\n".join(rows) + "\n"


def main() -> int:
    """Write the files, or check the one that needs no sources."""
    text = region_forms_text()
    target = PLACES / "region_forms.tsv"
    if "--check" in sys.argv[1:]:
        same = target.read_text(encoding="utf-8") == text
        print("region_forms.tsv is current" if same else "region_forms.tsv is stale: run the build")
        return 0 if same else 1
    target.write_text(text, encoding="utf-8")
    if "--regions-only" not in sys.argv[1:]:
        (PLACES / "settlements.tsv").write_text(settlements_text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
