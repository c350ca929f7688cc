"""What an operator says of her sources: the models of sources.yaml."""

from functools import cached_property
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    field_validator,
    model_validator,
)

from tocsin_ingest.domain.article import Defaults
from tocsin_schemas.vocabulary import Extraction, SourceKind

SourceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")]

_WebUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/@]+(/\S*)?$", max_length=2000)]


class _Source(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    id: SourceId
    """Its name in articles, logs and metrics; never change it: ids of articles may hang on it."""
    publisher: Annotated[str, StringConstraints(min_length=1, max_length=300)] | None = None
    """Who publishes it, the unit in which independent reports are counted; else the host."""
    time_zone: str = "Europe/Kyiv"
    """IANA zone of dates without one, and in which relative times ("last night") are told."""
    active_for: Annotated[int, Field(ge=60, le=86_400)] = 3600
    """Seconds for which its report of an alarm may be shown as active."""

    @field_validator("time_zone")
    @classmethod
    def _check_zone(cls, given: str) -> str:
        try:
            ZoneInfo(given)
        except (KeyError, ValueError, OSError):
            raise ValueError("no IANA time zone, such as Europe/Kyiv") from None
        return given

    @property
    def zone(self) -> ZoneInfo:
        """The zone to read dates in."""
        return ZoneInfo(self.time_zone)


class FeedSource(_Source):
    """A feed that is polled: RSS, Atom or JSON Feed."""

    type: Literal["feed"] = "feed"
    url: _WebUrl
    """Where it is."""
    kind: Literal[SourceKind.FEED, SourceKind.CHANNEL, SourceKind.LIVE_BLOG] = SourceKind.FEED
    """`channel` for a channel's posts; `live-blog` where one page grows and scrolls."""
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z-]{2,35}$")] | None = None
    """Its language; else found out article by article."""
    every: Annotated[int, Field(ge=10, le=86_400)] | None = None
    """Seconds between two polls; else 60, or what the feed asks for, an hour at most."""
    full_text: bool = False
    """Fetch the page of each item, where the feed has only teasers (robots.txt is honoured)."""
    dated_by: Literal["publication", "receipt"] = "publication"
    """`receipt` where items have no date but come within minutes: an undated item is then dated by
    when it was received, unless it is of the first poll or came after a gap."""
    allow_private: bool = False
    """Ask even where the address is private, such as a feed of your own network."""

    def terms(self, extraction: Extraction, *, dated_by_receipt: bool) -> Defaults:
        """What holds for its articles."""
        return Defaults(
            active_for_seconds=self.active_for,
            extraction=extraction,
            time_zone=self.time_zone,
            dated_by_receipt=dated_by_receipt and self.dated_by == "receipt",
        )


class FolderSource(_Source):
    """A folder that is watched: text files and JSON Lines that are put there are published."""

    type: Literal["folder"]
    path: Annotated[str, StringConstraints(min_length=1, max_length=4000)]
    """The folder; what was published moves to `published/`, what was refused to `refused/`."""


class SirenSource(_Source):
    """Official alarms by the interface of alerts.in.ua, version 1."""

    type: Literal["alerts-in-ua"]
    url: _WebUrl = "https://api.alerts.in.ua/v1/alerts/active.json"
    """Where the alarms that are on are told."""
    token: Annotated[str, StringConstraints(pattern=r"^(env:[A-Z][A-Z0-9_]*|file:/.+)$")]
    """Where the token stands: `env:NAME` or `file:/PATH`; never the token itself."""
    every: Annotated[int, Field(ge=8, le=600)] = 15
    """Seconds between two polls; the service allows eight to ten a minute."""
    allow_private: bool = False
    """Ask even where the address is private."""


def _type_of(given: Any) -> str:  # noqa: ANN401 - whatever stands in the file
    kind = given.get("type", "feed") if isinstance(given, dict) else getattr(given, "type", "feed")
    return str(kind)


Source = Annotated[
    Annotated[FeedSource, Tag("feed")]
    | Annotated[FolderSource, Tag("folder")]
    | Annotated[SirenSource, Tag("alerts-in-ua")],
    Discriminator(_type_of),
]
"""A source; one that names no type is a feed."""


class SourcesFile(BaseModel):
    """The file that TOCSIN_INGEST_SOURCES_FILE names."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    sources: tuple[Source, ...] = ()
    """All sources; take one out to stop it."""

    @model_validator(mode="after")
    def _check_unique(self) -> Self:
        ids = [source.id for source in self.sources]
        if doubled := {one for one in ids if ids.count(one) > 1}:
            raise ValueError(f"id {min(doubled)!r} stands there twice")
        return self

    @cached_property
    def by_id(self) -> dict[str, Source]:
        """The sources by their ids."""
        return {source.id: source for source in self.sources}
