"""Place names looked up word by word: they are too many to build an automaton at every start."""

import re
from collections.abc import Iterator, KeysView

from tocsin_classifier.domain.matcher import is_inside_word

_RAISED = "²³¹⁰⁴-⁹₀-₉①-⑨"
"""Figures that are no decimal digits, such as the mark of a footnote."""

_WORD = re.compile(rf"[^\W\d_{_RAISED}]+|[\d{_RAISED}]+")

Words = list[tuple[str, int]]
"""The words of a stretch of text, each with its offset; figures after letters are another one."""


def words_of(folded: str, start: int, end: int) -> Words:
    """The words between two offsets of folded text, without one that begins before them."""
    found = [(word.group(), word.start()) for word in _WORD.finditer(folded, start, end)]
    return found[1:] if found and is_inside_word(folded, found[0][1]) else found


def behind_cut_word(folded: str, start: int) -> int:
    """An offset, or the end of the word that begins before it."""
    cut = _WORD.match(folded, start) if is_inside_word(folded, start) else None
    return cut.end() if cut else start


def is_one_word(form: str) -> bool:
    """Whether `words_of` gives a form as one word."""
    return _WORD.fullmatch(form) is not None


class WordTable:
    """Folded forms of one word or several, found as whole words; immutable."""

    def __init__(self, forms: KeysView[str]) -> None:
        """Take the forms of a dictionary, which are not copied."""
        self.forms = forms
        self.longer: dict[str, tuple[int, ...]] = {}
        """How long the forms are that begin with a word and go on behind it."""
        self._lasts: dict[str, set[str]] | None = None
        """Which words end those forms, worked out when first asked for."""
        for form in forms:
            if not form.isalpha():
                self._add(form)

    def finds_any(self, folded: str) -> bool:
        """Whether any form stands in the text, which costs less than finding where."""
        words = set(_WORD.findall(folded))
        if not self.forms.isdisjoint(words):
            return True
        lasts = self._ends_of_longer()
        if not any(not lasts[first].isdisjoint(words) for first in words & lasts.keys()):
            return False
        return any(True for _ in self.find(words_of(folded, 0, len(folded)), folded, len(folded)))

    def find(self, words: Words, folded: str, end: int) -> Iterator[tuple[int, int, str]]:
        """Start, end and form of all that the words begin, up to an offset; forms may overlap."""
        for word, at in words:
            if word in self.forms and at + len(word) <= end:
                yield at, at + len(word), word
            for form in self.find_longer(folded, at, self.longer.get(word, ()), end):
                yield at, at + len(form), form

    def find_longer(self, folded: str, at: int, lengths: tuple[int, ...], end: int) -> list[str]:
        """The forms of these lengths that stand at an offset and end before another."""
        return [
            form
            for length in lengths
            if (form := folded[at : at + length]) in self.forms
            and at + length <= end
            and not is_inside_word(folded, at + length)
        ]

    def _add(self, form: str) -> None:
        first = _first_word(form)
        if first == form:
            return
        lengths = self.longer.get(first, ())
        if len(form) not in lengths:
            self.longer[first] = (*lengths, len(form))

    def _ends_of_longer(self) -> dict[str, set[str]]:
        if self._lasts is None:
            lasts: dict[str, set[str]] = {}
            for form in self.forms:
                if not form.isalpha() and (first := _first_word(form)) != form:
                    lasts.setdefault(first, set()).add(_WORD.findall(form)[-1])
            self._lasts = lasts
        return self._lasts


def _first_word(form: str) -> str:
    word = _WORD.search(form)
    assert word is not None  # a form of the gazetteer has letters
    return word.group()
