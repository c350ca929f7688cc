"""Many patterns in one pass: an Aho-Corasick automaton with word boundaries and gaps."""

from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from ahocorasick_rs import AhoCorasick, Implementation

T = TypeVar("T")

LONGEST_ENDING = 40
"""How many letters `*` may stand for; bounds the work on a text of one endless word."""


class Pattern(NamedTuple, Generic[T]):
    """A folded string to find, and what it means when it is found."""

    text: str
    meaning: T
    open_start: bool = False
    open_end: bool = False


Match: TypeAlias = tuple[int, int, T]
"""Start and end of the whole word or words in which a pattern was found, and what it means."""


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
        self._begins_words = [not any(p.open_start for p in owned) for owned in self._owners]
        self._meanings = [[p.meaning for p in owned] for owned in self._owners]
        self._automaton = AhoCorasick(
            list(places), implementation=Implementation.ContiguousNFA, store_patterns=False
        )

    def matches(self, folded: str, begin: int = 0, stop: int | None = None) -> list[Match[T]]:
        """Every match that starts and ends at the edge of a word, overlapping ones included.

        Only what lies between the offsets `begin` and `stop` is searched.
        """
        limit = len(folded) if stop is None else stop
        searched = folded if limit - begin == len(folded) else folded[begin:limit]
        found: list[Match[T]] = []
        for at, start, end in self._automaton.find_matches_as_indexes(searched, overlapping=True):
            first, last = begin + start, begin + end
            inside_before = folded[first - 1].isalnum() and is_inside_word(folded, first)
            if inside_before and self._begins_words[at]:
                continue
            inside_after = last < limit and folded[last].isalnum() and is_inside_word(folded, last)
            if inside_before or inside_after:
                for pattern in self._owners[at]:
                    if (pattern.open_start or not inside_before) and (
                        pattern.open_end or not inside_after
                    ):
                        whole_first = _word_start(folded, first) if inside_before else first
                        whole_last = _word_end(folded, last) if inside_after else last
                        if begin <= whole_first and whole_last <= limit:
                            found.append((whole_first, whole_last, pattern.meaning))
            else:
                found += [(first, last, meaning) for meaning in self._meanings[at]]
        return found


def occurrences(pattern: Pattern[T], folded: str, begin: int, stop: int) -> list[Match[T]]:
    """Every match of one pattern between two offsets, as a matcher of it alone would find it."""
    found: list[Match[T]] = []
    text = pattern.text
    first = folded.find(text, begin, stop)
    while first >= 0:
        last = first + len(text)
        inside_before, inside_after = is_inside_word(folded, first), is_inside_word(folded, last)
        if (pattern.open_start or not inside_before) and (pattern.open_end or not inside_after):
            whole_first = _word_start(folded, first) if inside_before else first
            whole_last = _word_end(folded, last) if inside_after else last
            if begin <= whole_first and whole_last <= stop:
                found.append((whole_first, whole_last, pattern.meaning))
        first = folded.find(text, first + 1, stop)
    return found


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
