"""`tocsin sources`: find the feed of a site, try it, note it in the file; and see how all fare."""

import asyncio
import json
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx2
from aiohttp import ClientSession
from rich.table import Table

from tocsin_cli.console import EXIT_FAILED, EXIT_OK, emit, open_console, say
from tocsin_ingest.domain.feed import Feed, FeedError, discover_feeds, read_feed
from tocsin_ingest.domain.source import SourcesFile
from tocsin_runtime.configuration import read_configuration
from tocsin_runtime.errors import SettingsError
from tocsin_runtime.outbound import Fetched, OutboundError, create_session, fetch

_MAX_BYTES = 8 * 1024 * 1024
_TIMEOUT_SECONDS = 30.0
_ZONE = ZoneInfo("Europe/Kyiv")
_SETTING = "TOCSIN_INGEST_SOURCES_FILE"


@dataclass(frozen=True, slots=True)
class _Found:
    url: str
    feed: Feed


class _NoFeedError(Exception):
    pass


def run_add(url: str, file: Path, name: str | None, *, allow_private: bool) -> int:
    """Find the feed of an address, try it, and add it to the file of sources.

    Returns:
        0, or 1 when there is no feed, or the file cannot be used.

    """
    try:
        before = read_configuration(file, SourcesFile, _SETTING) if file.exists() else SourcesFile()
        found = asyncio.run(_find(url, allow_private=allow_private))
    except (SettingsError, OutboundError, _NoFeedError) as error:
        say(f"error: {error}")
        return EXIT_FAILED
    source_id = name or _name(found.url, {source.id for source in before.sources})
    if source_id in before.by_id:
        say(f"error: {file} has a source {source_id!r} already; give another --id")
        return EXIT_FAILED
    publisher = found.feed.title or urlsplit(found.url).hostname or source_id
    _append(file, source_id, found.url, publisher, allow_private=allow_private)
    dated = sum(item.published_at is not None for item in found.feed.items)
    say(f"{found.url}: {len(found.feed.items)} items, {dated} of them dated")
    for item in found.feed.items[:3]:
        say(f"  {item.published_at or 'no date'!s:25}  {item.title or item.text[:60]}")
    if dated < len(found.feed.items):
        say("items without a date are never active; see dated_by in docs/sources.md")
    say(f"added to {file} as {source_id}; a running ingest follows the file by itself")
    return EXIT_OK


async def _find(url: str, *, allow_private: bool) -> _Found:
    async with create_session(
        allow_private=allow_private, timeout_seconds=_TIMEOUT_SECONDS, user_agent="tocsin/1"
    ) as session:
        answer = await _get(session, url)
        try:
            return _Found(answer.url, _read(answer))
        except FeedError as error:
            reason = f"{answer.url}: {error}"
        for candidate in discover_feeds(answer.body, answer.url):
            try:
                return _Found(candidate, _read(await _get(session, candidate)))
            except (FeedError, OutboundError) as error:
                reason = f"{candidate}: {error}"
    raise _NoFeedError(f"found no feed; {reason}")


async def _get(session: ClientSession, url: str) -> Fetched:
    answer = await fetch(session, url, max_bytes=_MAX_BYTES)
    if answer.status != httpx2.codes.OK:
        raise OutboundError(f"{url} answered {answer.status}")
    return answer


def _read(answer: Fetched) -> Feed:
    content_type = answer.headers.get("content-type", "")
    return read_feed(answer.body, url=answer.url, content_type=content_type, zone=_ZONE)


def _name(url: str, taken: set[str]) -> str:
    host = (urlsplit(url).hostname or "feed").removeprefix("www.")
    base = re.sub(r"[^a-z0-9-]+", "-", host.lower()).strip("-") or "feed"
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _append(file: Path, name: str, url: str, publisher: str, *, allow_private: bool) -> None:
    """Add an entry at the end, so that what people wrote into the file stays as it is."""
    text = file.read_text("utf-8") if file.exists() else ""
    # JSON's strings are YAML's.
    quoted = [json.dumps(value, ensure_ascii=False) for value in (url, publisher)]
    entry = f"  - id: {name}\n    url: {quoted[0]}\n    publisher: {quoted[1]}\n"
    if allow_private:
        entry += "    allow_private: true\n"
    if not re.search(r"^sources:\s*$", text, re.MULTILINE):
        text = re.sub(r"^sources:.*\n?", "", text, flags=re.MULTILINE) + "sources:\n"
    file.write_text(text.rstrip("\n") + "\n" + entry, "utf-8")


def run_status(url: str, *, as_json: bool) -> int:
    """Show how each source of a running ingest fares.

    Returns:
        0 when all were read at their last poll, 1 when one was not or ingest cannot be reached.

    """
    try:
        answer = httpx2.get(f"{url.rstrip('/')}/v1/sources", timeout=10)
        sources = answer.raise_for_status().json()["sources"]
    except (httpx2.HTTPError, ValueError, KeyError) as error:
        say(f"error: {url}: {error!r}; is ingest running? set --url or TOCSIN_INGEST_URL")
        return EXIT_FAILED
    if as_json:
        for source in sources:
            emit(json.dumps(source, ensure_ascii=False))
    else:
        table = Table("source", "read at", "items", "published", "next", "trouble")
        for source in sources:
            trouble = f"{source['failures']}x {source['error']}" if source["error"] else ""
            if source["moved_to"]:
                trouble += f" moved to {source['moved_to']}"
            times = [(source[name] or "-")[:19] for name in ("succeeded_at", "next_at")]
            table.add_row(
                source["id"], times[0], str(source["items"]), str(source["published"]), times[1],
                trouble,
            )  # fmt: skip
        open_console().print(table)
    return EXIT_FAILED if any(source["error"] for source in sources) else EXIT_OK
