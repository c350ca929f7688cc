"""Which stretches of a text stand between quotation marks."""

from bisect import bisect_right

from tocsin_classifier.domain.scan import Hit, Passage

_OPENING = {"«": "»", "„": "“”", "“": "”", "‹": "›"}
_STRAIGHT = '"'

_MARKS = frozenset('«»„“”‘’‹›"')

LONGEST = 3000
"""A quotation that is not closed within so many characters, or in its paragraph, is none."""


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """The spans between quotation marks, marks left out, in order and without overlap."""
    spans: list[tuple[int, int]] = []
    begun: int | None = None
    closing = ""
    for at, character in enumerate(text):
        if begun is None:
            if character in _OPENING or character == _STRAIGHT:
                begun, closing = at + 1, _OPENING.get(character, _STRAIGHT)
        elif character in closing:
            spans.append((begun, at))
            begun = None
        elif (character == "\n" and text[at + 1 : at + 2] == "\n") or at - begun > LONGEST:
            begun = None
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
