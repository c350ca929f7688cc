"""What was found in a sentence: the words' entries and the place names, one reading each."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import overload

from tocsin_classifier.domain.gazetteer import Meanings
from tocsin_classifier.domain.lexicon import Category, Entry
from tocsin_classifier.domain.matcher import Match
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


@dataclass(frozen=True, slots=True)
class Part:
    """One part of one form of an entry."""

    entry: Entry
    form: int
    part: int
    parts: int
    gap: int
    """How many words may stand between it and the part before."""


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

Matches = list[Match[Part | Meanings]]


class Hits(Sequence[Hit]):
    """The hits of a sentence in order, worked out when somebody first looks at them."""

    __slots__ = ("_all", "_companions", "_first_kinds", "_kinds", "_sentence", "_triggers")

    def __init__(
        self, sentence: Sentence, triggers: Matches, companions: Callable[[], Matches]
    ) -> None:
        """Prepare.

        Args:
            sentence: where they stand.
            triggers: what the first pass over the article found in it.
            companions: finds everything else in it.

        """
        self._sentence = sentence
        self._triggers = triggers
        self._companions: Matches | Callable[[], Matches] = companions
        self._first_kinds = {_kind(match) for match in triggers}
        self._kinds: set[Category | None] | None = None
        self._all: list[Hit] | None = None

    def may_hold(self, categories: Collection[Category | None]) -> bool:
        """Whether there may be a hit of these categories; does no more work than that needs."""
        if not self._first_kinds.isdisjoint(categories):
            return True
        if FIRST.issuperset(categories):
            return False
        if self._kinds is None:
            self._kinds = {_kind(match) for match in self._matches()}
        return not self._kinds.isdisjoint(categories)

    def _matches(self) -> Matches:
        if not isinstance(self._companions, list):
            self._companions = self._companions()
        return self._triggers + self._companions

    def _read(self) -> list[Hit]:
        if self._all is None:
            self._all = without_swallowed(hits_of(self._matches(), self._sentence))
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


def _kind(match: Match[Part | Meanings]) -> Category | None:
    return match.meaning.entry.category if isinstance(match.meaning, Part) else None


def hits_of(matches: Matches, sentence: Sentence) -> list[Hit]:
    """All readings of what was matched in a sentence, in order, forms with gaps put together."""
    matches.sort(key=_SPAN)
    found: list[Hit] = []
    begun: dict[tuple[str, int], tuple[int, int, int]] = {}
    for match in matches:
        meaning = match.meaning
        if not isinstance(meaning, Part):
            if _is_tail(sentence, match.start):
                continue
            found.append(Hit(match.start, match.end, None, meanings=meaning))
            continue
        if meaning.parts == 1:
            found.append(Hit(match.start, match.end, meaning.entry.category, meaning.entry))
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


def without_swallowed(hits: list[Hit]) -> list[Hit]:
    """One reading of each stretch of letters: the longest; an idiom hides all inside it."""
    hits.sort(key=lambda h: (h.start, -h.end))
    kept: list[Hit] = []
    reached = 0
    for hit in hits:
        inside = hit.end <= reached
        if not (inside and any(_swallows(other, hit) for other in kept[-NESTED:])):
            kept.append(hit)
            reached = max(reached, hit.end)
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
    if longer.category is Category.SAYS and hit.category in SPEAKERS:
        return False
    same_kind = (longer.category is None) == (hit.category is None)
    return same_kind and (longer.category is hit.category or longer.category in NAMES)


NESTED = 8
"""How many hits before one are looked at for one that hides it."""

SWALLOWERS = (Category.IDIOM, Category.NOT_PLACE)
"""Categories that say nothing themselves and only hide what stands inside them."""

SPEAKERS = frozenset({Category.ACTOR, Category.SIDE, Category.OWN, Category.ENEMY})
"""Categories of those who say something, also within a form with a gap: "teilte Kiew mit"."""

NAMES = frozenset({Category.ACTOR, Category.SIDE, Category.ENEMY, Category.OWN, Category.SAYS})
"""Categories whose longer forms hide what they contain."""
