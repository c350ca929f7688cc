"""What feeds of tests are made of, and what must come out of them."""

import json
from dataclasses import dataclass
from typing import Any

URL = "https://news.example/feeds/all"
"""Where every shape is served from."""

NOON = "2024-08-20T12:00:00+00:00"
DATE = "Tue, 20 Aug 2024 15:00:00 +0300"
TEXT = "The ferry runs again from Monday."
KYIV = "У Сумах знову їздять тролейбуси — їх відремонтували."
PARIS = "Le pont rouvre à l’été, dit la préfète."


@dataclass(frozen=True)
class Item:
    """What must come out of an entry."""

    text: str = TEXT
    title: str = "Ferry"
    url: str | None = "https://news.example/a"
    at: str | None = NOON
    guid: str | None = None


@dataclass(frozen=True)
class Shape:
    """One feed."""

    name: str
    body: bytes
    items: tuple[Item, ...] = (Item(),)
    error: str | None = None
    """A part of the message, where it is no feed."""
    content_type: str = ""
    skipped: int = 0


def entry(
    text: str = TEXT,
    title: str = "Ferry",
    link: str = "<link>https://news.example/a</link>",
    date: str = f"<pubDate>{DATE}</pubDate>",
    more: str = "",
) -> str:
    return (
        f"<item><title>{title}</title>{link}<description>{text}</description>{date}{more}</item>\n"
    )


def rss(*items: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>', names: str = "") -> str:
    inside = "".join(items)
    return (
        f'{head}<rss version="2.0"{names}><channel><title>Desk</title>'
        f"<link>https://news.example/</link><description>d</description>{inside}</channel></rss>"
    )


def atom(*entries: str, version: str = 'xmlns="http://www.w3.org/2005/Atom"') -> str:
    return f'<?xml version="1.0"?><feed {version}><title>Desk</title>{"".join(entries)}</feed>'


def atom_entry(content: str, *, dates: str = f"<published>{NOON}</published>") -> str:
    return (
        '<entry><title>Ferry</title><link href="https://news.example/a"/>'
        f"<id>tag:a</id>{dates}{content}</entry>"
    )


def json_feed(*items: Any, version: str = "https://jsonfeed.org/version/1.1") -> bytes:
    return json.dumps({"version": version, "title": "Desk", "items": list(items)}).encode()


def dated(name: str, date: str, at: str | None) -> Shape:
    return Shape(
        f"date {name}", rss(entry(date=f"<pubDate>{date}</pubDate>")).encode(), (Item(at=at),)
    )


CYRILLIC = (Item(KYIV),)
FRENCH = (Item(PARIS),)


def in_charset(encoding: str, declared: str | None, text: str = KYIV) -> bytes:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    return rss(entry(text), head=head).encode(encoding, "replace")
