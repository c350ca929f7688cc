"""What an event looks like now: its facts, and all that an alert about it would say."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tocsin_notifier.domain.records import Facts
from tocsin_schemas.alerts import AlertSource, Corroboration, CounterClaim
from tocsin_schemas.evidence import EventTime, Evidence
from tocsin_schemas.place import Place
from tocsin_schemas.slots import Voice
from tocsin_schemas.statement import Confidence
from tocsin_schemas.vocabulary import (
    Action,
    AreaQualifier,
    Certainty,
    ClaimAssertion,
    Extent,
    Instruction,
    Mode,
    Phase,
    Severity,
    Shift,
    StanceAssertion,
    StanceTopic,
    StanceValue,
    Threat,
    Urgency,
)


@dataclass(frozen=True, slots=True)
class CommonPart:
    """The fields of every alert that the reports decide; named as in the alert."""

    headline: str
    event_time: EventTime | None
    expires_at: datetime
    severity: Severity
    urgency: Urgency
    certainty: Certainty
    confidence: Confidence
    places: tuple[Place, ...]
    evidence: tuple[Evidence, ...]
    sources: tuple[AlertSource, ...]
    corroboration: Corroboration
    incident_id: UUID | None
    statement_ids: tuple[UUID, ...]
    mode: Mode


@dataclass(frozen=True, slots=True)
class ClaimPart:
    """The fields of a territorial claim's alert."""

    claimant: str | None
    loser: str | None
    voices: tuple[Voice, ...]
    action: Action
    assertion: ClaimAssertion
    area_km2: float | None
    area_qualifier: AreaQualifier | None
    settlements: int | None
    counter_claims: tuple[CounterClaim, ...]


@dataclass(frozen=True, slots=True)
class StancePart:
    """The fields of a negotiation stance's alert."""

    actor: str
    voices: tuple[Voice, ...]
    counterpart: str | None
    stance: StanceValue
    assertion: StanceAssertion
    topic: StanceTopic
    conditions: tuple[str, ...]
    mediators: tuple[str, ...]
    previous_stance: StanceValue | None
    shift: Shift


@dataclass(frozen=True, slots=True)
class WarningPart:
    """The fields of an air-raid warning's alert."""

    region: str
    area: Place
    extent: Extent
    ended_areas: tuple[Place, ...]
    threat: Threat
    threats: tuple[Threat, ...]
    phase: Phase
    issued_by: str | None
    voices: tuple[Voice, ...]
    instruction: Instruction
    started_at: datetime | None
    ended_at: datetime | None
    official_match: bool


@dataclass(frozen=True, slots=True)
class View:
    """An event as its reports have it."""

    facts: Facts
    common: CommonPart
    part: ClaimPart | StancePart | WarningPart
    forget_at: datetime
    """When the event is to be closed."""
    lapse_at: datetime | None = None
    """When an active alarm lapses without another report."""
    late_after: datetime | None = None
    """From when on an active alert of it would be late."""
    lead: timedelta | None = None
    """How long the news was before the official alarm that now confirms it for the first time."""
