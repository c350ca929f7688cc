"""Whether a sentence is about this war: which of its sides are named."""

from tocsin_classifier.domain.actors import OPPONENT, PARTIES
from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.scan import Passage


def names_both(passage: Passage) -> bool:
    """Whether the sentence names both sides of the war."""
    return codes_named(passage, Category.NATION, Category.SIDE) >= OPPONENT.keys()


def codes_named(passage: Passage, *categories: Category) -> frozenset[str | None]:
    """The codes of the parties of a sentence and of its words of some categories."""
    known: dict[tuple[Category, ...], frozenset[str | None]]
    known = passage.memory.setdefault("codes", {})
    if categories not in known:
        hits = passage.of(*PARTIES, *categories)
        known[categories] = frozenset(hit.entry.code for hit in hits if hit.entry is not None)
    return known[categories]
