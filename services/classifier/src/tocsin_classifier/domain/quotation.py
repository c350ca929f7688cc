"""Which stretches of a text stand between quotation marks."""

import re
from bisect import bisect_right

from tocsin_classifier.domain.scan import Hit, Passage

_OPEN = re.compile('[«„“‹"]')
_CLOSE = {
    mark: re.compile(rf"[{closing}]|\n(?=\n)")
    for mark, closing in {"«": "»", "„": "“”", "“": "”", "‹": "›", '"': '"'}.items()
}
"""What ends a quotation by the mark that opens it: its own closing mark, or a blank line."""

_MARKS = frozenset('«»„“”‘’‹›"')

LONGEST = 3000
"""A quotation that is not closed within so many characters, or in its paragraph, is none."""


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """The spans between quotation marks, marks left out, in order and without overlap."""
    spans: list[tuple[int, int]] = []
    opening = _OPEN.search(text)
    while opening is not None:
        begun = opening.end()
        closing = _CLOSE[opening.group()].search(text, begun, begun + LONGEST + 2)
        if closing is not None and closing.group() != "\n":
            spans.append((begun, closing.start()))
        opening = _OPEN.search(text, closing.end() if closing else begun + LONGEST + 2)
    return spans


def span_around(spans: list[tuple[int, int]], at: int) -> tuple[int, int] | None:
    """The quotation that holds an offset."""
    index = bisect_right(spans, (at, len(spans) and spans[-1][1] + 1)) - 1
    if index >= 0 and spans[index][0] <= at < spans[index][1]:
        return spans[index]
    return None


def is_scare_quoted(passage: Passage, hit: Hit) -> bool:
    """Whether quotation marks hold nothing but the word: the text keeps its distance from it."""
    at = passage.sentence.start
    text = passage.sentence.text
    before = text[: hit.end - at].rstrip().rfind(" ")
    opened = text[: hit.start - at].rstrip(" \u00a0")[-1:] in _MARKS or text[before + 1] in _MARKS
    return opened and text[hit.end - at :].lstrip(" \u00a0")[:1] in _MARKS
