"""Which stretches of a text stand between quotation marks."""

from bisect import bisect_right

_OPENING = {"«": "»", "„": "“”", "“": "”", "‹": "›"}
_STRAIGHT = '"'

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
