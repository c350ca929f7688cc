"""Villages and landmarks written by hand in settlements_extra.toml."""

from typing import Any

from gazetteer_build import transliteration
from gazetteer_build.sources import Settlement, codifier, plain


def villages(
    places: list[Settlement], extra: dict[str, Any], katottg_of: dict[str, str]
) -> list[Settlement]:
    """The listed villages; one that the sources have only gains its names there."""
    units = codifier(katottg_of)
    known = {(place.region, name): place for place in places for name in place.uk + place.ru}
    found: list[Settlement] = []
    for group in extra["village"]:
        region = group["region"]
        for pair in group["names"]:
            uk, ru = (plain(name) for name in pair.split(" / "))
            place = known.get((region, uk)) or known.get((region, ru))
            if place is not None:
                place.uk += [uk] if uk not in place.uk else []
                place.ru += [ru] if ru not in place.ru else []
                continue
            lang: transliteration.Lang = "uk" if region.startswith("UA") else "ru"
            name = transliteration.english(uk if lang == "uk" else ru, lang).title()
            place = Settlement(f"own:{region}:{name}", name, region, uk=[uk], ru=[ru])
            fitting = units.get((region, uk), [])
            if len(fitting) == 1:
                place.katottg, place.raion = fitting[0].katottg, fitting[0].raion
                place.category = fitting[0].category
            known[region, uk] = place
            found.append(place)
    return found


def landmarks(extra: dict[str, Any]) -> list[Settlement]:
    """Named places that are no settlements."""
    return [
        Settlement(
            one["id"], one["name"], one["region"], one["latitude"], one["longitude"],
            category="landmark", forms=one["forms"],
        )
        for one in extra["landmark"]
    ]  # fmt: skip
