"""From an item of a feed to what ingest takes: what is wrong beside the text costs no article."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urldefrag

from tocsin_ingest.domain.article import RawArticle, RawSource
from tocsin_ingest.domain.dates import EARLIEST, MAX_AHEAD
from tocsin_ingest.domain.feed import FeedItem
from tocsin_ingest.domain.identity import canonical_url
from tocsin_ingest.domain.refusal import RefusedError
from tocsin_ingest.domain.source import FeedSource
from tocsin_schemas.article import MAX_TITLE_CHARACTERS
from tocsin_schemas.vocabulary import SourceKind

_MAX_GUID_CHARACTERS = 500


def name_item(item: FeedItem) -> bytes:
    """Digest of what a feed calls an item."""
    named = f"{item.guid or ''}\n{item.url or ''}" if item.guid or item.url else f"\n\n{item.text}"
    return hashlib.sha256(named.encode("utf-8", "backslashreplace")).digest()


def digest_item(item: FeedItem) -> bytes:
    """Digest of all that a feed says of an item."""
    told = (item.title, item.text, item.url, item.published_at)
    return hashlib.sha256(repr(told).encode("utf-8", "backslashreplace")).digest()


def find_shared_urls(items: Iterable[FeedItem], kind: SourceKind) -> frozenset[str]:
    """Addresses under which a feed has several items, as that of a page which lists them.

    Such an address names no article: items that go by it alone would be taken for edits of one.
    """
    urls = Counter(_page_of(item.url, kind) for item in items if item.url and item.guid)
    return frozenset(url for url, number in urls.items() if number > 1)


def to_raw_article(
    item: FeedItem, source: FeedSource, shared: frozenset[str], now: datetime
) -> tuple[RawArticle, bool]:
    """What ingest takes for an item, and whether a date of it had to be left out.

    Args:
        item: as the feed has it.
        source: of the feed.
        shared: from `find_shared_urls`.
        now: a date far ahead of it is a broken clock's, or that of an event to come.

    """
    url = item.url
    if url and (_page_of(url, source.kind) in shared or not _is_usable(url, source.kind)):
        url = None
    at = item.published_at
    plausible = at is not None and EARLIEST <= at <= now + MAX_AHEAD
    raw = RawArticle(
        id=_shorten(item.guid) if item.guid else None,
        url=url,
        title=item.title[:MAX_TITLE_CHARACTERS],
        text=item.text,
        published_at=at.isoformat() if at and plausible else None,
        language=source.language,
        publisher=source.publisher,
        source=RawSource(id=source.id, kind=source.kind),
    )
    return raw, bool(item.date_unread) or (at is not None and not plausible)


def _page_of(url: str, kind: SourceKind) -> str:
    # A live blog's entries have fragments of their own, which stay in their ids.
    return url if kind is SourceKind.LIVE_BLOG else urldefrag(url).url


def _is_usable(url: str, kind: SourceKind) -> bool:
    try:
        canonical_url(url, kind)
    except RefusedError:
        return False
    return True


def _shorten(guid: str) -> str:
    """A name that fits; long ones by their digest, so that equal beginnings stay apart."""
    if len(guid) <= _MAX_GUID_CHARACTERS:
        return guid
    return hashlib.sha256(guid.encode("utf-8", "backslashreplace")).hexdigest()
