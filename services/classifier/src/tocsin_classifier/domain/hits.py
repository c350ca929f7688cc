"""What was found in a sentence: the words' entries and the place names, one reading each."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import Protocol, overload

from tocsin_classifier.domain.gazetteer import Meanings
from tocsin_classifier.domain.lexicon import Category, Entry
from tocsin_classifier.domain.matcher import Match, Pattern
from tocsin_classifier.domain.text import Sentence

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

FIRST = TRIGGERS | {Category.NARRATOR}
"""What the first pass over an article looks for: triggers, and what is asked of all sentences."""


@dataclass(slots=True, eq=False)
class Part:
    """One part of one form of an entry."""

    entry: Entry
    form: int
    part: int
    parts: int
    gap: int
    """How many words may stand between it and the part before."""
    others: tuple[Pattern["Part"], ...] = ()
    """The form's other parts, known to the one that is looked for first."""


@dataclass(slots=True, eq=False)
class Hit:
    """An entry or a place name found; offsets are the field's code points. Never changed."""

    start: int
    end: int
    category: Category | None
    """The entry's category, None for a place."""
    entry: Entry | None = None
    meanings: Meanings = ()
    """What a place name may mean."""


_SPAN = itemgetter(0, 1)
_START = attrgetter("start")
_END = attrgetter("end")

WordMatches = list[Match[Part]]

NameMatches = list[Match[Meanings]]


class Companions(Protocol):
    """Finds what stands beside the triggers of a sentence."""

    def names(self) -> NameMatches:
        """The place names."""

    def words(self) -> WordMatches:
        """All entries that are no triggers."""


class Hits(Sequence[Hit]):
    """The hits of a sentence in order, worked out when somebody first looks at them."""

    __slots__ = (
        "_all", "_beside", "_first", "_first_kinds", "_kinds", "_names", "_sentence", "_words",
        "triggers",
    )  # fmt: skip

    def __init__(self, sentence: Sentence, triggers: WordMatches, beside: Companions) -> None:
        """Prepare.

        Args:
            sentence: where they stand.
            triggers: what the first pass over the article found in it, forms that are whole.
            beside: finds everything else in it.

        """
        self._sentence = sentence
        self._first = triggers
        self._beside = beside
        self._names: NameMatches | None = None
        self._words: WordMatches | None = None
        self.triggers = [part.entry for _, _, part in triggers]
        """The entries of the triggers, those too that a longer reading hides."""
        self._first_kinds: set[Category | None] = {entry.category for entry in self.triggers}
        self._kinds: set[Category | None] | None = None
        self._all: list[Hit] | None = None

    def may_hold(self, categories: Collection[Category | None]) -> bool:
        """Whether there may be a hit of these categories; does no more work than that needs."""
        if not self._first_kinds.isdisjoint(categories):
            return True
        if FIRST.issuperset(categories):
            return False
        if None in categories and len(categories) == 1:
            return bool(self._places())
        if self._kinds is None:
            self._kinds = {part.entry.category for _, _, part in self._companions()}
            self._kinds |= {None} if self._places() else set()
        return not self._kinds.isdisjoint(categories)

    def is_read(self) -> bool:
        """Whether the hits are worked out already, so that a look at them costs nothing."""
        return self._all is not None

    def names(self) -> list[Meanings]:
        """What the place names may mean, those too that a longer reading hides."""
        return [meanings for _, _, meanings in self._places()]

    def _places(self) -> NameMatches:
        if self._names is None:
            self._names = self._beside.names()
        return self._names

    def _companions(self) -> WordMatches:
        if self._words is None:
            self._words = self._beside.words()
        return self._words

    def _read(self) -> list[Hit]:
        if self._all is None:
            found = hits_of(self._first + self._companions(), self._places(), self._sentence)
            self._all = without_swallowed(found)
        return self._all

    def __iter__(self) -> Iterator[Hit]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    @overload
    def __getitem__(self, at: int) -> Hit: ...
    @overload
    def __getitem__(self, at: slice) -> list[Hit]: ...
    def __getitem__(self, at: int | slice) -> Hit | list[Hit]:
        return self._read()[at]


def hits_of(words: WordMatches, names: NameMatches, sentence: Sentence) -> list[Hit]:
    """All readings of what was matched in a sentence, forms with gaps put together."""
    found = [
        Hit(start, end, part.entry.category, part.entry)
        for start, end, part in words
        if part.parts == 1
    ]
    found += [
        Hit(start, end, None, None, meanings)
        for start, end, meanings in names
        if not _is_tail(sentence, start)
    ]
    return found + _put_together([match for match in words if match[2].parts > 1], sentence)


def _put_together(parts: WordMatches, sentence: Sentence) -> list[Hit]:
    """The forms with gaps whose parts stand in order, close enough to one another."""
    found: list[Hit] = []
    begun: dict[tuple[str, int], tuple[int, int, int]] = {}
    for start, end, part in sorted(parts, key=_SPAN):
        key = (part.entry.id, part.form)
        begin = start
        if part.part > 0:
            begin, last, reached = begun.get(key, (0, 0, -1))
            if (
                reached != part.part - 1
                or start < last
                or sentence.words_between(last, start) > part.gap
            ):
                continue
        if part.part == part.parts - 1:
            found.append(Hit(begin, end, part.entry.category, part.entry))
            begun.pop(key, None)
        else:
            begun[key] = (begin, end, part.part)
    return found


def _is_tail(sentence: Sentence, start: int) -> bool:
    """Whether a name is only the second half of a hyphenated one."""
    at = start - sentence.start
    return at >= 2 and sentence.text[at - 1] == "-" and sentence.text[at - 2].isalpha()


def without_swallowed(hits: list[Hit]) -> list[Hit]:
    """One reading of each stretch of letters: the longest; an idiom hides all inside it."""
    hits.sort(key=_END, reverse=True)
    hits.sort(key=_START)
    kept: list[Hit] = []
    apart = reached = 0  # none of those kept before the first goes on to those behind it
    for hit in hits:
        if hit.end > reached:
            if hit.start >= reached:
                apart = len(kept)
            reached = hit.end
        elif _is_swallowed(hit, kept[max(apart, len(kept) - NESTED) :]):
            continue
        kept.append(hit)
    return [hit for hit in kept if hit.category not in SWALLOWERS]


def _is_swallowed(hit: Hit, before: list[Hit]) -> bool:
    """Whether one of those that begin before it, or with it and are longer, hides it."""
    category, end = hit.category, hit.end
    for longer in before:
        if longer.end < end:
            continue
        other = longer.category
        if other is Category.IDIOM:
            return True
        if other is Category.NOT_PLACE:
            if category is None:
                return True
        elif longer.end == end and longer.start == hit.start:
            if longer.entry is hit.entry and other is not None:
                return True
        elif other is Category.SAYS and category in SPEAKERS:
            continue
        elif other is category or (category is not None and other in NAMES):
            return True
    return False


NESTED = 8
"""How many hits before one are looked at for one that hides it."""

SWALLOWERS = frozenset({Category.IDIOM, Category.NOT_PLACE})
"""Categories that say nothing themselves and only hide what stands inside them."""

SPEAKERS = frozenset({Category.ACTOR, Category.SIDE, Category.OWN, Category.ENEMY})
"""Categories of those who say something, also within a form with a gap: "teilte Kiew mit"."""

NAMES = frozenset({Category.ACTOR, Category.SIDE, Category.ENEMY, Category.OWN, Category.SAYS})
"""Categories whose longer forms hide what they contain."""
