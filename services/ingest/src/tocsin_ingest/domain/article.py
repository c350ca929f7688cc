"""From what a caller hands over to a clean article with an id: checks, text, identity, language."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from tocsin_ingest.domain.clean import clean_line, clean_text
from tocsin_ingest.domain.dates import read_published_at
from tocsin_ingest.domain.identity import canonical_url, digest, identify
from tocsin_ingest.domain.language import Identify, detect_language, read_language
from tocsin_ingest.domain.refusal import Refusal, RefusedError
from tocsin_schemas.article import MAX_TEXT_BYTES, MAX_TITLE_CHARACTERS, Article, ArticleSource
from tocsin_schemas.vocabulary import Extraction, Mode, SourceKind

_MAX_PUBLISHER_CHARACTERS = 300
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_Value = TypeVar("_Value")

_CODES = {
    "missing": ("missing", "missing; it is required"),
    "extra_forbidden": ("unknown", "no such field; known are: {known}"),
    "string_type": ("type", "must be a string"),
}
"""What pydantic found, as a code and a reason."""


class _Raw(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True
    )


class RawSource(_Raw):
    """Which source an article was taken from."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,199}$")] = "api"
    """The name of the source."""
    kind: SourceKind = SourceKind.API
    """What kind of source it is."""


class RawArticle(_Raw):
    """One article as a caller hands it over; unknown fields are an error."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=500)] | None = None
    """What the caller calls it; unique inside the source."""
    url: (
        Annotated[
            str,
            StringConstraints(min_length=1, max_length=8192),
            Field(json_schema_extra={"format": "uri"}),
        ]
        | None
    ) = None
    """Its address."""
    title: str = ""
    """Its title, at most 1,000 code points."""
    text: Annotated[str, Field(json_schema_extra={"minLength": 1})]
    """Its text, at most 256 KiB of UTF-8."""
    published_at: (
        Annotated[str, Field(strict=True, json_schema_extra={"format": "date-time"})] | None
    ) = None
    """When it was published: ISO 8601 with a zone."""
    language: Annotated[str, StringConstraints(max_length=35)] | None = None
    """Its language; wins over detection when it is one of those that are classified."""
    publisher: str | None = None
    """Who publishes it; else the host of the address."""
    source: RawSource | None = None
    """Where it was taken from; else the source `api`."""
    mode: Mode = Mode.LIVE
    """Live news, a drill, or a replay."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for articles that do not say it."""

    publisher: str = "unknown"
    """Publisher of an article without publisher and address."""
    active_for_seconds: int = 3600
    """How long a report of an alarm under way may be shown as active."""
    archive_allowed: bool = False
    """Whether replays may be published: only to topics with a prefix."""
    extraction: Extraction = Extraction.AS_GIVEN
    """How the text was obtained."""
    time_zone: str | None = None
    """IANA zone in which the source tells relative times."""
    dated_by_receipt: bool = False
    """Whether an article without a time of publication is news of when it was received."""


def read_raw(given: object) -> RawArticle:
    """Check the shape of an article.

    Raises:
        RefusedError: it is no object, or fields are missing, unknown or of another type.

    """
    if not isinstance(given, Mapping):
        raise RefusedError(
            Refusal("body", "invalid", f"an article is a JSON object, not {type(given).__name__}")
        )
    broken = [name for name, value in given.items() if not (_encodes(name) and _encodes(value))]
    if broken:
        raise RefusedError(*(_refuse_surrogate(name) for name in broken))
    try:
        return RawArticle.model_validate(given)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise RefusedError(*(_describe(detail) for detail in details)) from None


