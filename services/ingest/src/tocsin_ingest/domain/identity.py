"""Which article this is: the canonical address, the id derived from it, and the digest."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit
from uuid import UUID

from tocsin_ingest.domain.refusal import Refusal, RefusedError
from tocsin_schemas import ids
from tocsin_schemas.vocabulary import Mode, SourceKind

MAX_URL_CHARACTERS = 2048
_MAX_ROUNDS = 5
_QUERY_CHARACTERS = "!$%&'()*+,/:;=?@~"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who an article is."""

    article_id: UUID
    has_revisions: bool
    """False when the id comes from the text: another text is another article."""


def canonical_url(given: str, kind: SourceKind) -> str:
    """The address without trackers, default ports and spelling variants.

    The fragment goes, except in a live blog, where it names the entry.

    Raises:
        RefusedError: it is no http(s) address with a host, holds credentials, or is too long.

    """
    shown = repr(given[:100])
    try:
        parts = urlsplit(given.strip())
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise _refuse("invalid", f"{shown} is no address: {error}") from None
    readable = parts.netloc.isprintable() and " " not in parts.netloc
    if parts.scheme not in ("http", "https") or not host or not readable:
        raise _refuse("invalid", f"{shown} is no absolute http or https address")
    if "@" in parts.netloc:
        raise _refuse("credentials", "holds a user name or password; post it without them")
    url = _normalize(parts if kind is SourceKind.LIVE_BLOG else parts._replace(fragment=""))
    if len(url) > MAX_URL_CHARACTERS:
        raise _refuse(
            "too_large", f"{len(url)} characters, at most {MAX_URL_CHARACTERS} are allowed"
        )
    return url


def _normalize(parts: SplitResult) -> str:
    if any("=" not in part for part in parts.query.split("&") if part):
        # courlan drops parameters without a value, but `?123456` names an article.
        query = quote(parts.query, safe=_QUERY_CHARACTERS)
        return f"{_settle(urlunsplit(parts._replace(query='', fragment='')))}?{query}"
    return _settle(urlunsplit(parts))


def _settle(url: str) -> str:
    # Odd addresses take courlan several rounds; an id must not depend on how many there were.
    import courlan  # 0.5 s, and not every caller has an address

    shown = repr(url[:100])
    for _ in range(_MAX_ROUNDS):
        former, url = url, courlan.clean_url(url) or ""
        if url == former and urlsplit(url).hostname:
            return url
    raise _refuse("invalid", f"{shown} is no usable address")


def identify(
    *,
    url: str | None,
    source_id: str,
    caller_id: str | None,
    text: str,
    published_at: datetime | None,
    drill_at: datetime | None,
) -> Identity:
    """The identity of an article.

    Args:
        url: the canonical address, when there is one.
        source_id: name of the source.
        caller_id: what the caller, or the feed, calls it.
        text: the clean text.
        published_at: tells apart what has neither address nor name: a siren channel uses the same
            words every night, and the second alarm must not be lost as a repeat of the first.
        drill_at: when a drill was received, null for everything else. A drill never shares an id
            with news, and one without address or name is an article of its own each time.

    """
    drill = drill_at is not None
    if url is not None:
        return Identity(ids.article_id_from_url(f"{Mode.TEST}:{url}" if drill else url), True)
    source = f"{Mode.TEST}:{source_id}" if drill else source_id
    if caller_id is not None:
        return Identity(ids.article_id_from_source(source, caller_id), True)
    at = drill_at or published_at
    told = text if at is None else f"{at.isoformat()}\n{text}"
    return Identity(ids.article_id_from_text(source, told), False)


def digest(title: str, text: str) -> str:
    """SHA-256 of title and text, in hexadecimal: equal when an article did not change."""
    return hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()


def _refuse(code: str, reason: str) -> RefusedError:
    return RefusedError(Refusal("url", code, reason))
