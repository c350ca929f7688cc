"""Which places a sentence means, resolved to regions."""

from functools import cache
from typing import NamedTuple

from tocsin_classifier.domain.disambiguation import Found, named, resolve
from tocsin_classifier.domain.gazetteer import entry, region_name, regions
from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.scan import Passage, Reading
from tocsin_schemas.place import Place
from tocsin_schemas.vocabulary import Basis, EvidenceField, Level

CONTEXT_SENTENCES = 3
"""In how many sentences before a missing region is looked for; the title counts beside them."""


def places(reading: Reading, passage: Passage) -> list[Found]:
    """The places that a sentence names, in order, each resolved as far as the text allows."""
    known = reading.places.get(passage.sentence.index)
    if known is None:
        known = reading.places[passage.sentence.index] = resolve(reading, passage)
    return known


class InContext(NamedTuple):
    """A region that another sentence names for this one."""

    found: Found
    passage: Passage
    """The sentence that names it."""


def context_region(
    reading: Reading, passage: Passage, country: str | None = None
) -> InContext | None:
    """The only region that the title or the sentences before name, None when there are several."""
    near = [*reading.previous(passage, CONTEXT_SENTENCES), *_title(reading, passage)]
    seen: dict[str, InContext] = {}
    for other in near:
        for found in places(reading, other):
            code = found.place.code or ""
            if (
                "-" in code
                and not found.across
                and not found.launch
                and not found.government
                and not _is_seat(other, found)
                and country in (None, code[:2])
            ):
                seen.setdefault(code, InContext(found, other))
    if len(seen) != 1:
        return None
    only = next(iter(seen.values()))
    region = region_place(only.found.place.code or "", only.found.place.name)
    place = region.model_copy(update={"basis": Basis.CONTEXT})
    return only._replace(found=only.found._replace(place=place))


def _is_seat(passage: Passage, found: Found) -> bool:
    """Whether the place belongs to the name of whoever speaks: "the ministry in Moscow"."""
    named = passage.of(Category.ACTOR, Category.SIDE, Category.SAYS)
    return any(h.start <= found.start and found.end <= h.end for h in named)


def country_place(code: str, name: str) -> Place:
    """A country as a place, for a statement that names no smaller one."""
    return Place(name=name, canonical_name=region_name(code), code=code, level=Level.COUNTRY)


def region_place(code: str, name: str) -> Place:
    """The region of a code as a place, under the name that the text uses; KeyError for no code."""
    found = entry(code)
    if found is None:
        raise KeyError(code)
    return named(found, name)


@cache
def regions_of(country: str) -> tuple[Place, ...]:
    """All regions of a country, for a warning that names the country as a whole."""
    return tuple(named(region, region.name) for region in regions(country))


def _title(reading: Reading, passage: Passage) -> list[Passage]:
    # A file has no title of its own: a heading at its very beginning stands for it.
    first = [p for p in reading.passages[:2] if p.sentence.index < passage.sentence.index]
    return [p for p in first if p.sentence.field is EvidenceField.TITLE or (p.sentence.heading)]
