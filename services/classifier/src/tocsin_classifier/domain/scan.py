"""The passes over an article: triggers first, and everything else only where there are any."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tocsin_classifier.domain.folding import fold
from tocsin_classifier.domain.gazetteer import Meanings
from tocsin_classifier.domain.lexicon import Category, Entry, entries
from tocsin_classifier.domain.matcher import Match, Matcher, Pattern
from tocsin_classifier.domain.place_names import names_any, place_names
from tocsin_classifier.domain.text import Sentence, sentences
from tocsin_schemas.article import MAX_TEXT_BYTES, Article
from tocsin_schemas.vocabulary import EvidenceField

TRIGGERS = frozenset(
    {
        Category.CLAIM,
        Category.STANCE,
        Category.TOPIC,
        Category.ALARM,
        Category.ALL_CLEAR,
        Category.ATTACK,
        Category.DEFENCE,
        Category.THREAT,
        Category.SHELTER,
    }
)
"""Without a hit of these categories an article says nothing of interest and is left at once."""

ALONE = frozenset(TRIGGERS - {Category.STANCE, Category.TOPIC, Category.ATTACK, Category.SHELTER})
"""Triggers that can make a statement without another one."""

SIDES = frozenset({"UA", "RU"})
UNNAMED_SIDES = frozenset({Category.OWN, Category.ENEMY, Category.COUNTRYWIDE})

GAP_WORDS = 6
"""How many words may stand between the parts of a form written with ` + `."""

_INNER_STAR = re.compile(r"(?<=\*) +| +(?=\*)")
"""Where a form is cut at a `*` inside it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of one form of an entry."""

    entry: Entry
    form: int
    part: int
    parts: int
    gap: int
    """How many words may stand between it and the part before."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry or a place name found; offsets are the field's code points."""

    start: int
    end: int
    category: Category | None
    """The entry's category, None for a place."""
    entry: Entry | None = None
    meanings: Meanings = ()
    """What a place name may mean."""


@dataclass(slots=True)
class Passage:
    """A sentence with what was found in it, in order."""

    sentence: Sentence
    hits: list[Hit] = field(default_factory=list)
    _segments: list[tuple[int, int]] | None = None

    def segments(self) -> list[tuple[int, int]]:
        """The sentence's segments, worked out once."""
        if self._segments is None:
            self._segments = self.sentence.segments()
        return self._segments

    def of(self, *categories: Category) -> list[Hit]:
        """The hits of these categories, in order."""
        return [hit for hit in self.hits if hit.category in categories]

    def places(self) -> list[Hit]:
        """The place names found, in order."""
        return [hit for hit in self.hits if hit.category is None]

    def before(self, at: int, *categories: Category) -> list[Hit]:
        """The hits of these categories that end at or before an offset, nearest first."""
        return [h for h in reversed(self.hits) if h.end <= at and h.category in categories]

    def after(self, at: int, *categories: Category) -> list[Hit]:
        """The hits of these categories that start at or after an offset, nearest first."""
        return [h for h in self.hits if h.start >= at and h.category in categories]


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
    companions = {
        name: [*_companions(language).matches(text), *place_names(text)]
        for name, text in folded.items()
    }
    if not _is_near_the_war(m.meaning for found in companions.values() for m in found):
        return None
    passages = [Passage(sentence) for sentence in sentences(article)]
    for name in folded:
        own = [passage for passage in passages if passage.sentence.field is name]
        _distribute(triggers[name] + companions[name], own)
    return Reading(article, passages)


def fired(text: str, language: str) -> frozenset[str]:
    """Ids of the entries that fire in one sentence, those that only hide others included."""
    sentence = Sentence(EvidenceField.TEXT, 0, 0, 0, len(text), text, heading=False)
    folded = fold(text)
    matches = [*_triggers(language).matches(folded), *_companions(language).matches(folded)]
    hits = _hits([*matches, *place_names(folded)], sentence)
    hiding = [hit for hit in hits if hit.category in SWALLOWERS]
    return frozenset(hit.entry.id for hit in [*hiding, *_without_swallowed(hits)] if hit.entry)


def load(language: str) -> None:
    """Load all that reading a language needs now, not when its first article comes."""
    _triggers(language)
    _companions(language)
    names_any("")


