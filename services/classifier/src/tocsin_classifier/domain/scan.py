"""The passes over an article: triggers first, and everything else only where there are any."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

from tocsin_classifier.domain.folding import fold
from tocsin_classifier.domain.gazetteer import Meanings, forms, meanings_of
from tocsin_classifier.domain.hits import (
    FIRST,
    SWALLOWERS,
    TRIGGERS,
    Hit,
    Hits,
    Matches,
    Part,
    hits_of,
    without_swallowed,
)
from tocsin_classifier.domain.lexicon import Category, Entry, entries
from tocsin_classifier.domain.matcher import Match, Matcher, Pattern, is_inside_word
from tocsin_classifier.domain.text import Sentence, sentences
from tocsin_classifier.domain.word_table import WordTable, is_one_word, words_of
from tocsin_schemas.article import MAX_TEXT_BYTES, Article
from tocsin_schemas.vocabulary import EvidenceField

__all__ = [
    "TRIGGERS", "Hit", "Passage", "Reading", "field_text", "fired", "load", "read", "split_form",
]  # fmt: skip

ALONE = frozenset(TRIGGERS - {Category.STANCE, Category.TOPIC, Category.ATTACK, Category.SHELTER})
"""Triggers that can make a statement without another one."""

SIDES = frozenset({"UA", "RU"})
GAP_WORDS = 6
"""How many words may stand between the parts of a form written with ` + `."""

_INNER_STAR = re.compile(r"(?<=\*) +| +(?=\*)")
"""Where a form is cut at a `*` inside it."""

UNNAMED_SIDES = frozenset({Category.OWN, Category.ENEMY, Category.COUNTRYWIDE})


_PLACES = (None,)


@dataclass(slots=True)
class Passage:
    """A sentence with what was found in it, in order."""

    sentence: Sentence
    hits: Sequence[Hit] = ()
    _segments: list[tuple[int, int]] | None = None
    _known: dict[tuple[Category | None, ...], list[Hit]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def segments(self) -> list[tuple[int, int]]:
        """The sentence's segments, worked out once."""
        if self._segments is None:
            self._segments = self.sentence.segments()
        return self._segments

    def of(self, *categories: Category) -> list[Hit]:
        """The hits of these categories, in order."""
        known = self._known.get(categories)
        return (self._find(categories) if known is None else known)[:]

    def places(self) -> list[Hit]:
        """The place names found, in order."""
        known = self._known.get(_PLACES)
        return (self._find(_PLACES) if known is None else known)[:]

    def before(self, at: int, *categories: Category) -> list[Hit]:
        """The hits of these categories that end at or before an offset, nearest first."""
        known = self._known.get(categories)
        found = self._find(categories) if known is None else known
        return [h for h in found[::-1] if h.end <= at] if found else []

    def after(self, at: int, *categories: Category) -> list[Hit]:
        """The hits of these categories that start at or after an offset, nearest first."""
        known = self._known.get(categories)
        found = self._find(categories) if known is None else known
        return [h for h in found if h.start >= at] if found else []

    def _find(self, categories: tuple[Category | None, ...]) -> list[Hit]:
        hits = self.hits
        if isinstance(hits, Hits) and not hits.may_hold(categories):
            found: list[Hit] = []
        else:
            found = [hit for hit in hits if hit.category in categories]
        self._known[categories] = found
        return found


@dataclass(slots=True)
class Reading:
    """An article with all its sentences and what was found in them."""

    article: Article
    passages: list[Passage]
    narrator_known: str | None = None
    """The side whose words the article uses, worked out once; empty when it is none."""
    regions: frozenset[str] | None = None
    """The codes of all regions that the article names, worked out once."""
    places: dict[int, list[Any]] = field(default_factory=dict)
    """The places found in each sentence by its index, kept by places.py."""
    quoted: dict[EvidenceField, list[tuple[int, int]]] = field(default_factory=dict)
    """The quotations of each field, worked out once."""

    def previous(self, passage: Passage, count: int) -> list[Passage]:
        """Up to `count` sentences before, nearest first."""
        at = passage.sentence.index
        return self.passages[max(0, at - count) : at][::-1]


def read(article: Article) -> Reading | None:
    """The article with its hits, or None when nothing in it can be of interest."""
    folded = {
        name: fold(field_text(article, name)[:MAX_TEXT_BYTES])
        for name in (EvidenceField.TITLE, EvidenceField.TEXT)
    }
    language = article.language
    triggers = {name: list(_triggers(language).matches(text)) for name, text in folded.items()}
    if not _may_say(match.meaning for found in triggers.values() for match in found):
        return None
    if not any(_is_near_the_war(text, language) for text in folded.values()):
        return None
    passages = [Passage(sentence) for sentence in sentences(article)]
    for name, text in folded.items():
        own = [passage for passage in passages if passage.sentence.field is name]
        _distribute(triggers[name], own, text, language)
    return Reading(article, passages)


