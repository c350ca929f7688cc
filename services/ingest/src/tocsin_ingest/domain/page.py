"""Web pages: the article's text without what surrounds it, its title, and when it was published."""

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import trafilatura
from lxml import etree, html

from tocsin_ingest.domain.charset import decode
from tocsin_ingest.domain.feed import FeedItem
from tocsin_ingest.domain.feed_dates import read_date

_MIN_CHARACTERS = 80
"""A shorter text is a consent page, an error or a player, not an article."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")

_TITLE_PROPERTIES = ("og:title", "twitter:title")
_TIME_PROPERTIES = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "dc.date.issued",
    "pubdate",
    "publishdate",
)
"""Where pages say when they were published; times of edits are left out on purpose."""

_BOXES = [
    f"//*[not(self::body or self::main or self::article)]"
    f"[contains(concat(' ', translate(@class, '_-', '  '), ' '), ' {name} ')]"
    for name in (
        *("newsletter", "subscribe", "subscription", "cookie", "consent", "share", "sharing"),
        *("social", "related", "recommended", "recommendations", "promo", "comments"),
    )
]
"""Boxes inside articles that belong to the site, by the words of their classes."""

_TYPES = ("Article", "BlogPosting", "Report")
"""How the schema.org types of articles end."""

_BESIDE = frozenset(("aside", "nav", "footer"))
"""What stands there is dated by itself, not the article."""


@dataclass(frozen=True, slots=True)
class Page:
    """An article as its page tells it."""

    title: str
    text: str
    """Paragraphs, a line each."""
    published_at: datetime | None
    """In UTC; null when the page tells none with a clock."""
    canonical_url: str | None

    def complete(self, item: FeedItem) -> FeedItem:
        """The item with the page's text; what the feed says of title and time wins."""
        return replace(
            item,
            title=item.title or self.title,
            text=self.text,
            published_at=item.published_at or self.published_at,
        )


def read_page(body: bytes, *, url: str, content_type: str, zone: ZoneInfo) -> Page | None:
    """Read a page; null when it holds no article.

    Args:
        body: HTML as it came, decompressed.
        url: where it came from.
        content_type: the header, which may name the charset; empty when there was none.
        zone: of the source, for times without one.

    """
    try:
        tree = trafilatura.load_html(_CONTROLS.sub(" ", decode(body, content_type)))
    except (ValueError, etree.LxmlError):
        return None
    if tree is None:
        return None
    metas, times = _read_metas(tree), list(_read_json_times(tree))
    times += [metas[name] for name in _TIME_PROPERTIES if name in metas]
    times += _read_time_elements(tree)
    text = _extract(tree, url, tables=False) or _extract(tree, url, tables=True)
    if text is None:
        return None
    heading = " ".join(tree.xpath("string(.//h1)").split())
    text = "\n".join(line for line in text.splitlines() if line.strip() != heading).strip()
    read = (read_date(given, zone) for given in times)
    title = next((metas[name] for name in _TITLE_PROPERTIES if name in metas), "")
    return Page(
        title=title or heading,
        text=text,
        published_at=next((at for at in read if at is not None), None),
        canonical_url=_canonical(tree),
    )


def _extract(tree: html.HtmlElement, url: str, *, tables: bool) -> str | None:
    """The article's paragraphs; null when there is none.

    Tables are where facts in numbers stand, which are no sentences; but old sites lay out in them.
    """
    text = trafilatura.extract(
        copy.deepcopy(tree),
        url=url,
        output_format="txt",
        include_comments=False,
        include_tables=tables,
        include_formatting=False,
        favor_precision=not tables,
        deduplicate=False,
        prune_xpath=_BOXES,
    )
    if text and tables:
        text = "\n".join(line.strip(" |") for line in text.splitlines() if line.strip(" |"))
    return text if text and len(text) >= _MIN_CHARACTERS else None


def _read_metas(tree: html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if content := (meta.get("content") or "").strip():
            found.setdefault(name.lower(), content)
    return found


def _canonical(tree: html.HtmlElement) -> str | None:
    links = (link for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical")
    given = next((link.get("href") for link in links), None)
    return given if given and given.startswith(("http://", "https://")) else None


def _read_json_times(tree: html.HtmlElement) -> Iterator[str]:
    """`datePublished` of the page's JSON-LD (schema.org), where there is some."""
    for script in tree.iter("script"):
        if script.get("type") == "application/ld+json" and script.text:
            try:
                given = json.loads(script.text)
            except (ValueError, RecursionError):
                continue
            yield from _find_times(given, 0)


def _read_time_elements(tree: html.HtmlElement) -> list[str]:
    """`<time>` of the article: those that say that they are its publication stand first."""
    found = [
        element
        for element in tree.iter("time")
        if element.get("datetime") and not any(a.tag in _BESIDE for a in element.iterancestors())
    ][:20]
    found.sort(key=lambda e: e.get("itemprop") != "datePublished" and e.get("pubdate") is None)
    return [element.get("datetime") or "" for element in found]


def _find_times(given: Any, depth: int) -> Iterator[str]:  # noqa: ANN401 - JSON values
    if depth > 4:
        return
    if isinstance(given, list):
        for one in given:
            yield from _find_times(one, depth + 1)
    elif isinstance(given, dict):
        if isinstance(given.get("datePublished"), str) and _is_article(given.get("@type")):
            yield given["datePublished"]
        yield from _find_times(given.get("@graph"), depth + 1)


def _is_article(kind: object) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(one, str) and one.endswith(_TYPES) for one in kinds)
