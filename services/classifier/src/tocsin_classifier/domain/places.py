"""Which places a sentence means, resolved to regions."""

from functools import cache

from tocsin_schemas.place import Place


@cache
def regions_of(country: str) -> tuple[Place, ...]:
    """All regions of a country, for a warning that names the country as a whole."""
    from tocsin_classifier.domain.gazetteer import forms

    found = {
        entry.code: Place(
            name=entry.canonical_name,
            canonical_name=entry.canonical_name,
            code=entry.code,
            katottg=entry.katottg,
            level=entry.level,
        )
        for _, meanings in forms()
        for entry, _ in meanings
        if entry.level == "region" and entry.code and entry.code.startswith(f"{country}-")
    }
    return tuple(found[code] for code in sorted(found))
