"""Numbers as each language writes them, with what they count."""

import re
from typing import NamedTuple

from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.scan import Passage
from tocsin_schemas.vocabulary import AreaQualifier

_FIGURES = re.compile(
    r"(?<![\w.,])\d{1,3}(?:[.,'\u00a0\u202f ]\d{3})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
)
_POINT_IS_DECIMAL = frozenset({"en"})

NEAR = 2
"""How many words may stand between a number and what it counts."""

LARGEST_AREA = 700_000.0
"""Square kilometres; more than Ukraine has is no area of a claim."""


class Quantity(NamedTuple):
    """A counted thing: `km2` or `settlements`."""

    start: int
    end: int
    value: float
    unit: str
    qualifier: AreaQualifier


def quantities(passage: Passage, language: str) -> list[Quantity]:
    """The areas and the counts of settlements that a sentence states."""
    units = passage.of(Category.UNIT)
    if not units:
        return []
    numbers = _numbers(passage, language)
    found = []
    for unit in units:
        near = [n for n in numbers if n[1] <= unit.start]
        if not near:
            continue
        start, end, value = near[-1]
        if passage.sentence.words_between(end, unit.start) > NEAR:
            continue
        scale = unit.entry.value if unit.entry and unit.entry.value else 0.0
        name = "km2" if scale else "settlements"
        total = value * scale if scale else value
        if 0 < total <= LARGEST_AREA:
            qualifier = _qualifier(passage, start)
            found.append(Quantity(start, unit.end, total, name, qualifier))
    return found


def parse_number(written: str, language: str) -> float:
    """The value of a number in figures: `1.250` is 1250 in French and 1.25 in English."""
    plain = re.sub(r"['\u00a0\u202f ]", "", written)
    if language in _POINT_IS_DECIMAL:
        return float(plain.replace(",", "")) if _is_number(plain.replace(",", "")) else 0.0
    grouped = re.sub(r"\.(?=\d{3}(?:\D|$))", "", plain).replace(",", ".")
    return float(grouped) if _is_number(grouped) else 0.0


def _is_number(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).isdigit() and len(text) <= 15


def _numbers(passage: Passage, language: str) -> list[tuple[int, int, float]]:
    at = passage.sentence.start
    found = [
        (at + m.start(), at + m.end(), parse_number(m.group(), language))
        for m in _FIGURES.finditer(passage.sentence.text)
    ]
    found += [
        (h.start, h.end, h.entry.value)
        for h in passage.of(Category.NUMBER)
        if h.entry and h.entry.value
    ]
    return sorted(found)


def _qualifier(passage: Passage, start: int) -> AreaQualifier:
    hit = passage.next_before(start, Category.QUALIFIER)
    if hit is None or passage.sentence.words_between(hit.end, start) > 0:
        return AreaQualifier.EXACT
    return (hit.entry and hit.entry.qualifier) or AreaQualifier.EXACT
