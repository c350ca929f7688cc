"""What every typed alert carries."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from tocsin_schemas.contract import Contract, Count, Instant, LanguageCode, Revision, ShortText, Url
from tocsin_schemas.evidence import MAX_EVIDENCE, EventTime, Evidence
from tocsin_schemas.place import Place
from tocsin_schemas.statement import Confidence
from tocsin_schemas.vocabulary import Certainty, ChangeReason, Mode, Severity, Status, Urgency

SCHEMA_BASE = "https://schemas.tocsin.example/v1/"
"""Where the published schemas have their `$id`."""


LastingStatus = Literal[Status.NEW, Status.UPDATED, Status.RETRACTED]
"""The status of what no all-clear can end: claims and stances."""


class AlertSource(Contract):
    """One article that an alert rests on."""

    url: Url | None = None
    """Its address, null when it has none."""
    publisher: Annotated[ShortText, Field(examples=["North Desk"])]
    """Who published it."""
    language: LanguageCode
    """Its language."""
    published_at: Instant | None = None
    """When, null when unknown."""


class Corroboration(Contract):
    """How many reports say the same."""

    articles: Count
    """Articles that say so."""
    publishers: Count
    """Independent publishers: the same text on many sites counts once."""
    languages: Annotated[tuple[LanguageCode, ...], Field(max_length=50)]
    """The languages it was told in, sorted."""


class AlertBase(Contract):
    """The common part of every typed alert."""

    alert_id: UUID
    """UUIDv5 of (event_id, revision); the CloudEvents id. Never reused."""
    event_id: UUID
    """The event that this is a revision of; the Kafka key."""
    revision: Revision
    """Counts from 1 within the event."""
    status: Status
    """New, updated, retracted, or ended (by an all-clear only)."""
    references: Annotated[tuple[UUID, ...], Field(max_length=1000)] = ()
    """The alert ids that this one replaces."""
    change_reason: ChangeReason
    """Why this revision was sent."""
    headline: Annotated[
        ShortText, Field(examples=["Drone alarm in Sumy oblast, says the regional administration"])
    ]
    """English, built from the slots and who says it, never from article text."""
    sent_at: Instant
    """When it was published on Kafka."""
    event_time: EventTime | None = None
    """When it happened; null when nothing dates it."""
    expires_at: Instant
    """After this time the alert says nothing about now."""
    severity: Severity
    """CAP 1.2 severity."""
    urgency: Urgency
    """CAP 1.2 urgency."""
    certainty: Certainty
    """CAP 1.2 certainty."""
    confidence: Confidence
    """How sure the classifier is, and its threshold."""
    places: Annotated[tuple[Place, ...], Field(max_length=200)] = ()
    """The places it is about."""
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1, max_length=MAX_EVIDENCE)]
    """The words that say so."""
    sources: Annotated[tuple[AlertSource, ...], Field(min_length=1, max_length=100)]
    """The articles it rests on, the first report first."""
    corroboration: Corroboration
    """How many reports say the same."""
    incident_id: UUID | None = None
    """Groups alerts of one cause, such as a warning for all of Ukraine."""
    statement_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=100)]
    """The statements it rests on."""
    mode: Mode = Mode.LIVE
    """Live news, a drill, or a replay."""
    late: bool = False
    """An active alert that was sent more than active_for after its time, as after an outage."""
    life_safety: Literal[False] = False
    """Always false: this is news monitoring, not a siren."""

    @model_validator(mode="after")
    def _check_life(self) -> Self:
        if (self.status is Status.NEW) != (self.revision == 1):
            raise ValueError(f"status: {self.status} does not fit revision {self.revision}")
        return self
