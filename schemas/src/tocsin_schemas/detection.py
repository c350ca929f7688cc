"""What stands on `detections`: detections, and the records that move time and revisions on."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, TypeAdapter

from tocsin_schemas.article import Article
from tocsin_schemas.contract import (
    Contract,
    Instant,
    LanguageCode,
    Revision,
    ShortText,
    Url,
    Version,
)
from tocsin_schemas.evidence import MAX_EVIDENCE, EventTime, Evidence
from tocsin_schemas.place import Place
from tocsin_schemas.slots import Slots
from tocsin_schemas.statement import Confidence
from tocsin_schemas.vocabulary import AlertType, Mode, Origin, RevisionKind

Scope = Annotated[str, StringConstraints(min_length=2, max_length=120), Field(examples=["UA-59"])]
"""The Kafka key of `detections`: a region's or country's ISO code, or `stance:<actor>`."""

PathNumber = Annotated[int, Field(ge=0, le=10_000, examples=[3])]
"""A partition of `articles`, and the same one of `detections`."""


class Detection(Contract):
    """A statement's share for one place, with all that the notifier may need: no text follows."""

    kind: Literal["detection"] = "detection"
    """The kind of record."""
    v: Version = 1
    """Version of the internal contract."""
    detection_id: UUID
    """UUIDv5 of (statement_id, place): the same input always gives the same id."""
    statement_id: UUID
    """The statement it is a share of."""
    incident_id: UUID | None = None
    """Common to the shares of one warning for a whole country: its statement_id."""
    scope: Scope
    """All that may ever have to be compared with it has the same scope."""
    article_id: UUID
    """The article that says so."""
    revision: Revision
    """The revision that says so."""
    revision_kind: RevisionKind = RevisionKind.FIRST
    """Why there is that revision."""
    mode: Mode = Mode.LIVE
    """Live news, a drill, or a replay."""
    origin: Origin = Origin.NEWS
    """From news or from the official alarm system."""
    published_at: Instant | None = None
    """As in the article."""
    received_at: Instant
    """As in the article."""
    dated_at: Instant | None = None
    """As in the article."""
    active_for: Annotated[int, Field(ge=60, le=86_400, examples=[3600])] = 3600
    """As in the article, seconds."""
    event_time: EventTime | None = None
    """When it happened; null when nothing dates it."""
    publisher: Annotated[ShortText, Field(examples=["North Desk"])]
    """As in the article's source."""
    url: Url | None = None
    """As in the article's source."""
    language: LanguageCode
    """As in the article."""
    fingerprint: Annotated[
        str,
        StringConstraints(pattern=r"^[0-9A-Za-z+/=_-]{0,1024}$"),
        Field(examples=["9f3a61c07be2d845"]),
    ] = ""
    """Near-duplicate fingerprint of the article's text; empty when there is too little text."""
    place: Place | None = None
    """The place of this share; null for stances."""
    slots: Slots
    """What is said."""
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1, max_length=MAX_EVIDENCE)]
    """The words that say so."""
    confidence: Confidence
    """How sure the classifier is."""

    @property
    def alert_type(self) -> AlertType:
        """The type of alert that it leads to."""
        return self.slots.alert_type


class ArticleRevised(Contract):
    """Tells every partition that an article has a new revision; follows its detections."""

    kind: Literal["article-revised"] = "article-revised"
    """The kind of record."""
    v: Version = 1
    """Version of the internal contract."""
    article_id: UUID
    """The article revised."""
    revision: Annotated[int, Field(ge=2, le=1_000_000, examples=[2])]
    """Its new revision."""
    revision_kind: RevisionKind
    """Why: only `correction` and `withdrawn` drop the evidence of lower revisions."""


class Tick(Contract):
    """Moves a partition's time on when a timer is due and nothing else arrives."""

    kind: Literal["tick"] = "tick"
    """The kind of record."""
    v: Version = 1
    """Version of the internal contract."""
    due: Instant
    """The time that the earliest timer was due."""


class Probe(Contract):
    """A heartbeat through the whole path; counted apart and indexed nowhere."""

    kind: Literal["probe"] = "probe"
    """The kind of record."""
    v: Version = 1
    """Version of the internal contract."""
    path: PathNumber
    """The partition that the probe travels in."""
    sent_at: Instant
    """When ingest sent it."""


class Heartbeat(Contract):
    """What stands on `tocsin.heartbeat`: the last probe that came through a path."""

    v: Version = 1
    """Version of the internal contract."""
    path: PathNumber
    """The partition that the probe travelled in."""
    sent_at: Instant
    """When ingest sent it."""
    seen_at: Instant
    """When the notifier saw it."""


ArticleRecord = Annotated[Article | Probe, Field(discriminator="kind")]
"""Anything that stands on `articles`."""

DetectionRecord = Annotated[Detection | ArticleRevised | Tick | Probe, Field(discriminator="kind")]
"""Anything that stands on `detections`."""

_ARTICLE_RECORDS: TypeAdapter[Article | Probe] = TypeAdapter(ArticleRecord)
_DETECTION_RECORDS: TypeAdapter[Detection | ArticleRevised | Tick | Probe] = TypeAdapter(
    DetectionRecord
)


def read_article_record(value: bytes) -> Article | Probe:
    """Parse a record of `articles` as a reader does (unknown fields ignored).

    Raises:
        pydantic.ValidationError: the bytes are no such record.

    """
    return _ARTICLE_RECORDS.validate_json(value, extra="ignore")


def read_detection_record(value: bytes) -> Detection | ArticleRevised | Tick | Probe:
    """Parse a record of `detections` as a reader does (unknown fields ignored).

    Raises:
        pydantic.ValidationError: the bytes are no such record.

    """
    return _DETECTION_RECORDS.validate_json(value, extra="ignore")
