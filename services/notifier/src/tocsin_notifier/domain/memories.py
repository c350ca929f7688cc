"""Records of `notifier.state` about what is no event: all-clears, denials, former stances."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from tocsin_notifier.domain.keys import (
    all_clear_bucket,
    article_bucket,
    denial_bucket,
    history_bucket,
    official_bucket,
)
from tocsin_schemas.alerts import AlertSource
from tocsin_schemas.contract import Contract, Instant
from tocsin_schemas.detection import Detection
from tocsin_schemas.evidence import Evidence
from tocsin_schemas.place import Place
from tocsin_schemas.slots import ActorCode, Voice, WarningSlots
from tocsin_schemas.vocabulary import Extent, Mode, StanceTopic, StanceValue, Threat


class _Memory(Contract):
    """The common part of what is remembered of one detection."""

    v: int = 1
    detection_id: UUID
    article_id: UUID
    revision: Annotated[int, Field(ge=1)]
    scope: str
    mode: Mode
    place: Place
    own_time: Instant
    threats: tuple[Threat, ...] = ()
    forget_at: Instant

    @property
    def due_at(self) -> Instant:
        """The next timer."""
        return self.forget_at


class AllClearRecord(_Memory):
    """An all-clear: reports of a time up to it open no alarm."""

    kind: Literal["all-clear"] = "all-clear"
    detection: Detection
    """What said so: it counts for an alarm that arrives after it, too."""

    @property
    def whole(self) -> bool:
        """Whether it is for the whole place."""
        slots = self.detection.slots
        return isinstance(slots, WarningSlots) and slots.extent is Extent.WHOLE

    def key(self) -> str:
        """The record key."""
        return f"all-clear/{self.detection_id}"

    def buckets(self) -> tuple[str, ...]:
        """What it is found by."""
        return (all_clear_bucket(self.scope, self.mode), article_bucket(self.article_id))


class OfficialAlarmRecord(_Memory):
    """An official alarm: it opens no alert but confirms those of the news."""

    kind: Literal["official-alarm"] = "official-alarm"

    def key(self) -> str:
        """The record key."""
        return f"official-alarm/{self.detection_id}"

    def buckets(self) -> tuple[str, ...]:
        """What it is found by."""
        return (official_bucket(self.scope, self.mode), article_bucket(self.article_id))


class DenialRecord(Contract):
    """A denial of a claim: the denied side's event is marked, also one opened later."""

    kind: Literal["denial"] = "denial"
    v: int = 1
    detection_id: UUID
    article_id: UUID
    revision: Annotated[int, Field(ge=1)]
    scope: str
    mode: Mode
    area: str
    holder: str
    """The side whose claim is denied."""
    voices: tuple[Voice, ...]
    evidence: tuple[Evidence, ...]
    source: AlertSource | None = None
    """The article that says so."""
    forget_at: Instant

    def key(self) -> str:
        """The record key."""
        return f"denial/{self.detection_id}"

    def buckets(self) -> tuple[str, ...]:
        """What it is found by."""
        return (denial_bucket(self.scope, self.area, self.mode), article_bucket(self.article_id))

    @property
    def due_at(self) -> Instant:
        """The next timer."""
        return self.forget_at


class StanceHistoryRecord(Contract):
    """That an article told of an actor's stance on a topic on a day."""

    kind: Literal["stance-history"] = "stance-history"
    v: int = 1
    article_id: UUID
    revision: Annotated[int, Field(ge=1)]
    scope: str
    mode: Mode
    topic: StanceTopic
    counterpart: ActorCode | None = None
    day: str
    """Date in Kyiv, ISO 8601."""
    stance: StanceValue
    forget_at: Instant

    def key(self) -> str:
        """The record key."""
        other = self.counterpart or "-"
        told = f"{self.mode}/{self.topic}/{other}/{self.day}/{self.stance}"
        return f"stance-history/{self.scope}/{told}/{self.article_id}"

    def buckets(self) -> tuple[str, ...]:
        """What it is found by."""
        return (
            history_bucket(self.scope, self.topic, self.mode),
            article_bucket(self.article_id),
        )

    @property
    def due_at(self) -> Instant:
        """The next timer."""
        return self.forget_at
