"""What correlation answers: changes of state, alerts to send, and what was left out and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tocsin_notifier.domain.state import Change
from tocsin_schemas.alerts import (
    AirRaidWarningAlert,
    NegotiationStanceAlert,
    TerritorialClaimAlert,
)

AnyAlert = TerritorialClaimAlert | NegotiationStanceAlert | AirRaidWarningAlert
"""An alert of any type, as a type to check against."""


class DropReason(StrEnum):
    """Why a record gave nothing."""

    REPEATED = "repeated"
    """This detection was read before."""
    SUPERSEDED = "superseded"
    """A correction, a withdrawal or a later revision of the article has replaced it."""
    TOO_OLD = "too_old"
    """Reported longer ago than events are remembered."""
    BELOW_THRESHOLD = "below_threshold"
    """The classifier is less sure than its own threshold."""
    NO_PLACE = "no_place"
    """A warning or an all-clear that names no place."""
    ALL_CLEAR_UNDATED = "all_clear_undated"
    """An all-clear whose time is unknown ends nothing."""
    OFFICIAL_UNUSED = "official_unused"
    """An official record that is undated, or neither an alarm that is on nor an all-clear."""


@dataclass(frozen=True, slots=True)
class Drop:
    """A record, or a detection, that gave nothing, for a metric."""

    reason: DropReason
    detection_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Siren:
    """What an official alarm says of the news, for metrics."""

    scope: str
    """The region's ISO 3166-2 code, or the country's."""
    lead_seconds: float | None = None
    """Null when the alarm was read; once for each alarm of the news that it confirms: how long the
    news was before it, negative when after it."""


@dataclass(frozen=True, slots=True)
class DraftAlert:
    """A whole alert but for `sent_at` and `late`, which `publication.stamp` sets."""

    alert: AnyAlert
    late_after: datetime | None = None
    """From when on an active alert is late; None when it cannot be."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one record, or time passing, leads to; nothing of it has been done yet."""

    changes: tuple[Change, ...] = ()
    alerts: tuple[DraftAlert, ...] = ()
    dropped: tuple[Drop, ...] = ()
    sirens: tuple[Siren, ...] = ()