def make_article(
    raw: RawArticle, *, received_at: datetime, language_of: Identify, defaults: Defaults
) -> Article:
    """The first revision of an article, clean and checked.

    Args:
        raw: what was handed over.
        received_at: when.
        language_of: ranks the languages of a text, asked only when none was named.
        defaults: what holds where the article is silent.

    Raises:
        RefusedError: lists every field that is wrong.

    """
    checks = _Checks()
    source = raw.source or RawSource()
    text = checks.take(lambda: _check_text(raw.text))
    title = checks.take(lambda: _check_title(raw.title))
    url = checks.take(lambda: canonical_url(raw.url, source.kind) if raw.url else None)
    published_at = checks.take(
        lambda: (
            None if raw.published_at is None else read_published_at(raw.published_at, received_at)
        )
    )
    publisher = checks.take(lambda: _choose_publisher(raw.publisher, url, defaults.publisher))
    checks.take(lambda: _check_mode(raw, archive_allowed=defaults.archive_allowed))
    if checks.refusals or text is None or title is None or publisher is None:
        raise RefusedError(*checks.refusals)
    identity = identify(
        url=url,
        source_id=source.id,
        caller_id=raw.id,
        text=text,
        published_at=published_at,
        drill_at=received_at if raw.mode is Mode.TEST else None,
    )
    named = read_language(raw.language) if raw.language else None
    return Article(
        article_id=identity.article_id,
        content_sha256=digest(title, text),
        source=ArticleSource(
            id=source.id,
            kind=source.kind,
            publisher=publisher,
            url=url,
            time_zone=defaults.time_zone,
        ),
        extraction=defaults.extraction,
        title=title,
        text=text,
        language=named or detect_language(title, text, language_of),
        published_at=published_at,
        received_at=received_at,
        dated_at=published_at or (received_at if defaults.dated_by_receipt else None),
        active_for=defaults.active_for_seconds,
        mode=raw.mode,
    )


class _Checks:
    """Goes on after a refusal, so that the caller learns all of them at once."""

    def __init__(self) -> None:
        self.refusals: list[Refusal] = []

    def take(self, check: Callable[[], _Value]) -> _Value | None:
        try:
            return check()
        except RefusedError as error:
            self.refusals.extend(error.refusals)
            return None


def has_revisions(raw: RawArticle) -> bool:
    """Whether another text of the article would be its next revision, not another article."""
    return raw.url is not None or raw.id is not None


def _check_text(given: str) -> str:
    if not given.strip():
        raise _refuse("text", "empty", "empty; an article needs a text")
    text = clean_text(given)
    size = len(text.encode())
    if size > MAX_TEXT_BYTES:
        raise _refuse(
            "text", "too_large", f"{size} bytes of UTF-8, at most {MAX_TEXT_BYTES} are allowed"
        )
    if not text.strip():
        raise _refuse("text", "empty", "nothing but control characters; an article needs a text")
    return text


def _check_title(given: str) -> str:
    title = clean_line(given)
    if len(title) > MAX_TITLE_CHARACTERS:
        raise _refuse(
            "title",
            "too_large",
            f"{len(title)} characters, at most {MAX_TITLE_CHARACTERS} are allowed",
        )
    return title


def _choose_publisher(given: str | None, url: str | None, default: str) -> str:
    publisher = clean_line(given or "")
    if len(publisher) > _MAX_PUBLISHER_CHARACTERS:
        raise _refuse(
            "publisher",
            "too_large",
            f"{len(publisher)} characters, at most {_MAX_PUBLISHER_CHARACTERS} are allowed",
        )
    if publisher:
        return publisher
    host = (urlsplit(url).hostname or "") if url else ""
    return host.removeprefix("www.")[:_MAX_PUBLISHER_CHARACTERS] or default


def _check_mode(raw: RawArticle, *, archive_allowed: bool) -> None:
    if raw.mode is not Mode.ARCHIVE:
        return
    if not archive_allowed:
        raise _refuse(
            "mode",
            "archive_on_live",
            "'archive' is refused on the live topics; "
            "replay through an ingest of its own with a TOCSIN_TOPIC_PREFIX",
        )
    if raw.published_at is None:
        raise _refuse("published_at", "missing", "missing; a replay runs on its articles' clock")


def _encodes(value: object) -> bool:
    # JSON's escapes can spell half a character; nested strings are names out of closed sets.
    return not isinstance(value, str) or not _SURROGATE.search(value)


def _refuse_surrogate(name: str) -> Refusal:
    shown = name.encode("ascii", "backslashreplace").decode()[:100]
    return Refusal(shown, "surrogate", "holds a lone surrogate, which is no character")


def _describe(detail: Any) -> Refusal:  # noqa: ANN401 - pydantic's error details
    field = ".".join(str(part) for part in detail["loc"])[:100]
    code, reason = _CODES.get(detail["type"], ("invalid", detail["msg"]))
    model = RawSource if len(detail["loc"]) > 1 else RawArticle
    return Refusal(field, code, reason.replace("{known}", ", ".join(model.model_fields)))


def _refuse(field: str, code: str, reason: str) -> RefusedError:
    return RefusedError(Refusal(field, code, reason))
