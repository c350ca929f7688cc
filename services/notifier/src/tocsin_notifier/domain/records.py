"""The records of `notifier.state`: small, immutable, each with its key and its end."""

from typing import Annotated, Literal, get_args
from uuid import UUID

from pydantic import Field, TypeAdapter

from tocsin_notifier.domain.identity import Identity
from tocsin_notifier.domain.keys import (
    article_bucket,
    article_key,
    event_article_key,
    event_bucket,
    event_key,
    member_bucket,
    mention_bucket,
    mention_key,
)
from tocsin_notifier.domain.memories import (
    AllClearRecord,
    DenialRecord,
    OfficialAlarmRecord,
    StanceHistoryRecord,
)
from tocsin_schemas.contract import Contract, Instant, LanguageCode, ShortText, Url
from tocsin_schemas.evidence import EventTime, Evidence
from tocsin_schemas.place import Place
from tocsin_schemas.slots import Slots
from tocsin_schemas.statement import Confidence
from tocsin_schemas.vocabulary import (
    AlertType,
    Certainty,
    ChangeReason,
    ClaimAssertion,
    Mode,
    Phase,
    Shift,
    StanceAssertion,
    StanceValue,
    Threat,
)


class Facts(Contract):
    """What a subscriber acts on, as the last alert told it: the update rules compare these."""

    certainty: Certainty
    """CAP certainty."""
    expires_at: Instant
    """When the alert expires."""
    assertion: ClaimAssertion | StanceAssertion | None = None
    """How a claim or stance stands."""
    area_km2: float | None = None
    """Area of a claim."""
    settlements: int | None = None
    """Settlements of a claim."""
    rivals: tuple[UUID, ...] = ()
    """Rival events of a claim, sorted."""
    stance: StanceValue | None = None
    """Value of a stance."""
    shift: Shift | None = None
    """Shift of a stance."""
    phase: Phase | None = None
    """Phase of a warning."""
    threats: tuple[Threat, ...] = ()
    """Threats of a warning, sorted."""
    ended_areas: tuple[str, ...] = ()
    """Keys of the parts of an alarm that are over, sorted."""
    official_match: bool = False
    """An official alarm is known."""
    articles: tuple[UUID, ...] = ()
    """The articles whose evidence the alert shows, sorted."""


class EventRecord(Contract):
    """One event: what never changes, what its last alert told, and when its timers are due."""

    kind: Literal["event"] = "event"
    v: int = 1
    event_id: UUID
    scope: str
    alert_type: AlertType
    mode: Mode
    identity: Identity
    place: Place | None
    """The place of its first detection."""
    revision: Annotated[int, Field(ge=0)]
    """How many alerts were sent."""
    first_reason: ChangeReason
    """Why its first alert was sent."""
    told: Facts | None
    """The facts of the last alert."""
    lapse_at: Instant | None
    """When an active alarm lapses."""
    forget_at: Instant
    """When the event is closed; nothing is sent."""

    def key(self) -> str:
        """The record key."""
        return event_key(self.event_id)

    def buckets(self) -> tuple[str, ...]:
        """What it is found by."""
        return (event_bucket(self.identity, self.scope, self.mode),)

    @property
    def due_at(self) -> Instant:
        """The next timer."""
        return self.forget_at if self.lapse_at is None else min(self.lapse_at, self.forget_at)


class Share(Contract):
    """What one detection brings to an event."""

    statement_id: UUID
    revision: Annotated[int, Field(ge=1)]
    phase: Phase | None = None
    """Phase of a warning after the rule of age; None for claims and stances."""
    own_time: Instant | None = None
    """When a warning was on, or an all-clear given, by its own words."""
    day: str | None = None
    """Date in Kyiv of a stance."""
    event_time: EventTime | None = None
    active_for: int = 3600
    """Seconds after own_time for which the article's report may be shown as active."""
    incident_id: UUID | None = None
    place: Place | None = None
    slots: Slots
    evidence: tuple[Evidence, ...]
    confidence: Confidence


class EventArticle(Contract):
    """What one article says about one event."""

    kind: Literal["event-article"] = "event-article"
    v: int = 1
    event_id: UUID
    article_id: UUID
    first_time: Instant
    """When the article first reported it."""
    seen_at: Instant
    """When it was first read."""
    publisher: ShortText
    url: Url | None = None
    language: LanguageCode
    published_at: Instant | None = None
    fingerprint: str = ""
    """One byte of each position of the article's fingerprint, as base64."""
    shares: tuple[Share, ...]
    forget_at: Instant
    """When its event was to be closed as this was written; it goes with its event."""

    def key(self) -> str:
        """The record key."""
        return event_article_key(self.event_id, self.article_id)

    def buckets(self) -> tuple[str, ...]:
        """What it is found by."""
        return (member_bucket(self.event_id), article_bucket(self.article_id))

    @property
    def due_at(self) -> Instant | None:
        """No timer of its own."""
        return None


class Mention(Contract):
    """An article that is only counted for an event: without it the alert would be the same."""

    kind: Literal["event-mention"] = "event-mention"
    v: int = 1
    article: EventArticle
    """What it says, should it be needed again."""

    def key(self) -> str:
        """The record key."""
        return mention_key(self.article.event_id, self.article.article_id)

    def buckets(self) -> tuple[str, ...]:
        """What it is found by."""
        return (mention_bucket(self.article.event_id), article_bucket(self.article.article_id))

    @property
    def due_at(self) -> Instant | None:
        """No timer of its own."""
        return None


class Said(Contract):
    """A statement that an article made: saying it again is no new report."""

    identity: str
    """Its identity slots."""
    revision: int
    """The first revision that said so."""
    own_time: Instant | None = None
    """Its own time then (warnings and all-clears)."""
    first_time: Instant
    """When that was reported."""


class ArticleRecord(Contract):
    """What is known of an article, so that repeats and old revisions give nothing."""

    kind: Literal["article"] = "article"
    v: int = 1
    article_id: UUID
    revision: Annotated[int, Field(ge=1)]
    """The latest revision read."""
    valid_from: Annotated[int, Field(ge=1)] = 1
    """The revision of the last correction or withdrawal: lower ones are ignored."""
    revised_to: Annotated[int, Field(ge=1)] = 1
    """The latest revision that `article-revised` told of."""
    detection_ids: tuple[UUID, ...] = ()
    """The detections read."""
    said: tuple[Said, ...] = ()
    """The statements it made."""
    forget_at: Instant

    def key(self) -> str:
        """The record key."""
        return article_key(self.article_id)

    def buckets(self) -> tuple[str, ...]:
        """Found by its key alone."""
        return ()

    @property
    def due_at(self) -> Instant:
        """The next timer."""
        return self.forget_at


AnyStateRecord = (
    EventRecord
    | EventArticle
    | Mention
    | ArticleRecord
    | AllClearRecord
    | OfficialAlarmRecord
    | DenialRecord
    | StanceHistoryRecord
)
"""Any record, as a type to check against."""

KINDS: tuple[str, ...] = tuple(
    model.model_fields["kind"].default for model in get_args(AnyStateRecord)
)
"""The kinds of record; every key begins with one."""

StateRecord = Annotated[AnyStateRecord, Field(discriminator="kind")]
"""Anything that stands on `notifier.state`."""

_RECORDS: TypeAdapter[AnyStateRecord] = TypeAdapter(StateRecord)


def read_state_record(value: bytes) -> AnyStateRecord:
    """Parse a record of `notifier.state` as a reader does (unknown fields ignored).

    Raises:
        pydantic.ValidationError: the bytes are no such record.

    """
    return _RECORDS.validate_json(value, extra="ignore")
