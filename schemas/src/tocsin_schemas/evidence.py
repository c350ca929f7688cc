"""The words of the article that carry a statement, and when what they say happened."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from tocsin_schemas.contract import Contract, Instant, LanguageCode, Revision
from tocsin_schemas.vocabulary import EvidenceField, EvidenceRole, TimePrecision

MAX_EVIDENCE = 20
"""The most pieces of evidence that a statement or an alert carries."""

MAX_OFFSET = 256 * 1024
"""No offset lies behind this one: an article's text has at most as many bytes."""


class Evidence(Contract):
    """A verbatim quote with its place in the stored article and the sentence around it."""

    article_id: UUID
    """The article quoted."""
    revision: Revision
    """The revision quoted."""
    field: EvidenceField = EvidenceField.TEXT
    """The field quoted."""
    start: Annotated[int, Field(ge=0, le=MAX_OFFSET, examples=[119])]
    """Offset of the first code point of the quote in that field."""
    end: Annotated[int, Field(ge=1, le=MAX_OFFSET, examples=[149])]
    """Offset behind its last code point: `field[start:end] == quote`."""
    quote: Annotated[
        str,
        StringConstraints(min_length=1, max_length=2000),
        Field(examples=["drones are heading for Konotop"]),
    ]
    """The words themselves."""
    sentence: Annotated[
        str,
        StringConstraints(min_length=1, max_length=4000),
        Field(examples=["The air force said drones are heading for Konotop."]),
    ]
    """The sentence around the quote."""
    sentence_start: Annotated[int, Field(ge=0, le=MAX_OFFSET, examples=[100])]
    """Offset of the sentence in the same field."""
    language: LanguageCode
    """The language of the article."""
    role: EvidenceRole = EvidenceRole.STATEMENT
    """What the quote is evidence for."""
    not_in_latest_revision: bool = False
    """The article was changed (not corrected) since and may no longer say this."""

    @model_validator(mode="after")
    def _check_span(self) -> Self:
        if self.end - self.start != len(self.quote):
            raise ValueError(
                f"quote: {len(self.quote)} code points do not fit span {self.start}:{self.end}"
            )
        inner = self.start - self.sentence_start
        if inner < 0 or self.sentence[inner : inner + len(self.quote)] != self.quote:
            raise ValueError("sentence: does not hold the quote at its offset")
        return self


class EventTime(Contract):
    """When it happened, as far as the text and its date tell."""

    start: Instant
    """The earliest time that fits."""
    end: Instant
    """The latest time that fits; equal to start when the time is exact."""
    precision: TimePrecision
    """How exactly it is known."""

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"end: {self.end} lies before start {self.start}")
        return self
