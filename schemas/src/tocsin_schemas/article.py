"""What stands on `articles`: a clean article with a stable id and a revision."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from tocsin_schemas.contract import (
    Contract,
    Instant,
    LanguageCode,
    Revision,
    ShortText,
    Url,
    Version,
)
from tocsin_schemas.vocabulary import Extraction, Mode, RevisionKind, SourceKind

MAX_TEXT_BYTES = 256 * 1024
"""The most UTF-8 bytes that an article's text may have."""

MAX_TITLE_CHARACTERS = 1000
"""The most code points that an article's title may have."""


class ArticleSource(Contract):
    """Where an article came from."""

    id: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,199}$"),
        Field(examples=["north-desk-feed"]),
    ]
    """The configured name of the source, such as `api` or `suspilne-feed`."""
    kind: SourceKind
    """What kind of source it is."""
    publisher: Annotated[ShortText, Field(examples=["North Desk"])]
    """Who publishes it: the unit in which independent reports are counted."""
    url: Url | None = None
    """The canonical address of the article, null when it has none."""
    time_zone: (
        Annotated[
            str,
            StringConstraints(pattern=r"^[A-Za-z0-9_+\-/]{1,64}$"),
            Field(examples=["Europe/Kyiv"]),
        ]
        | None
    ) = None
    """IANA zone in which the source tells relative times; null for the default of the place."""


class Article(Contract):
    """One revision of one article, as published on `articles`. Offsets count its code points."""

    kind: Literal["article"] = "article"
    """The kind of record."""
    v: Version = 1
    """Version of the internal contract."""
    article_id: UUID
    """UUIDv5 of the canonical URL, else of source and caller's id, else of source and text."""
    revision: Revision = 1
    """Counts from 1; an unchanged article is not published again."""
    revision_kind: RevisionKind = RevisionKind.FIRST
    """Why there is this revision."""
    content_sha256: Annotated[
        str,
        StringConstraints(pattern=r"^[0-9a-f]{64}$"),
        Field(examples=["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]),
    ]
    """SHA-256 of title and text; tells whether an article changed."""
    source: ArticleSource
    """Where it came from."""
    extraction: Extraction = Extraction.AS_GIVEN
    """How the text was obtained."""
    title: Annotated[
        str,
        StringConstraints(max_length=MAX_TITLE_CHARACTERS),
        Field(examples=["Drones over the north"]),
    ] = ""
    """The title in NFC, empty when the article has none of its own."""
    text: Annotated[
        str,
        StringConstraints(max_length=MAX_TEXT_BYTES),
        Field(examples=["The air force said drones are heading for Konotop."]),
    ]
    """The text in NFC; at most 256 KiB of UTF-8; empty only when withdrawn."""
    language: LanguageCode
    """The language of the text, `und` when undetermined."""
    published_at: Instant | None = None
    """When the source says it published the article; null when unknown."""
    received_at: Instant
    """When ingest took the article."""
    dated_at: Instant | None = None
    """The time by which `active` is judged: published_at, or received_at where the source is
    declared dated by receipt; null when neither holds."""
    active_for: Annotated[int, Field(ge=60, le=86_400, examples=[3600])] = 3600
    """Seconds for which a report of an alarm under way may be shown as active."""
    mode: Mode = Mode.LIVE
    """Live news, a drill, or a replay."""

    @model_validator(mode="after")
    def _check_text(self) -> Self:
        size = len(self.text.encode())
        if size > MAX_TEXT_BYTES:
            raise ValueError(f"text: {size} bytes of UTF-8, at most {MAX_TEXT_BYTES} are allowed")
        if not self.text.strip() and self.revision_kind is not RevisionKind.WITHDRAWN:
            raise ValueError("text: empty")
        return self
