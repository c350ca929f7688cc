"""Whether a word is denied where it stands, or told as something other than a fact of now."""

from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.scan import Hit, Passage

NEGATION_REACH = 4
"""How many words before a word its negation may stand."""

MODAL_REACH = 6
"""How many words before a word a modal verb or a word of purpose may stand."""


def is_negated(passage: Passage, hit: Hit) -> bool:
    """Whether a negation stands shortly before the word, in the same segment."""
    return _reaches(passage, hit, Category.NEGATION, NEGATION_REACH)


def is_unreal(passage: Passage, hit: Hit) -> bool:
    """Whether the word is a plan, a wish, a prediction or a condition where it stands."""
    return _reaches(passage, hit, Category.UNREAL, MODAL_REACH)


def is_background(passage: Passage) -> bool:
    """Whether the sentence tells what was known long before."""
    return bool(passage.of(Category.BACKGROUND))


def is_elsewhere(passage: Passage) -> bool:
    """Whether the sentence is about another conflict."""
    return bool(passage.of(Category.ELSEWHERE))


def segment_of(passage: Passage, at: int) -> tuple[int, int]:
    """The segment of the sentence that holds an offset."""
    for start, end in passage.segments():
        if start <= at <= end:
            return start, end
    return passage.sentence.start, passage.sentence.end


def _reaches(passage: Passage, hit: Hit, category: Category, reach: int) -> bool:
    start, _ = segment_of(passage, hit.start)
    for other in passage.before(hit.start, category):
        if other.start < start:
            return False
        if passage.sentence.words_between(other.end, hit.start) <= reach:
            return True
    # A form with a gap may hold the negation inside: "ont … pas … pris".
    return any(o.start > hit.start and o.end < hit.end for o in passage.of(category))
