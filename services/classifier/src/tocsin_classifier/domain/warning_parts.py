"""The parts of a sentence that calls off one area's alarm and raises another's."""

import re
from dataclasses import replace
from itertools import pairwise

from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.scan import Hit, Passage
from tocsin_schemas.vocabulary import Phase

PARTS = re.compile(r"[;,|\n]|\s[–—-]\s|[\U0001F300-\U0001FAFF\u2600-\u27BF]")
"""What separates an all-clear for one area from an alarm for another in one sentence."""


def parts_of(passage: Passage) -> list[Passage]:
    """The sentence, cut where an all-clear for one area meets an alarm for another."""
    marks = [
        h
        for h in passage.of(Category.ALL_CLEAR, Category.ALARM)
        if h.entry and h.entry.phase in (Phase.ENDED, Phase.ACTIVE)
    ]
    cuts: list[int] = []
    for first, second in pairwise(sorted(marks, key=lambda h: h.end)):
        if first.entry and second.entry and first.entry.phase is not second.entry.phase:
            cut = _cut(passage, first, second, cuts[-1] if cuts else passage.sentence.start)
            if cut is not None:
                cuts.append(cut)
    if not cuts:
        return [passage]
    edges = [passage.sentence.start, *cuts, passage.sentence.end + 1]
    hits = [_behind(h, cuts) for h in passage.hits]
    return [
        replace(passage, hits=[h for h in hits if start <= h.start < end])
        for start, end in pairwise(edges)
    ]


def _behind(hit: Hit, cuts: list[int]) -> Hit:
    """An alarm whose form has a gap belongs to the part in which it ends: "…, it goes on"."""
    crossed = [cut for cut in cuts if hit.start < cut < hit.end]
    return replace(hit, start=crossed[-1]) if crossed and hit.category is Category.ALARM else hit


def _cut(passage: Passage, first: Hit, second: Hit, begin: int) -> int | None:
    named = passage.places()
    after = first.end
    if not any(begin <= p.start < first.start for p in named):
        after = next((p.end for p in named if first.end <= p.start < second.start), first.end)
    start = passage.sentence.start
    until = second.start if second.start > after else second.end
    mark = PARTS.search(passage.sentence.text, after - start, max(0, until - start))
    return start + mark.start() if mark else None
