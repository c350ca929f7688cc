"""Whether a word is denied where it stands, or told as something other than a fact of now."""

import re
from dataclasses import replace
from functools import lru_cache

from tocsin_classifier.domain.folding import fold
from tocsin_classifier.domain.forms import GAP
from tocsin_classifier.domain.lexicon import Category, Frame
from tocsin_classifier.domain.scan import Hit, Passage

MOST_ENTRIES = 4096
"""How many entries of the lexicons have their forms kept folded."""

NEGATION_REACH = 4
"""How many words before a word its negation may stand."""

MODAL_REACH = 6
"""How many words before a word a modal verb or a word of purpose may stand."""

GERMAN_REACH = 16
"""The same in German, where the modal comes second in the clause and its verb last."""

SUBJECT_REACH = 3
"""How many words after a noun of taking the modal verb may stand of which it is the subject."""

FINAL_REACH = 2
"""How many words after a German verb its modal may stand, at the end of the clause."""

LONG_VERB = 6
"""Letters of the shortest verb that negates: "halted", not "not"."""

AND = frozenset({"and", "et", "und", "і", "та", "й", "и"})

_HEARSAY = re.compile(r"\W*(?:worden )?(?:haben|sein)\b", re.IGNORECASE)
"""German: "will ... eingenommen haben" is what somebody claims, not a plan."""


def is_negated(passage: Passage, hit: Hit) -> bool:
    """Whether a negation stands shortly before the word, in the same segment."""
    return _reaches(passage, hit, Category.NEGATION, NEGATION_REACH)


def without_own(passage: Passage, hit: Hit) -> Passage:
    """The sentence without the negation that belongs to a word: "will not negotiate"."""
    over = [n for n in passage.of(Category.NEGATION) if n.start < hit.end and n.end > hit.start]
    if not over:
        return passage
    whole = _is_whole(passage, hit)
    own = [n for n in over if whole or n.start <= hit.start]
    return replace(passage, hits=[h for h in passage.hits if h not in own]) if own else passage


def is_unreal(passage: Passage, hit: Hit) -> bool:
    """Whether the word is a plan, a wish, a prediction or a condition where it stands."""
    if _is_german(hit):
        if _is_hearsay(passage, hit):
            return False
        _, end = passage.segment_of(hit.start)
        words = passage.sentence.words_between
        final = [h for h in passage.after(hit.end, Category.UNREAL) if h.start < end]
        final = [h for h in final if not _is_future(h)]
        if any(words(hit.end, h.start) <= FINAL_REACH and not words(h.end, end) for h in final):
            return True
    reach = GERMAN_REACH if _is_german(hit) else MODAL_REACH
    return _reaches(passage, hit, Category.UNREAL, reach) or _is_subject(passage, hit)


def is_background(passage: Passage, hit: Hit | None = None) -> bool:
    """Whether the sentence tells what was known long before; of a word, not of other segments'."""
    told = passage.of(Category.BACKGROUND)
    if hit is None or not told:
        return bool(told)
    own = passage.segment_of(hit.start)
    claimed = [passage.segment_of(h.start) for h in passage.of(Category.CLAIM)]
    return any(own[0] <= b.start < own[1] or not _is_in(b, claimed) for b in told)


def is_elsewhere(passage: Passage) -> bool:
    """Whether the sentence is about another conflict."""
    return bool(passage.of(Category.ELSEWHERE))


def _reaches(passage: Passage, hit: Hit, category: Category, reach: int) -> bool:
    found = passage.of(category)
    if not found:
        return False
    start, _ = passage.segment_of(hit.start)
    # "to capture" holds the first word of what it makes unreal.
    if any(o.start < hit.start < o.end for o in found):
        return True
    for other in passage.before(hit.start, category):
        if other.start < start:
            break
        if _is_over(passage, other, hit):
            continue
        if passage.sentence.words_between(other.end, hit.start) <= reach:
            return True
    # A form with a gap may hold the negation inside: "ont … pas … pris".
    inside = any(o.start > hit.start and o.end < hit.end for o in found)
    return inside and not _is_whole(passage, hit)


def _is_over(passage: Passage, other: Hit, hit: Hit) -> bool:
    """Whether a verb of repelling ends before another one: "repelled an attack and retook"."""
    at = passage.sentence.start
    text = passage.sentence.text
    verb = text[other.start - at : other.end - at]
    between = text[other.end - at : hit.start - at].lower().split()
    repels = other.category is Category.NEGATION and len(verb) >= LONG_VERB and verb.isalpha()
    return repels and len(between) > 1 and not AND.isdisjoint(between)


def _is_in(hit: Hit, spans: list[tuple[int, int]]) -> bool:
    return any(start <= hit.start < end for start, end in spans)


def _is_whole(passage: Passage, hit: Hit) -> bool:
    """Whether the words are a form without a gap, so that all of them belong to it."""
    at = passage.sentence.start
    written = fold(passage.sentence.text[hit.start - at : hit.end - at])
    return hit.entry is not None and written.startswith(_gapless(hit.entry.forms))


@lru_cache(maxsize=MOST_ENTRIES)
def _gapless(forms: tuple[str, ...]) -> tuple[str, ...]:
    """The forms without a gap, folded."""
    return tuple(fold(form).strip("*") for form in forms if not GAP.search(form))


def _is_subject(passage: Passage, hit: Hit) -> bool:
    """Whether a noun of taking is the subject of something unreal: "the capture would open"."""
    if hit.entry is None or hit.entry.frame is not Frame.PASSIVE:
        return False
    _, end = passage.segment_of(hit.start)
    words = passage.sentence.words_between
    return any(
        h.start < end and words(hit.end, h.start) <= SUBJECT_REACH and not _is_future(h)
        for h in passage.after(hit.end, Category.UNREAL)
    )


def _is_future(modal: Hit) -> bool:
    """German "wird": after its verb it makes a passive, not a future."""
    return modal.entry is not None and modal.entry.id.endswith(".future")


def _is_german(hit: Hit) -> bool:
    return hit.entry is not None and hit.entry.id.startswith("de.")


def _is_hearsay(passage: Passage, hit: Hit) -> bool:
    at = passage.sentence.start
    text = passage.sentence.text
    return bool(_HEARSAY.match(text, hit.end - at)) or text[: hit.end - at].endswith(" haben")
