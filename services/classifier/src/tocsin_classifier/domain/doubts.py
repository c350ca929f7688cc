"""Why words of alarm and attack say nothing: drills, statistics, wishes, what is only awaited."""

from dataclasses import replace

from tocsin_classifier.domain.folding import fold
from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.negation import (
    is_background,
    is_elsewhere,
    is_negated,
    is_unreal,
)
from tocsin_classifier.domain.phases import is_drill, is_statistics
from tocsin_classifier.domain.questions import is_asked
from tocsin_classifier.domain.scan import Hit, Passage

DENIAL_REACH = 10
"""How many words may stand between a word of denial and what it denies, in one segment."""

CLAUSE_REACH = 2
"""How many words may stand between a word of denial and the clause that it denies."""


def doubt(passage: Passage, hit: Hit) -> str | None:
    """Why a word of warning, wherever it is said of, says nothing; None when it may."""
    return _doubt_of_sentence(passage) or _doubt_of_word(passage, hit)


def _doubt_of_sentence(passage: Passage) -> str | None:
    if is_elsewhere(passage):
        return "another conflict"
    if is_background(passage):
        return "background"
    if is_statistics(passage):
        return "statistics"
    return "a drill or a plan" if is_drill(passage) else None


def _doubt_of_word(passage: Passage, hit: Hit) -> str | None:
    own = _without_own_words(passage, hit)
    if is_unreal(own, hit):
        return "not real"
    if hit.category is Category.ALL_CLEAR and passage.before(hit.start, Category.SHELTER):
        return "an all-clear still awaited"
    if is_negated(own, hit):
        return "negated"
    if _is_denied(passage, hit):
        return "denied"
    return "a question" if is_asked(passage, hit) else None


def _without_own_words(passage: Passage, hit: Hit) -> Passage:
    """Without the negation and the "threat" that belong to the words: "threat not confirmed"."""
    if not passage.of(Category.NEGATION, Category.UNREAL):
        return passage
    alarms = passage.of(Category.ALARM, Category.ALL_CLEAR)
    kept = [h for h in passage.hits if not _is_own(passage, h, [hit, *alarms])]
    return replace(passage, hits=kept)


def _is_own(passage: Passage, word: Hit, around: list[Hit]) -> bool:
    if word.category not in (Category.NEGATION, Category.UNREAL):
        return False
    start = passage.sentence.start
    text = fold(passage.sentence.text[word.start - start : word.end - start])
    inside = [h.entry for h in around if h.start <= word.start and word.end <= h.end and h.entry]
    forms = [fold(form).split() for entry in inside for form in entry.forms]
    return any(text in form for form in forms)


def _is_denied(passage: Passage, hit: Hit) -> bool:
    """Whether somebody denies it, or it is called false: "reports of an attack are false"."""
    marks = passage.of(Category.DENIAL)
    if not marks:
        return False
    start, end = passage.segment_of(hit.start)
    words = passage.sentence.words_between
    for mark in marks:
        _, last = passage.segment_of(mark.start)
        if start <= mark.start < end:
            between = (mark.end, hit.start) if mark.end <= hit.start else (hit.end, mark.start)
            if words(*between) <= DENIAL_REACH:
                return True
        elif last <= start and words(mark.end, start) <= CLAUSE_REACH:
            return True
    return False
