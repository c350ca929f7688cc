"""An article as the recognisers see it: sentences with what was found in them."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from tocsin_classifier.domain.gazetteer import Meanings
from tocsin_classifier.domain.hits import TRIGGERS, Hit, Hits
from tocsin_classifier.domain.lexicon import Category, Entry
from tocsin_classifier.domain.text import Sentence
from tocsin_schemas.article import Article
from tocsin_schemas.vocabulary import EvidenceField

_PLACES = (None,)
_START = attrgetter("start")


@dataclass(slots=True)
class Passage:
    """A sentence with what was found in it, in order."""

    sentence: Sentence
    hits: Sequence[Hit] = ()
    _segments: list[tuple[int, int]] | None = None
    _known: dict[tuple[Category | None, ...], list[Hit]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _sorted: dict[Category | None, list[Hit]] | None = field(
        default=None, init=False, repr=False, compare=False
    )
    """The hits of each category, once somebody looked at all."""
    _ends: list[int] | None = field(default=None, init=False, repr=False, compare=False)
    memory: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What others worked out about the sentence, by the name of what they worked out."""

    def segments(self) -> list[tuple[int, int]]:
        """The sentence's segments, worked out once."""
        if self._segments is None:
            self._segments = self.sentence.segments()
        return self._segments

    def segment_of(self, at: int) -> tuple[int, int]:
        """The segment that holds an offset, the whole sentence when none does."""
        if self._ends is None:
            self._ends = [end for _, end in self.segments()]
        index = bisect_left(self._ends, at)
        if index < len(self._ends):
            segment = self.segments()[index]
            if segment[0] <= at:
                return segment
        return self.sentence.start, self.sentence.end

    def may_hold(self, *categories: Category) -> bool:
        """Whether there may be a hit of these categories, asked for less than for the hits."""
        return not isinstance(self.hits, Hits) or self.hits.may_hold(categories)

    def may_name_places(self) -> bool:
        """Whether there may be a place name, asked for less than for the names."""
        return not isinstance(self.hits, Hits) or self.hits.may_hold(_PLACES)

    def likely_names(self) -> list[Meanings]:
        """What the place names may mean, those too that a longer reading hides."""
        if isinstance(self.hits, Hits):
            return self.hits.names()
        return [hit.meanings for hit in self.hits if hit.category is None]

    def triggers(self) -> list[Entry]:
        """The entries of the triggers, those too that a longer reading hides."""
        if isinstance(self.hits, Hits):
            return self.hits.triggers
        return [hit.entry for hit in self.hits if hit.entry and hit.category in TRIGGERS]

    def of(self, *categories: Category) -> list[Hit]:
        """The hits of these categories, in order; the list is kept, so never change it."""
        known = self._known.get(categories)
        if known is None:
            known = self._known[categories] = self._find(categories)
        return known

    def places(self) -> list[Hit]:
        """The place names found, in order; the list is kept, so never change it."""
        known = self._known.get(_PLACES)
        if known is None:
            known = self._known[_PLACES] = self._find(_PLACES)
        return known

    def before(self, at: int, *categories: Category) -> list[Hit]:
        """The hits of these categories that end at or before an offset, nearest first."""
        found = self.of(*categories)
        if not found:
            return []
        index = bisect_right(found, at, key=_START)
        return [h for h in found[index - 1 :: -1] if h.end <= at] if index else []

    def after(self, at: int, *categories: Category) -> list[Hit]:
        """The hits of these categories that start at or after an offset, nearest first."""
        found = self.of(*categories)
        return found[bisect_left(found, at, key=_START) :] if found else []

    def next_before(self, at: int, *categories: Category) -> Hit | None:
        """The first one of `before`."""
        found = self.of(*categories)
        if not found:
            return None
        index = bisect_right(found, at, key=_START)
        return next((h for h in found[index - 1 :: -1] if h.end <= at), None) if index else None

    def next_after(self, at: int, *categories: Category) -> Hit | None:
        """The first one of `after`."""
        found = self.of(*categories)
        index = bisect_left(found, at, key=_START) if found else 0
        return found[index] if index < len(found) else None

    def _find(self, categories: tuple[Category | None, ...]) -> list[Hit]:
        by_category = self._sorted
        if by_category is None:
            hits = self.hits
            if isinstance(hits, Hits) and not hits.is_read() and not hits.may_hold(categories):
                return []
            by_category = self._sorted = {}
            for hit in hits:
                by_category.setdefault(hit.category, []).append(hit)
        if len(categories) == 1:
            return by_category.get(categories[0], [])
        held = by_category.keys() & categories
        if len(held) > 1:
            return [hit for hit in self.hits if hit.category in held]
        return by_category[held.pop()] if held else []


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
