"""The passes over an article: triggers first, and everything else only where there are any."""

from bisect import bisect_right
from collections.abc import Iterable
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from tocsin_classifier.domain.folding import fold
from tocsin_classifier.domain.forms import anchors, completed, may_be_whole
from tocsin_classifier.domain.gazetteer import forms, meanings_of
from tocsin_classifier.domain.hits import (
    FIRST,
    SWALLOWERS,
    TRIGGERS,
    Hit,
    Hits,
    NameMatches,
    Part,
    WordMatches,
    hits_of,
    without_swallowed,
)
from tocsin_classifier.domain.lexicon import Category, Entry, entries
from tocsin_classifier.domain.matcher import Matcher, Pattern, is_inside_word
from tocsin_classifier.domain.reading import Passage, Reading
from tocsin_classifier.domain.text import Sentence, sentences
from tocsin_classifier.domain.word_table import (
    WordTable,
    behind_cut_word,
    is_one_word,
    words_of,
)
from tocsin_schemas.article import MAX_TEXT_BYTES, Article
from tocsin_schemas.vocabulary import EvidenceField

__all__ = ["TRIGGERS", "Hit", "Passage", "Reading", "field_text", "fired", "load", "read"]

ALONE = frozenset(TRIGGERS - {Category.STANCE, Category.TOPIC, Category.ATTACK, Category.SHELTER})
"""Triggers that can make a statement without another one."""

SIDES = frozenset({"UA", "RU"})

UNNAMED_SIDES = frozenset({Category.OWN, Category.ENEMY, Category.COUNTRYWIDE})

FIELDS = (EvidenceField.TITLE, EvidenceField.TEXT)

Triggers = dict[EvidenceField, WordMatches]

KEPT = 8192
"""How many pieces of text are remembered in each language."""


class Beside:
    """What stands beside the triggers of one sentence, found when somebody asks for it."""

    __slots__ = ("_end", "_folded", "_language", "_names", "_start", "_words")

    def __init__(self, folded: str, language: str, start: int, end: int) -> None:
        """Remember a field's folded text and the sentence's offsets in it."""
        self._folded = folded
        self._language = language
        self._start = start
        self._end = end
        self._names: NameMatches = []
        self._words: WordMatches | None = None

    def names(self) -> NameMatches:
        """The place names."""
        self._look_up()
        return self._names

    def words(self) -> WordMatches:
        """All entries that are no triggers."""
        automaton, _ = _companions(self._language)
        folded, begin, end = self._folded, self._start, self._end
        found = automaton.matches(folded, begin, end) + self._look_up()
        return completed(found, folded, begin, end)

    def _look_up(self) -> WordMatches:
        """The entries of one word; the place names are kept beside them."""
        if self._words is None:
            words: WordMatches = []
            names = self._names
            folded, end = self._folded, self._end
            begin = behind_cut_word(folded, self._start)
            pieces = folded[begin:end].split(" ")
            known = map(_memory(self._language).__getitem__, pieces)
            starts = accumulate(map(len, pieces), initial=begin)
            for number, (seen, at) in enumerate(zip(known, starts, strict=False)):
                if seen is None:
                    continue
                offset = at + number  # as many spaces stand before it
                single, named, begun = seen
                for first, last, part in single:
                    words.append((offset + first, offset + last, part))
                for first, last, meanings in named:
                    names.append((offset + first, offset + last, meanings))
                for first, lengths in begun:
                    start = offset + first
                    longer = _places().find_longer(folded, start, lengths, end)
                    names += [(start, start + len(name), meanings_of(name)) for name in longer]
            cut = is_inside_word(folded, end)
            self._words = [match for match in words if match[1] < end] if cut else words
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
    found = completed(triggers, folded, 0, len(text)) + beside.words()
    hits = hits_of(found, beside.names(), sentence)
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


Single = dict[str, list[Part]]


@cache
def _companions(language: str) -> tuple[Matcher[Part], Single]:
    """What stands beside triggers: an automaton, and a table of the single words.

    Short words would be found by the automaton inside of most others.
    """
    patterns: list[Pattern[Part]] = []
    single: Single = {}
    for pattern in anchors(e for e in entries(language) if e.category not in FIRST):
        if pattern.open_start or pattern.open_end or not is_one_word(pattern.text):
            patterns.append(pattern)
        else:
            single.setdefault(pattern.text, []).append(pattern.meaning)
    return Matcher(patterns), single


@cache
def _places() -> WordTable:
    return WordTable(forms())


class Seen(NamedTuple):
    """What is known of a piece of text between two spaces, by the offsets in it."""

    words: WordMatches
    """The entries of its words."""
    names: NameMatches
    """The places that its words name."""
    begun: list[tuple[int, tuple[int, ...]]]
    """Where longer names may begin, and how long they may be."""


class Memory(dict[str, Seen | None]):
    """What is known of pieces of text, looked up once since the same ones come again and again."""

    def __init__(self, language: str) -> None:
        """Begin empty."""
        super().__init__()
        _, self._single = _companions(language)
        self._places = _places()

    def __missing__(self, piece: str) -> Seen | None:
        """Look a piece up; when too many are remembered, begin anew."""
        if len(self) >= KEPT:
            self.clear()
        self[piece] = seen = self._look_up(piece)
        return seen

    def _look_up(self, piece: str) -> Seen | None:
        forms, longer = self._places.forms, self._places.longer
        words: WordMatches = []
        names: NameMatches = []
        begun: list[tuple[int, tuple[int, ...]]] = []
        for word, at in words_of(piece, 0, len(piece)):
            end = at + len(word)
            words += [(at, end, part) for part in self._single.get(word, ())]
            names += [(at, end, meanings_of(word))] if word in forms else []
            begun += [(at, longer[word])] if word in longer else []
        return Seen(words, names, begun) if words or names or begun else None


@cache
def _memory(language: str) -> Memory:
    return Memory(language)


def _distribute(
    triggers: WordMatches, passages: list[Passage], folded: str, language: str
) -> list[Part]:
    """Give each sentence its triggers; all that are whole are returned."""
    starts = [passage.sentence.start for passage in passages]
    shares: dict[int, WordMatches] = {}
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
            told += [part for _, _, part in share]
        passage.hits = Hits(passage.sentence, share, Beside(folded, language, start, end))
    return told


def field_text(article: Article, name: EvidenceField) -> str:
    """The text of one of the article's fields."""
    return article.title if name is EvidenceField.TITLE else article.text
