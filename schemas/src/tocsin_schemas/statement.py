"""A statement: what one article says, with its words. The output of `classify`."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from tocsin_schemas.contract import Contract, Revision
from tocsin_schemas.evidence import MAX_EVIDENCE, EventTime, Evidence
from tocsin_schemas.place import Place
from tocsin_schemas.slots import Slots
from tocsin_schemas.vocabulary import AlertType


class Confidence(Contract):
    """How sure the classifier is, and against which threshold that was judged."""

    score: Annotated[float, Field(ge=0, le=1, examples=[0.86])]
    """From 0 to 1."""
    threshold: Annotated[float, Field(ge=0, le=1, examples=[0.5])]
    """What falls under it is not sent."""
    classifier: Annotated[
        str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.+-]{0,63}$"), Field(examples=["rules"])
    ]
    """The rule set or model, such as `rules`."""
    version: Annotated[
        str, StringConstraints(pattern=r"^[0-9A-Za-z.+-]{1,64}$"), Field(examples=["1.0.0"])
    ]
    """Its version."""


class Statement(Contract):
    """What a text says: slots, places and every span that carries it."""

    statement_id: UUID
    """UUIDv5 of (article_id, revision, type, first span, slots)."""
    article_id: UUID
    """The article that says so."""
    revision: Revision
    """The revision that says so."""
    slots: Slots
    """What it says."""
    places: Annotated[tuple[Place, ...], Field(max_length=200)] = ()
    """The places it is about."""
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1, max_length=MAX_EVIDENCE)]
    """The words that say so, the statement first."""
    event_time: EventTime | None = None
    """When it happened; null when nothing dates it."""
    confidence: Confidence
    """How sure the classifier is."""

    @property
    def alert_type(self) -> AlertType:
        """The type of alert that it leads to."""
        return self.slots.alert_type
