"""Many patterns in one pass: an Aho-Corasick automaton with word boundaries and gaps."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick, Implementation

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

LONGEST_ENDING = 40
"""How many letters `*` may stand for; bounds the work on a text of one endless word."""


@dataclass(frozen=True, slots=True)
class Pattern(Generic[T]):
    """A folded string to find, and what it means when it is found."""

    text: str
    meaning: T
    open_start: bool = False
    open_end: bool = False


class Match(NamedTuple, Generic[T_co]):
    """A pattern found, with the whole word or words it stands in."""

    start: int
    end: int
    meaning: T_co


class Matcher(Generic[T]):
    """Finds all patterns of a set in folded text; immutable after construction."""

    def __init__(self, patterns: Iterable[Pattern[T]]) -> None:
        self._owners: list[list[Pattern[T]]] = []
        places: dict[str, int] = {}
        for pattern in patterns:
            at = places.setdefault(pattern.text, len(places))
            if at == len(self._owners):
                self._owners.append([])
            self._owners[at].append(pattern)
        self._automaton = AhoCorasick(
            list(places), implementation=Implementation.ContiguousNFA, store_patterns=False
        )

    def matches(self, folded: str, begin: int = 0, stop: int | None = None) -> Iterator[Match[T]]:
        """Every match that starts and ends at the edge of a word, overlapping ones included.

        Only what lies between the offsets `begin` and `stop` is searched.
        """
        limit = len(folded) if stop is None else stop
        searched = folded if limit - begin == len(folded) else folded[begin:limit]
        for at, start, end in self._automaton.find_matches_as_indexes(searched, overlapping=True):
            first, last = begin + start, begin + end
            inside_before = is_inside_word(folded, first)
            inside_after = is_inside_word(folded, last)
            for pattern in self._owners[at]:
                if (inside_before and not pattern.open_start) or (
                    inside_after and not pattern.open_end
                ):
                    continue
                whole_first = _word_start(folded, first) if inside_before else first
                whole_last = _word_end(folded, last) if inside_after else last
                if begin <= whole_first and whole_last <= limit:
                    yield Match(whole_first, whole_last, pattern.meaning)


def is_inside_word(folded: str, at: int) -> bool:
    """Whether the characters around an offset are of one word; figures after letters are not."""
    if not 0 < at < len(folded):
        return False
    before, after = folded[at - 1], folded[at]
    return before.isalnum() and after.isalnum() and before.isdigit() == after.isdigit()


def _word_start(folded: str, start: int) -> int:
    limit = max(0, start - LONGEST_ENDING)
    while start > limit and folded[start - 1].isalnum():
        start -= 1
    return start


def _word_end(folded: str, end: int) -> int:
    limit = min(len(folded), end + LONGEST_ENDING)
    while end < limit and folded[end].isalnum():
        end += 1
    return end
