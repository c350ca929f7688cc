"""Who says so: the speaker of a quotation, of reported speech, or the medium itself."""

from typing import NamedTuple

from tocsin_classifier.domain.actors import Party, parties
from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.quotation import quoted_spans, span_around
from tocsin_classifier.domain.scan import Hit, Passage, Reading, field_text

REACH = 12
"""How many words may stand between a word of saying and its speaker."""

STRAIGHT_REACH = 3
"""The same for a speaker behind a word of saying that does not follow what was said."""

ACCORDING_REACH = 8
"""How many words may stand between "according to" and its speaker."""

OWNED_REACH = 1
"""How many words may stand between a possessive and the place that it owns."""

POINTING_BACK = ("об этом ", "про це ", "das teilte ", "dies teilte ", "das sagte ")
"""How a sentence begins, folded, that only tells who said the one before it."""

RECENT = 3
"""In how many sentences before an open quotation its speaker is looked for."""


class Speaker(NamedTuple):
    """Somebody who says something, with the words that show it."""

    party: Party
    passage: Passage
    start: int
    end: int


def speaker(reading: Reading, passage: Passage, at: int) -> Speaker | None:
    """Who says what stands at an offset of the sentence; None when it is the medium itself."""
    quote = _quotation(reading, passage, at)
    known: dict[tuple[int, int] | None, Speaker | None]
    known = passage.memory.setdefault("speakers", {})
    if quote not in known:
        known[quote] = _speaker(reading, passage, quote)
    return known[quote]


def _speaker(reading: Reading, passage: Passage, quote: tuple[int, int] | None) -> Speaker | None:
    if quote is None:
        return _according(passage) or _said(passage, None) or _said_next(reading, passage)
    for near in _around(reading, passage, quote):
        found = _said(near, quote)
        if found:
            return found
    return None


def _said_next(reading: Reading, passage: Passage) -> Speaker | None:
    """Who says so in the sentence behind: "This was announced by the minister"."""
    for after in reading.passages[passage.sentence.index + 1 : passage.sentence.index + 2]:
        if after.sentence.text.lstrip().casefold().startswith(POINTING_BACK):
            return _said(after, None)
    return None


def is_quoted(reading: Reading, passage: Passage, at: int) -> bool:
    """Whether the offset stands between quotation marks."""
    return _quotation(reading, passage, at) is not None


def _quotation(reading: Reading, passage: Passage, at: int) -> tuple[int, int] | None:
    name = passage.sentence.field
    spans = reading.quoted.get(name)
    if spans is None:
        spans = reading.quoted[name] = quoted_spans(field_text(reading.article, name))
    return span_around(spans, at)


def _around(reading: Reading, passage: Passage, quote: tuple[int, int]) -> list[Passage]:
    # The sentence itself, the one in which the quotation ends, then those before it.
    ahead = reading.passages[passage.sentence.index : passage.sentence.index + RECENT + 1]
    closing = [p for p in ahead if p.sentence.start <= quote[1] <= p.sentence.end + 1]
    return [passage, *closing, *reading.previous(passage, RECENT)]


def _according(passage: Passage) -> Speaker | None:
    for hit in passage.of(Category.ACCORDING):
        run = [
            p
            for p in parties(passage)
            if p.start >= hit.end
            and passage.sentence.words_between(hit.end, p.start) <= ACCORDING_REACH
            and not _is_set_apart(passage, hit, p)
        ]
        if run:
            chosen = next((p for p in run if p.person), run[0])
            return Speaker(chosen, passage, hit.start, chosen.end)
    return None


def _is_set_apart(passage: Passage, hit: Hit, one: Party) -> bool:
    """Whether a comma ends "according to his aide" before the name, which then is no speaker."""
    at = passage.sentence.start
    return "," in passage.sentence.text[hit.end - at : one.start - at]


def _said(passage: Passage, quote: tuple[int, int] | None) -> Speaker | None:
    named = [
        p
        for p in parties(passage)
        if (quote is None or not quote[0] <= p.start < quote[1]) and not _owns_place(passage, p)
    ]
    if not named:
        return None
    for hit in passage.of(Category.SAYS):
        if quote is not None and quote[0] <= hit.start < quote[1]:
            continue
        found = _subject(passage, hit, named, inverted=_is_inverted(passage, hit, quote))
        if found:
            return found
    return None


def _owns_place(passage: Passage, one: Party) -> bool:
    """Whether the name only tells whose place it is: "in Ukraine's Donetsk region"."""
    at = passage.sentence.start
    text = passage.sentence.text
    after = text[one.start - at : one.end - at + 2]
    return any(mark in after for mark in ("'s", "’s")) and any(
        p.start >= one.end and passage.sentence.words_between(one.end, p.start) <= OWNED_REACH
        for p in passage.places()
    )


def _is_inverted(passage: Passage, hit: Hit, quote: tuple[int, int] | None) -> bool:
    # «…», a déclaré X: the word of saying comes right after the quotation or a comma.
    before = passage.sentence.text[: hit.start - passage.sentence.start].rstrip(" \u00a0")
    return before[-1:] in ',»”“"–—-' and (quote is None or quote[1] <= hit.start or bool(before))


def _subject(passage: Passage, hit: Hit, named: list[Party], *, inverted: bool) -> Speaker | None:
    within = [p for p in named if hit.start <= p.start and p.end <= hit.end]
    if within:
        return Speaker(within[0], passage, hit.start, hit.end)
    words = passage.sentence.words_between
    reach = REACH if inverted else STRAIGHT_REACH
    after = [p for p in named if p.start >= hit.end and words(hit.end, p.start) <= reach]
    before = [p for p in named[::-1] if p.end <= hit.start and words(p.end, hit.start) <= REACH]
    for run in (after, before) if inverted else (before, after):
        if run:
            chosen = next((p for p in run if p.person and p.code == run[0].code), run[0])
            return Speaker(chosen, passage, min(hit.start, chosen.start), max(hit.end, chosen.end))
    return None
