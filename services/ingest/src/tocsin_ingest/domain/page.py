"""Web pages: the article's text without what surrounds it, its title, and when it was published."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import trafilatura
from lxml import etree, html

from tocsin_ingest.domain.feed import FeedItem
from tocsin_ingest.domain.feed_dates import read_date

_MIN_CHARACTERS = 80
"""A shorter text is a consent page, an error or a player, not an article."""

_TITLE_PROPERTIES = ("og:title", "twitter:title")
_TIME_PROPERTIES = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "pubdate",
)


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


def read_page(body: bytes, *, url: str, zone: ZoneInfo) -> Page | None:
    """Read a page; null when it holds no article.

    Args:
        body: HTML as it came, decompressed.
        url: where it came from.
        zone: of the source, for times without one.

    """
    try:
        tree = trafilatura.load_html(body)
    except (ValueError, etree.LxmlError):
        return None
    if tree is None:
        return None
    metas, times = _read_metas(tree), list(_read_json_times(tree))
    text = trafilatura.extract(
        tree,
        url=url,
        output_format="txt",
        include_comments=False,
        include_tables=False,
        include_formatting=False,
        favor_precision=True,
        deduplicate=False,
    )
    if not text or len(text) < _MIN_CHARACTERS:
        return None
    heading = " ".join(tree.xpath("string(.//h1)").split())
    text = text.strip().removeprefix(f"{heading}\n") if heading else text.strip()
    times += [metas[name] for name in _TIME_PROPERTIES if name in metas]
    times += [element.get("datetime") or "" for element in tree.iter("time")][:5]
    read = (read_date(given, zone) for given in times)
    title = next((metas[name] for name in _TITLE_PROPERTIES if name in metas), "")
    return Page(
        title=title or heading,
        text=text,
        published_at=next((at for at in read if at is not None), None),
        canonical_url=_canonical(tree),
    )


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


def _find_times(given: Any, depth: int) -> Iterator[str]:  # noqa: ANN401 - JSON values
    if depth > 4:
        return
    if isinstance(given, list):
        for one in given:
            yield from _find_times(one, depth + 1)
    elif isinstance(given, dict):
        if isinstance(given.get("datePublished"), str):
            yield given["datePublished"]
        yield from _find_times(given.get("@graph"), depth + 1)
