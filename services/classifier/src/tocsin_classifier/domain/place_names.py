"""The gazetteer's names in a text: its words are looked up, so nothing is built beforehand."""

import re
from collections.abc import Iterator
from functools import cache

from tocsin_classifier.domain.gazetteer import Meanings, forms, meanings_of
from tocsin_classifier.domain.matcher import Match, is_inside_word

_RAISED = "²³¹⁰⁴-⁹₀-₉①-⑨"
"""Figures that are no decimal digits, such as the mark of a footnote."""

_WORD = re.compile(rf"[^\W\d_{_RAISED}]+|[\d{_RAISED}]+")


def names_any(folded: str) -> bool:
    """Whether the text may name a place; cheaper than finding which."""
    words = set(_WORD.findall(folded))
    return not (words.isdisjoint(forms()) and words.isdisjoint(_longer()))


def place_names(folded: str) -> Iterator[Match[Meanings]]:
    """Every name of the gazetteer in folded text, names inside longer ones included."""
    known, longer = forms(), _longer()
    for word in _WORD.finditer(folded):
        first = word.group()
        start = word.start()
        if first in known:
            yield Match(start, word.end(), meanings_of(first))
        for length in longer.get(first, ()):
            end = start + length
            name = folded[start:end]
            if name in known and not is_inside_word(folded, end):
                yield Match(start, end, meanings_of(name))


@cache
def _longer() -> dict[str, tuple[int, ...]]:
    """How long the names are that begin with a word and go on behind it, by that word."""
    found: dict[str, tuple[int, ...]] = {}
    for form in forms():
        if form.isalpha():
            continue
        word = _WORD.match(form)
        if word is None or word.end() == len(form):
            continue
        first = word.group()
        lengths = found.get(first, ())
        if len(form) not in lengths:
            found[first] = (*lengths, len(form))
    return found
