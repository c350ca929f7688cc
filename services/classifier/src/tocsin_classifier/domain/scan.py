"""The passes over an article: triggers first, and everything else only where there are any."""

from bisect import bisect_right
from collections.abc import Iterable
from functools import cache

from tocsin_classifier.domain.folding import fold
from tocsin_classifier.domain.forms import anchors, completed, may_be_whole
from tocsin_classifier.domain.gazetteer import forms, meanings_of
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
from tocsin_classifier.domain.reading import Passage, Reading
from tocsin_classifier.domain.text import Sentence, sentences
from tocsin_classifier.domain.word_table import WordTable, is_one_word, known_words
from tocsin_schemas.article import MAX_TEXT_BYTES, Article
from tocsin_schemas.vocabulary import EvidenceField

__all__ = ["TRIGGERS", "Hit", "Passage", "Reading", "field_text", "fired", "load", "read"]

ALONE = frozenset(TRIGGERS - {Category.STANCE, Category.TOPIC, Category.ATTACK, Category.SHELTER})
"""Triggers that can make a statement without another one."""

SIDES = frozenset({"UA", "RU"})

UNNAMED_SIDES = frozenset({Category.OWN, Category.ENEMY, Category.COUNTRYWIDE})

FIELDS = (EvidenceField.TITLE, EvidenceField.TEXT)

Triggers = dict[EvidenceField, list[Match[Part]]]


class Beside:
    """What stands beside the triggers of one sentence, found when somebody asks for it."""

    __slots__ = ("_end", "_folded", "_language", "_start", "_words")

    def __init__(self, folded: str, language: str, start: int, end: int) -> None:
        """Remember a field's folded text and the sentence's offsets in it."""
        self._folded = folded
        self._language = language
        self._start = start
        self._end = end
        self._words: list[tuple[str, int]] | None = None

    def names(self) -> Matches:
        """The place names."""
        found = _places().find(self._known(), self._folded, self._end)
        return [(at, last, meanings_of(form)) for at, last, form in found]

    def words(self) -> Matches:
        """All entries that are no triggers."""
        automaton, single = _companions(self._language)
        folded, begin, end = self._folded, self._start, self._end
        found: Matches = list(automaton.matches(folded, begin, end))
        for word, at in self._known():
            if word in single:
                last = at + len(word)
                if last < end or not is_inside_word(folded, last):
                    found += [(at, last, part) for part in single[word]]
        return completed(found, folded, begin, end)

    def _known(self) -> list[tuple[str, int]]:
        if self._words is None:
            single = _companions(self._language)[1]
            self._words = known_words(self._folded, self._start, self._end, single, _places())
        return self._words


def read(article: Article) -> Reading | None:
    """The article with its hits, or None when nothing in it can be of interest."""
    folded = {name: fold(field_text(article, name)[:MAX_TEXT_BYTES]) for name in FIELDS}
    language = article.language
    first = {name: _first(language).matches(text) for name, text in folded.items() if text}
    triggers = {
        name: [match for match in found if match[2].entry.category in FIRST]
        for name, found in first.items()
    }
    if not _is_likely(folded, triggers):
        return None
    # Beside its triggers the first pass finds the sides of the war.
    near = any(len(found) > len(triggers[name]) for name, found in first.items())
    if not near and not any(_places().finds_any(text) for text in folded.values()):
        return None
    passages = [Passage(sentence) for sentence in sentences(article)]
    told: list[Part] = []
    for name, found in triggers.items():
        own = [passage for passage in passages if passage.sentence.field is name]
        told += _distribute(found, own, folded[name], language)
    return Reading(article, passages) if _may_say(told) else None


def _is_likely(folded: dict[EvidenceField, str], triggers: Triggers) -> bool:
    """Whether the triggers may make a statement, those left out of which a part stands nowhere."""
    likely = [part for found in triggers.values() for _, _, part in found if not part.others]
    if _may_say(likely):
        return True
    for name, found in triggers.items():
        gapped = {id(part): part for _, _, part in found if part.others}
        likely += [part for part in gapped.values() if may_be_whole(part, folded[name])]
    return _may_say(likely)


def fired(text: str, language: str) -> frozenset[str]:
    """Ids of the entries that fire in one sentence, those that only hide others included."""
    sentence = Sentence(EvidenceField.TEXT, 0, 0, 0, len(text), text, heading=False)
    folded = fold(text)
    first = _first(language).matches(folded)
    triggers = [match for match in first if match[2].entry.category in FIRST]
    beside = Beside(folded, language, 0, len(text))
    found = completed(triggers, folded, 0, len(text)) + beside.words() + beside.names()
    hits = hits_of(found, sentence)
    hiding = [hit for hit in hits if hit.category in SWALLOWERS]
    return frozenset(hit.entry.id for hit in [*hiding, *without_swallowed(hits)] if hit.entry)


def load(language: str) -> None:
    """Load all that reading a language needs now, not when its first article comes."""
    _first(language)
    _companions(language)
    _places()


def _may_say(parts: Iterable[Part]) -> bool:
    """Whether the triggers together can make a statement: a word of stance needs a topic."""
    fired = [part.entry for part in parts]
    found = {entry.category for entry in fired}
    return (
        not found.isdisjoint(ALONE)
        or found >= {Category.STANCE, Category.TOPIC}
        or any(entry.threat for entry in fired)
    )


def _is_of_a_side(entry: Entry) -> bool:
    return entry.category not in FIRST and (entry.code in SIDES or entry.category in UNNAMED_SIDES)


@cache
def _first(language: str) -> Matcher[Part]:
    """What the first pass looks for: triggers, and the sides of the war."""
    return Matcher(anchors(e for e in entries(language) if e.category in FIRST or _is_of_a_side(e)))


Words = dict[str, list[Part]]


@cache
def _companions(language: str) -> tuple[Matcher[Part], Words]:
    """What stands beside triggers: an automaton, and a table of the single words.

    Short words would be found by the automaton inside of most others.
    """
    patterns: list[Pattern[Part]] = []
    single: Words = {}
    for pattern in anchors(e for e in entries(language) if e.category not in FIRST):
        if pattern.open_start or pattern.open_end or not is_one_word(pattern.text):
            patterns.append(pattern)
        else:
            single.setdefault(pattern.text, []).append(pattern.meaning)
    return Matcher(patterns), single


@cache
def _places() -> WordTable:
    return WordTable(forms())


def _distribute(
    triggers: list[Match[Part]], passages: list[Passage], folded: str, language: str
) -> list[Part]:
    """Give each sentence its triggers; all that are whole are returned."""
    starts = [passage.sentence.start for passage in passages]
    shares: dict[int, Matches] = {}
    for match in triggers:
        at = bisect_right(starts, match[0]) - 1
        if at >= 0 and match[1] <= passages[at].sentence.end:
            shares.setdefault(at, []).append(match)
    told: list[Part] = []
    for at, passage in enumerate(passages):
        start, end = passage.sentence.start, passage.sentence.end
        share = shares.get(at, [])
        if share:
            share = completed(share, folded, start, end)
            told += [part for _, _, part in share if isinstance(part, Part)]
        passage.hits = Hits(passage.sentence, share, Beside(folded, language, start, end))
    return told


def field_text(article: Article, name: EvidenceField) -> str:
    """The text of one of the article's fields."""
    return article.title if name is EvidenceField.TITLE else article.text