def fired(text: str, language: str) -> frozenset[str]:
    """Ids of the entries that fire in one sentence, those that only hide others included."""
    sentence = Sentence(EvidenceField.TEXT, 0, 0, 0, len(text), text, heading=False)
    folded = fold(text)
    triggers = list(_triggers(language).matches(folded))
    hits = hits_of(triggers + _companions_in(folded, language, 0, len(text)), sentence)
    hiding = [hit for hit in hits if hit.category in SWALLOWERS]
    return frozenset(hit.entry.id for hit in [*hiding, *without_swallowed(hits)] if hit.entry)


def load(language: str) -> None:
    """Load all that reading a language needs now, not when its first article comes."""
    _triggers(language)
    _companions(language)
    _sides(language)
    _places()


def _may_say(meanings: Iterable[Part | Meanings]) -> bool:
    """Whether the triggers together can make a statement: a word of stance needs a topic."""
    fired = [m.entry for m in meanings if isinstance(m, Part)]
    found = {entry.category for entry in fired}
    return (
        not found.isdisjoint(ALONE)
        or found >= {Category.STANCE, Category.TOPIC}
        or any(entry.threat for entry in fired)
    )


def _is_near_the_war(folded: str, language: str) -> bool:
    """Whether a side of the war or a place of the gazetteer is named at all."""
    if any(True for _ in _sides(language).matches(folded)):
        return True
    return _places().finds_any(folded)


@cache
def _sides(language: str) -> Matcher[Part | Meanings]:
    return Matcher(
        _lexicon_patterns(
            e
            for e in entries(language)
            if e.category not in TRIGGERS and (e.code in SIDES or e.category in UNNAMED_SIDES)
        )
    )


@cache
def _triggers(language: str) -> Matcher[Part | Meanings]:
    return Matcher(_lexicon_patterns(e for e in entries(language) if e.category in FIRST))


Words = dict[str, list[Part | Meanings]]


@cache
def _companions(language: str) -> tuple[Matcher[Part | Meanings], Words]:
    """What stands beside triggers: an automaton, and a table of the single words.

    Short words would be found by the automaton inside of most others.
    """
    patterns: list[Pattern[Part | Meanings]] = []
    single: Words = {}
    for pattern in _lexicon_patterns(e for e in entries(language) if e.category not in FIRST):
        if pattern.open_start or pattern.open_end or not is_one_word(pattern.text):
            patterns.append(pattern)
        else:
            single.setdefault(pattern.text, []).append(pattern.meaning)
    return Matcher(patterns), single


@cache
def _places() -> WordTable:
    return WordTable(forms())


def _lexicon_patterns(chosen: Iterable[Entry]) -> Iterable[Pattern[Part | Meanings]]:
    for entry in chosen:
        for number, form in enumerate(entry.forms):
            parts = split_form(form)
            for at, (part, gap) in enumerate(parts):
                text = fold(part)
                yield Pattern(
                    text.strip("*"),
                    Part(entry, number, at, len(parts), gap),
                    open_start=text.startswith("*"),
                    open_end=text.endswith("*"),
                )


def split_form(form: str) -> list[tuple[str, int]]:
    """The parts of a form that are found one by one, each with the words that may stand before it.

    ` + ` is a gap; a `*` inside ("обмен* пленными") only ends a part, and the next follows at once.
    """
    found: list[tuple[str, int]] = []
    for part in form.split(" + "):
        for at, piece in enumerate(_INNER_STAR.split(part)):
            found.append((piece, 0 if at else GAP_WORDS))
    return found


def _distribute(triggers: Matches, passages: list[Passage], folded: str, language: str) -> None:
    starts = [passage.sentence.start for passage in passages]
    shares: list[Matches] = [[] for _ in passages]
    for match in triggers:
        at = bisect_right(starts, match.start) - 1
        if at >= 0 and match.end <= passages[at].sentence.end:
            shares[at].append(match)
    for passage, share in zip(passages, shares, strict=True):
        find = partial(
            _companions_in, folded, language, passage.sentence.start, passage.sentence.end
        )
        passage.hits = Hits(passage.sentence, share, find)


def _companions_in(folded: str, language: str, start: int, end: int) -> Matches:
    automaton, single = _companions(language)
    words = words_of(folded, start, end)
    found: Matches = list(automaton.matches(folded, start, end))
    for word, at in [one for one in words if one[0] in single]:
        last = at + len(word)
        if not is_inside_word(folded, last):
            found.extend([Match(at, last, part) for part in single[word]])
    found.extend(
        [
            Match(at, last, meanings_of(form))
            for at, last, form in _places().find(words, folded, end)
        ]
    )
    return found


def field_text(article: Article, name: EvidenceField) -> str:
    """The text of one of the article's fields."""
    return article.title if name is EvidenceField.TITLE else article.text
