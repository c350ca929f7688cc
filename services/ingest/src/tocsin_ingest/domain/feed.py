"""Feeds, from bytes to items: RSS 0.9x to 2.0, RDF, Atom and JSON Feed, broken ones too."""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import feedparser

from tocsin_ingest.domain.feed_dates import read_date
from tocsin_ingest.domain.plain_text import to_line, to_plain_text

MAX_ITEMS = 1000
"""Most items of a feed that are read; the newest stand first in all feeds that anybody writes."""


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
    """In the feed's order; entries without a word and without an address are left out."""
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
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _read_json(body, url, zone)
    parsed = feedparser.parse(
        io.BytesIO(body),
        response_headers={"content-type": content_type, "content-location": url},
        sanitize_html=False,  # markup goes altogether, in plain_text
    )
    if not parsed.get("version") and not parsed.entries:
        raise FeedError(_say_what_it_is(body, parsed.get("bozo_exception")))
    items = [_read_entry(entry, url, zone) for entry in parsed.entries[:MAX_ITEMS]]
    return _make_feed(
        to_line(parsed.feed.get("title", "")),
        items,
        len(parsed.entries) - len(items),
        _read_ttl(parsed.feed.get("ttl")),
    )


def _make_feed(
    title: str, items: list[FeedItem], over: int, ttl_seconds: int | None = None
) -> Feed:
    kept = tuple(item for item in items if item.text or item.url)
    return Feed(title, kept, over + len(items) - len(kept), ttl_seconds)


def _read_entry(entry: Mapping[str, Any], url: str, zone: ZoneInfo) -> FeedItem:
    title = to_line(entry.get("title", ""))
    contents = [piece.get("value", "") for piece in entry.get("content", ())]
    texts = [to_plain_text(value) for value in (*contents, entry.get("summary", ""))]
    text = max(texts, key=len, default="") or title
    # What was published first dates it; the time of an edit would make an old alarm new.
    date = entry.get("published") or entry.get("created") or entry.get("updated") or ""
    link = _absolute(entry.get("link"), url)
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


def _say_what_it_is(body: bytes, error: Exception | None) -> str:
    head = body[:2000].lstrip().lower()
    if not head:
        return "empty"
    if head.startswith((b"<!doctype html", b"<html")):
        return "a web page, no feed; `tocsin sources add` finds the feed of a page"
    return f"no feed: {error}" if error else "no feed"


def _read_json(body: bytes, url: str, zone: ZoneInfo) -> Feed:
    try:
        given = json.loads(body.decode("utf-8-sig"))
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
