"""Builds the generated files of the gazetteer: region_forms.tsv and settlements.tsv.

Run with the dev dependencies. `--check` writes nothing and ends with 1 when region_forms.tsv is
not what regions.toml and raions.tsv give.
"""

import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gazetteer_build import region_forms
from gazetteer_build.raion_forms import raion_rows

if TYPE_CHECKING:
    from gazetteer_build.sources import Settlement

PLACES = Path(__file__).parent.parent / "src/tocsin_classifier/data/places"
_REGION_HEADER = (
    "# Made by tools/build_gazetteer.py from regions.toml and raions.tsv: "
    "place, kind, language, forms.\n"
)
_SETTLEMENT_HEADER = (
    "# Made by tools/build_gazetteer.py: id, name, region, raion, katottg, level, latitude, "
    "longitude, population, plain forms, forms that need a capital letter, that need context.\n"
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


def _find(
    by_name: dict[tuple[str, str], list["Settlement"]], change: dict[str, Any]
) -> "Settlement":
    from gazetteer_build.sources import plain

    names = [plain(name) for name in [change["name"], *change.get("uk", [])]]
    found = [place for name in names for place in by_name.get((change["region"], name), [])]
    if not found:
        message = f"settlements_extra.toml: no source has {change['name']} ({change['region']})"
        raise SystemExit(message + "; check its name there or list it as a village")
    return max(found, key=lambda one: one.population)


def _amend(places: list["Settlement"], extra: dict[str, Any]) -> None:
    from gazetteer_build.sources import plain

    by_name = defaultdict(list)
    for place in places:
        for name in {plain(place.name), *place.uk}:
            by_name[place.region, name].append(place)
    for change in extra["correct"]:
        place = _find(by_name, change)
        for lang in ("uk", "ru"):
            if lang in change:
                setattr(place, lang, [plain(name) for name in change[lang]])
    for change in extra["amend"]:
        place = _find(by_name, change)
        place.name = change["name"]
        place.forms += change.get("forms", [])
        for lang in ("uk", "ru"):
            own = getattr(place, lang)
            own += [plain(name) for name in change.get(lang, []) if plain(name) not in own]


def _far(region: str) -> bool:
    """Whether a region is neither Ukrainian nor on its border: its places come last."""
    from gazetteer_build.sources import BORDER

    return not (region.startswith("UA") or region in BORDER)


def settlements_text() -> str:
    """The whole of settlements.tsv."""
    from gazetteer_build import extras, settlement_rows, sources

    tables = tomllib.loads((PLACES / "regions.toml").read_text(encoding="utf-8"))
    extra = tomllib.loads((PLACES / "settlements_extra.toml").read_text(encoding="utf-8"))
    katottg_of = {r["code"]: r["katottg"] for r in tables["region"] if "katottg" in r}
    places = list(sources.settlements(katottg_of))
    _amend(places, extra)
    places += extras.villages(places, extra, katottg_of)
    places += extras.landmarks(extra)
    overrides = {
        sources.plain(form): kind for kind, forms in extra["caution"].items() for form in forms
    }
    region_words = (line.split("\t") for line in region_forms_text().splitlines()[1:])
    taken = {
        form
        for _, kind, _, forms in region_words
        if kind != "capital_for_government"
        for form in forms.split("|")
    }
    knowledge = settlement_rows.Knowledge(overrides, frozenset(taken))
    places.sort(key=lambda one: (_far(one.region), -one.population, one.region, one.id))
    rows = [settlement_rows.row(place, knowledge) for place in places]
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
