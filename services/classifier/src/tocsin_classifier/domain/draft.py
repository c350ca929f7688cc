"""What a recogniser found, before repetitions are merged and ids are given."""

from dataclasses import dataclass, field
from typing import NamedTuple

from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.scan import Passage
from tocsin_classifier.domain.text import Sentence, trim
from tocsin_schemas.article import Article
from tocsin_schemas.evidence import EventTime, Evidence
from tocsin_schemas.place import Place
from tocsin_schemas.slots import ClaimSlots, StanceSlots, WarningSlots
from tocsin_schemas.vocabulary import EvidenceField, EvidenceRole

LONGEST_QUOTE = 600
"""Code points; a statement spread over more is quoted from its first word on."""

SHORT, LONG = 15, 40
"""Words of a sentence that says little beside its statement, and of one that says much."""


class Piece(NamedTuple):
    """Words of a sentence that say something; evidence is made of those that are kept."""

    sentence: Sentence
    start: int
    end: int
    role: EvidenceRole

    @property
    def span(self) -> tuple[EvidenceField, int, int]:
        """The field and the offsets in it."""
        return self.sentence.field, self.start, self.end


@dataclass(slots=True)
class Draft:
    """One thing that a sentence says; drafts of one key become one statement."""

    key: tuple[object, ...]
    slots: ClaimSlots | StanceSlots | WarningSlots
    places: list[Place]
    pieces: list[Piece]
    features: frozenset[str]
    """The names of what speaks for and against it, as confidence.toml weighs them."""
    event_time: EventTime | None = None
    fired: tuple[str, ...] = field(default=())
    """Ids of the entries that fired."""


def piece(
    passage: Passage,
    spans: list[tuple[int, int]],
    role: EvidenceRole = EvidenceRole.STATEMENT,
) -> Piece:
    """The words of the sentence from the first to the last segment that the spans touch."""
    return Piece(passage.sentence, *quote_span(passage, spans), role)


def evidence(article: Article, piece: Piece) -> Evidence:
    """A piece as a statement carries it."""
    sentence, start, end, role = piece
    return Evidence(
        article_id=article.article_id,
        revision=article.revision,
        field=sentence.field,
        start=start,
        end=end,
        quote=sentence.text[start - sentence.start : end - sentence.start],
        sentence=sentence.text,
        sentence_start=sentence.start,
        language=article.language,
        role=role,
    )


def form(passage: Passage) -> set[str]:
    """The features of a sentence's form, whatever it says."""
    sentence = passage.sentence
    words = sentence.words_between(sentence.start, sentence.end)
    features = set()
    if sentence.heading:
        features.add("heading")
    if words <= SHORT:
        features.add("short_sentence")
    elif words >= LONG:
        features.add("long_sentence")
    if passage.of(Category.CONDITION):
        features.add("conditional")
    return features


def quote_span(passage: Passage, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """The shortest run of whole segments that holds all the spans, trimmed."""
    sentence = passage.sentence
    first = min(start for start, _ in spans)
    last = max(end for _, end in spans)
    touched = [(a, b) for a, b in passage.segments() if b > first and a < last]
    start = min([first, *(a for a, _ in touched)])
    end = max([last, *(b for _, b in touched)])
    end = max(last, min(end, start + LONGEST_QUOTE))
    inner = trim(sentence.text, start - sentence.start, end - sentence.start)
    if inner[0] >= inner[1]:
        return first, last
    return sentence.start + inner[0], sentence.start + inner[1]
