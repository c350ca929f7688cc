"""Feeds, from bytes to items: RSS 0.9x to 2.0, RDF, Atom and JSON Feed, broken ones too."""

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import feedparser

from tocsin_ingest.domain.charset import decode
from tocsin_ingest.domain.feed_dates import read_date
from tocsin_ingest.domain.feed_xml import make_well_formed
from tocsin_ingest.domain.plain_text import to_line, to_plain_text

MAX_ITEMS = 1000
"""Most items of a feed that are read; the newest stand first in all feeds that anybody writes."""

_WEB_PAGE = re.compile(r"(?:<!--.*?-->\s*)?<(?:!doctype html|html)[\s>]", re.IGNORECASE | re.DOTALL)


class FeedError(Exception):
    """The bytes are no feed; the message says what they look like."""


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One entry of a feed, as far as it can be read."""

    title: str
    text: str
    """Plain text of the content, else of the summary, else the title; may be empty."""
    guid: str | None
    """What the feed calls it."""
    url: str | None
    """Absolute address of its page."""
    published_at: datetime | None
    """In UTC; null when the feed says none that can be read for sure."""
    date_unread: str | None = None
    """A date that stands there and cannot be read."""


@dataclass(frozen=True, slots=True)
class _Date:
    given: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed holds now."""

    title: str
    items: tuple[FeedItem, ...]
    """In the feed's order; entries without a word and without an address are left out, and older
    ones of the same name."""
    skipped: int
    """How many entries were left out, those over the limit included."""
    ttl_seconds: int | None
    """How long the feed says that it stays the same."""


def read_feed(body: bytes, *, url: str, content_type: str, zone: ZoneInfo) -> Feed:
    """Read a feed.

    Args:
        body: as it came, decompressed.
        url: where it came from; relative addresses are meant from there.
        content_type: the header, which may name the charset; empty when there was none.
        zone: of the source, for dates without one.

    Raises:
        FeedError: it is no feed.

    """
    text = decode(body, content_type).lstrip()
    if text.startswith("{"):
        return _read_json(text, url, zone)
    parsed = _parse(text)
    home = _absolute(parsed.feed.get("link"), url)
    items = [_read_entry(entry, url, zone, home) for entry in parsed.entries[:MAX_ITEMS]]
    return _make_feed(
        to_line(parsed.feed.get("title") or ""),
        items,
        len(parsed.entries) - len(items),
        _read_ttl(parsed.feed.get("ttl")),
    )


def _parse(text: str) -> Any:  # noqa: ANN401 - feedparser has no types
    if not text:
        raise FeedError("empty")
    if _WEB_PAGE.match(text[:2000]):
        raise FeedError("a web page, no feed; `tocsin sources add` finds the feed of a page")
    try:
        document = make_well_formed(text)
    except ValueError as error:
        raise FeedError(f"no feed: {error}") from None
    # Markup inside goes altogether, in plain_text.
    parsed = feedparser.parse(
        io.BytesIO(document),
        # No address of its own either: addresses are completed here, where it can be seen whether
        # a guid is one.
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not parsed.get("version") and not parsed.entries:
        raise FeedError("no feed: XML of another kind")
    return parsed


def _make_feed(
    title: str, items: list[FeedItem], over: int, ttl_seconds: int | None = None
) -> Feed:
    named: dict[tuple[str | None, ...], FeedItem] = {}
    for item in items:
        if item.text or item.url:
            # The first of two with one name: feeds have the newest first.
            named.setdefault((item.guid, item.url, None if item.guid else item.text), item)
    kept = tuple(named.values())
    return Feed(title, kept, over + len(items) - len(kept), ttl_seconds)


def _read_entry(entry: Mapping[str, Any], url: str, zone: ZoneInfo, home: str | None) -> FeedItem:
    title = to_line(entry.get("title") or "")
    contents = [piece.get("value") for piece in entry.get("content") or ()]
    texts = [to_plain_text(value or "") for value in (*contents, entry.get("summary"))]
    text = max(texts, key=len, default="") or title
    # What was published first dates it; the time of an edit would make an old alarm new.
    date = entry.get("published") or entry.get("created") or entry.get("updated") or ""
    given = entry.get("feedburner_origlink") or entry.get("link") or ""
    named_by_it = given == entry.get("id") and not given.startswith(("http://", "https://"))
    link = None if named_by_it else _absolute(given, url)
    if link and home and link.rstrip("/") == home.rstrip("/"):
        link = None  # the feed's own page is no item's
    return _make_item((title, text), entry.get("id"), link, _Date(date, zone))


def _make_item(words: tuple[str, str], guid: str | None, url: str | None, date: _Date) -> FeedItem:
    title, text = words
    published_at = read_date(date.given, date.zone)
    unread = date.given[:100] if date.given and published_at is None else None
    return FeedItem(title, text, guid or None, url, published_at, unread)


def _absolute(link: str | None, base: str) -> str | None:
    if not link:
        return None
    try:
        absolute = urljoin(base, link.strip())
    except ValueError:
        return None
    return absolute if absolute.startswith(("http://", "https://")) else None


def _read_ttl(given: str | None) -> int | None:
    return int(given) * 60 if given and given.strip().isdecimal() and len(given) < 8 else None


def _read_json(text: str, url: str, zone: ZoneInfo) -> Feed:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FeedError(f"no JSON: {error}") from None
    if not str(given.get("version", "")).startswith("https://jsonfeed.org/version/1"):
        raise FeedError("JSON, but no JSON Feed (version https://jsonfeed.org/version/1.1)")
    entries = given.get("items")
    if not isinstance(entries, list):
        raise FeedError("a JSON Feed without a list of items")
    items = [_read_json_item(entry, url, zone) for entry in entries[:MAX_ITEMS]]
    return _make_feed(to_line(_string(given, "title")), items, len(entries) - len(items))


def _read_json_item(entry: object, url: str, zone: ZoneInfo) -> FeedItem:
    fields: Mapping[str, Any] = entry if isinstance(entry, dict) else {}
    title = to_line(_string(fields, "title"))
    text = _first(
        _string(fields, "content_text").strip(),
        to_plain_text(_string(fields, "content_html")),
        to_plain_text(_string(fields, "summary")),
        title,
    )
    date = _string(fields, "date_published") or _string(fields, "date_modified")
    number = fields.get("id")
    guid = str(number) if isinstance(number, str | int) else None
    link = _absolute(_string(fields, "url"), url)
    return _make_item((title, text), guid, link, _Date(date, zone))


def _first(*given: str) -> str:
    return next((one for one in given if one), "")


def _string(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def discover_feeds(page: bytes, url: str) -> Iterator[str]:
    """The addresses of feeds that a web page names, in its order.

    Args:
        page: HTML.
        url: where it came from.

    """
    from lxml import html

    try:
        root = html.fromstring(page)
    except (ValueError, html.etree.ParserError):
        return
    for link in root.iter("link"):
        kind = (link.get("type") or "").lower()
        feed = kind in ("application/rss+xml", "application/atom+xml", "application/feed+json")
        absolute = _absolute(link.get("href"), url)
        if feed and absolute and "alternate" in (link.get("rel") or "").lower():
            yield absolute
