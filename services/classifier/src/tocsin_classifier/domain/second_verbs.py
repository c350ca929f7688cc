"""The second verb of a clause: whether the topic before it is the first one's alone."""

from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.scan import Hit, Passage
from tocsin_schemas.vocabulary import StanceValue

JOINERS = frozenset({"and", "et", "und", "та", "і", "й", "и", "а", "but", "aber", "але", "но"})
"""The words right before a second verb without a subject of its own, folded."""


def has_own_object(passage: Passage, hit: Hit, topic: Hit) -> bool:
    """Whether a refusal is joined on with an object of its own, which is no topic.

    "He agreed to a truce and rejected giving up Donbas": the truce belongs to the first verb.
    """
    refuses = hit.entry is not None and hit.entry.stance is StanceValue.REJECTS
    if topic.end > hit.start or not refuses or (hit.entry and hit.entry.frame is not None):
        return False
    start, end = passage.segment_of(hit.start)
    first = [
        v
        for v in passage.of(Category.STANCE)
        if start <= v.start <= topic.start
        and v.entry is not None
        and v.entry.stance is not StanceValue.REJECTS
    ]
    words = passage.sentence.words_between
    at = passage.sentence.start
    between = passage.sentence.text[topic.end - at : hit.start - at].casefold().split()
    joined = bool(between) and between[-1] in JOINERS
    return bool(first) and joined and words(hit.end, end) > 1
