"""The lexicons' forms as patterns: one of several parts is looked for by its longest part first."""

import re
from collections.abc import Iterable, Iterator

from tocsin_classifier.domain.folding import fold
from tocsin_classifier.domain.hits import Part, WordMatches
from tocsin_classifier.domain.lexicon import Entry
from tocsin_classifier.domain.matcher import Pattern, occurrences

GAP_WORDS = 6
"""How many words may stand between the parts of a form written with ` + `."""

WIDE_GAP_WORDS = 16
"""The same with ` ++ `: German puts the second half of a verb at the end of the clause."""

GAP = re.compile(r" (\+\+?) ")
"""How a form writes the place where other words may stand."""

_INNER_STAR = re.compile(r"(?<=\*) +| +(?=\*)")
"""Where a form is cut at a `*` inside it."""


def split_form(form: str) -> list[tuple[str, int]]:
    """The parts of a form that are found one by one, each with the words that may stand before it.

    ` + ` is a gap, ` ++ ` a wide one; a `*` inside ("обмен* пленными") only ends a part, and the
    next follows at once.
    """
    found: list[tuple[str, int]] = []
    first, *rest = GAP.split(form)
    for gap, part in [("+", first), *zip(rest[::2], rest[1::2], strict=True)]:
        for at, piece in enumerate(_INNER_STAR.split(part)):
            reach = GAP_WORDS if gap == "+" else WIDE_GAP_WORDS
            found.append((piece, 0 if at else reach))
    return found


def anchors(chosen: Iterable[Entry]) -> Iterator[Pattern[Part]]:
    """One pattern for each form of the entries: its longest part, which knows the others.

    The other parts are often words such as "de" and "la": they would be found in every sentence,
    and mean nothing in nearly all of them.
    """
    for entry in chosen:
        for number, form in enumerate(entry.forms):
            yield _anchor(entry, number, form)


def _anchor(entry: Entry, number: int, form: str) -> Pattern[Part]:
    parts = split_form(form)
    patterns = [
        _pattern(part, Part(entry, number, at, len(parts), gap))
        for at, (part, gap) in enumerate(parts)
    ]
    longest = max(patterns, key=lambda p: len(p.text))
    others = tuple(p for p in patterns if p is not longest)
    if not others:
        return longest
    part, gap = parts[longest.meaning.part]
    return _pattern(part, Part(entry, number, longest.meaning.part, len(parts), gap, others))


def _pattern(part: str, meaning: Part) -> Pattern[Part]:
    text = fold(part)
    return Pattern(
        text.strip("*"), meaning, open_start=text.startswith("*"), open_end=text.endswith("*")
    )


def completed(matches: WordMatches, folded: str, begin: int, stop: int) -> WordMatches:
    """The matches of a sentence with all parts of their forms; without forms that lack one."""
    gapped = [part for _, _, part in matches if part.others]
    if not gapped:
        return matches
    found: WordMatches = []
    whole: dict[int, bool] = {}
    for match in matches:
        part = match[2]
        if part.others:
            known = whole.get(id(part))
            if known is None:
                others = _all_of(part.others, folded, begin, stop)
                known = whole[id(part)] = bool(others)
                found += others
            if not known:
                continue
        found.append(match)
    return found


def _all_of(parts: Iterable[Pattern[Part]], folded: str, begin: int, stop: int) -> WordMatches:
    """Every match of the parts; none when one of them has none."""
    found: WordMatches = []
    for part in parts:
        matches = occurrences(part, folded, begin, stop)
        if not matches:
            return []
        found += matches
    return found


def may_be_whole(part: Part, folded: str) -> bool:
    """Whether all parts of a form stand somewhere in the text."""
    return all(other.text in folded for other in part.others)