def _may_say(meanings: Iterable[Part | Meanings]) -> bool:
    """Whether the triggers together can make a statement: a word of stance needs a topic."""
    fired = [m.entry for m in meanings if isinstance(m, Part)]
    found = {entry.category for entry in fired}
    return (
        not found.isdisjoint(ALONE)
        or found >= {Category.STANCE, Category.TOPIC}
        or any(entry.threat for entry in fired)
    )


def _is_near_the_war(meanings: Iterable[Part | Meanings]) -> bool:
    """Whether a side of the war or a place of the gazetteer is named at all."""
    return any(
        not isinstance(m, Part) or m.entry.code in SIDES or m.entry.category in UNNAMED_SIDES
        for m in meanings
    )


@cache
def _triggers(language: str) -> Matcher[Part | Meanings]:
    return Matcher(_lexicon_patterns(e for e in entries(language) if e.category in TRIGGERS))


@cache
def _companions(language: str) -> Matcher[Part | Meanings]:
    return Matcher(_lexicon_patterns(e for e in entries(language) if e.category not in TRIGGERS))


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


def _distribute(matches: list[Match[Part | Meanings]], passages: list[Passage]) -> None:
    if not passages:
        return
    starts = [passage.sentence.start for passage in passages]
    shares: list[list[Match[Part | Meanings]]] = [[] for _ in passages]
    for match in matches:
        at = bisect_right(starts, match.start) - 1
        if at >= 0 and match.end <= passages[at].sentence.end:
            shares[at].append(match)
    for passage, share in zip(passages, shares, strict=True):
        if share:
            passage.hits = _without_swallowed(_hits(share, passage.sentence))


def _hits(matches: list[Match[Part | Meanings]], sentence: Sentence) -> list[Hit]:
    matches.sort(key=lambda m: (m.start, m.end))
    found: list[Hit] = []
    begun: dict[tuple[str, int], tuple[int, int, int]] = {}
    for match in matches:
        meaning = match.meaning
        if not isinstance(meaning, Part):
            if _is_tail(sentence, match.start):
                continue
            found.append(Hit(match.start, match.end, None, meanings=meaning))
            continue
        key = (meaning.entry.id, meaning.form)
        start = match.start
        if meaning.part > 0:
            first, last, reached = begun.get(key, (0, 0, -1))
            if (
                reached != meaning.part - 1
                or match.start < last
                or sentence.words_between(last, match.start) > meaning.gap
            ):
                continue
            start = first
        if meaning.part == meaning.parts - 1:
            found.append(Hit(start, match.end, meaning.entry.category, meaning.entry))
            begun.pop(key, None)
        else:
            begun[key] = (start, match.end, meaning.part)
    return found


def _is_tail(sentence: Sentence, start: int) -> bool:
    """Whether a name is only the second half of a hyphenated one."""
    at = start - sentence.start
    return at >= 2 and sentence.text[at - 1] == "-" and sentence.text[at - 2].isalpha()


def _without_swallowed(hits: list[Hit]) -> list[Hit]:
    # The longest reading of the same letters wins; an idiom wins over all inside it.
    hits.sort(key=lambda h: (h.start, -h.end))
    kept: list[Hit] = []
    for hit in hits:
        if not any(_swallows(other, hit) for other in kept[-8:]):
            kept.append(hit)
    return [hit for hit in kept if hit.category not in SWALLOWERS]


def _swallows(longer: Hit, hit: Hit) -> bool:
    if not (longer.start <= hit.start and hit.end <= longer.end):
        return False
    if longer.category is Category.IDIOM:
        return True
    if longer.category is Category.NOT_PLACE:
        return hit.category is None
    if longer.end - longer.start == hit.end - hit.start:
        return longer.entry is hit.entry and longer.category is not None
    same_kind = (longer.category is None) == (hit.category is None)
    return same_kind and (longer.category is hit.category or longer.category in NAMES)


SWALLOWERS = (Category.IDIOM, Category.NOT_PLACE)
"""Categories that say nothing themselves and only hide what stands inside them."""

NAMES = frozenset({Category.ACTOR, Category.SIDE, Category.ENEMY, Category.OWN, Category.SAYS})
"""Categories whose longer forms hide what they contain."""


def field_text(article: Article, name: EvidenceField) -> str:
    """The text of one of the article's fields."""
    return article.title if name is EvidenceField.TITLE else article.text
