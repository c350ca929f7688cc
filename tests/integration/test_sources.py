"""Sources that ingest asks by itself: feeds, pages, folders and sirens, against a real broker."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from aiohttp import web

from support.services import Fleet, ServiceProcess
from support.topics import read_topic
from support.web import serve_web
from tocsin_runtime.decoding import decode
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.article import Article
from tocsin_schemas.detection import read_article_record
from tocsin_schemas.topics import ARTICLES

PAGE = """<html><head><title>x</title><meta property="article:published_time"
 content="2026-11-20T08:30:00+02:00"></head><body><nav>Home News Sport</nav><article><h1>Bridge</h1>
<p>{first}</p><p>The second paragraph tells how long the works on the old bridge took this year.</p>
</article><footer>Cookie settings and imprint</footer></body></html>"""


@dataclass
class Site:
    """A site with one feed, whose items a test changes; every request is noted."""

    items: dict[str, str] = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[web.Request] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)
    robots: str = ""
    alarms: list[dict[str, Any]] = field(default_factory=list)
    conditional: bool = True
    """Whether it knows a feed that was fetched before; many servers do not."""
    date: str = field(
        default_factory=lambda: format_datetime(datetime.now(UTC).replace(microsecond=0))
    )

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        if request.path == "/robots.txt":
            return web.Response(text=self.robots)
        if request.path in self.pages:
            return web.Response(text=self.pages[request.path], content_type="text/html")
        if request.path == "/alarms" and self.status == 200:
            return web.json_response({"alerts": self.alarms})
        etag = f'"{hash(tuple(self.items.items()))}"'
        if self.status != 200:
            return web.Response(status=self.status, headers=self.headers)
        if request.headers.get("if-none-match") == etag:
            return web.Response(status=304)
        headers = {"etag": etag} if self.conditional else {}
        return web.Response(text=self.feed(), content_type="application/rss+xml", headers=headers)

    def feed(self) -> str:
        items = "".join(
            f"<item><title>{guid}</title><link>/{guid}</link><guid>{guid}</guid>"
            f"<description><![CDATA[<p>{text}</p>]]></description><pubDate>{self.date}</pubDate></item>"
            for guid, text in self.items.items()
        )
        return f'<rss version="2.0"><channel><title>Desk</title>{items}</channel></rss>'

    def count(self, path: str) -> int:
        return sum(request.path == path for request in self.asked)


@dataclass
class Asking:
    """An ingest that asks a site."""

    process: ServiceProcess
    site: Site
    base: str
    file: Path
    kafka: KafkaSettings

    def write(self, text: str) -> None:
        self.file.write_text(text.replace("BASE", self.base), "utf-8")

    async def until(self, condition: Callable[[], bool], what: str, seconds: float = 30) -> None:
        """Wait, while the site answers."""
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110 - what is waited for is another process
                await asyncio.sleep(0.05)
        assert condition(), what

    async def articles(self) -> list[Article]:
        records = await read_topic(self.kafka, ARTICLES)
        read = (decode(record.value, read_article_record) for record in records)
        return [value for value in read if isinstance(value, Article)]

    async def until_published(self, number: int) -> list[Article]:
        """Wait until so many revisions stand on the topic."""
        metric = self.process.metric
        await self.until(lambda: metric("tocsin_articles_published_total") >= number, "published")
        return await self.articles()

    async def until_polled(self, times: int) -> None:
        """Wait until so many polls have ended."""
        metric = self.process.metric
        await self.until(lambda: metric("tocsin_source_polls_total") >= times, "polled", 60)

    async def status(self, source: str) -> dict[str, Any]:
        async with httpx2.AsyncClient(trust_env=False) as client:
            answer = await client.get(f"http://127.0.0.1:{self.process.port}/v1/sources")
        found: dict[str, Any] = next(s for s in answer.json()["sources"] if s["id"] == source)
        return found


FEED = """
sources:
  - id: desk
    url: BASE/feed
    publisher: North Desk
    every: 10
    allow_private: true
"""


@pytest.fixture
async def asking(fleet: Fleet, tmp_path: Path, kafka: KafkaSettings) -> AsyncIterator[Asking]:
    site = Site()
    async with serve_web(site.handle) as base:
        file = tmp_path / "sources.yaml"
        process = fleet.service(
            "ingest-1", "tocsin-ingest",
            TOCSIN_INGEST_DATA_DIR=str(tmp_path / "data"),
            TOCSIN_INGEST_SOURCES_FILE=str(file),
            TOCSIN_TEST_SIREN="s3cret",
        )  # fmt: skip
        yield Asking(process, site, base, file, kafka)


async def start(asking: Asking, text: str = FEED) -> None:
    asking.write(text)
    asking.process.start()
    await asyncio.to_thread(asking.process.wait_ready)


async def test_a_feed_is_published_once_and_an_edit_is_a_revision(asking: Asking) -> None:
    """New items, edited items, a 304, and a restart: each text stands there once."""
    asking.site.items = {"a": "The tram runs again on line one.", "b": "Schools open on Monday."}
    await start(asking)
    first = await asking.until_published(2)
    assert {article.text for article in first} == set(asking.site.items.values())
    assert {(a.source.id, a.source.publisher, a.extraction) for a in first} == {
        ("desk", "North Desk", "feed-item")
    }
    assert all(
        a.published_at and a.source.url and a.source.url.startswith(asking.base) for a in first
    )
    asking.site.items["a"] = "The tram runs again on line one and on line four."
    asking.site.items["c"] = "The library is closed."
    asking.process.send(signal.SIGTERM)
    assert await asyncio.to_thread(asking.process.wait, 5) == 0
    await start(asking)
    after = await asking.until_published(2)
    assert [(a.title, a.revision) for a in after][2:] in (
        [("a", 2), ("c", 1)], [("c", 1), ("a", 2)],
    )  # fmt: skip
    polls = asking.site.count("/feed")
    await asking.until(lambda: asking.site.count("/feed") > polls, "asked again")
    assert asking.site.asked[-1].headers.get("if-none-match")
    assert len(await asking.articles()) == 4


async def test_a_source_that_fails_is_told_and_asked_again_later(asking: Asking) -> None:
    """Retry-After is honoured; gone for good means gone; private addresses need permission."""
    asking.site.status, asking.site.headers = 503, {"retry-after": "600"}
    inside = FEED + "  - id: inside\n    url: BASE/inside\n"
    await start(asking, inside)
    await asking.until(lambda: asking.process.metric("tocsin_source_polls_total") >= 2, "polled")
    desk, refused = await asking.status("desk"), await asking.status("inside")
    assert desk["error"] == "answered 503"
    assert (datetime.fromisoformat(desk["next_at"]) - datetime.now(UTC)).total_seconds() > 500
    assert "private" in refused["error"]
    assert asking.site.count("/inside") == 0
    asking.site.status, asking.site.headers = 410, {}
    asking.write(FEED.replace("id: desk", "id: other"))
    await asking.until(lambda: asking.site.count("/feed") == 2, "asked as another source")
    await asking.until(lambda: asking.process.metric("tocsin_source_polls_total") >= 3, "polled")
    assert (await asking.status("other"))["next_at"] is None


async def test_a_changed_file_is_followed_and_a_wrong_one_is_not(asking: Asking) -> None:
    """By itself and on SIGHUP; a wrong file leaves the former sources on."""
    asking.site.items = {"a": "The tram runs again on line one."}
    await start(asking)
    await asking.until_published(1)
    asking.write(FEED.replace("every: 10", "every: often"))
    asking.process.send(signal.SIGHUP)
    metric = asking.process.metric
    await asking.until(lambda: metric("tocsin_sources_file_good") == 0, "seen to be wrong")
    assert "sources.0.feed.every" in asking.process.log_text()
    asking.site.items["b"] = "Schools open on Monday."
    await asking.until_published(2)
    asking.write(FEED)
    await asking.until(lambda: metric("tocsin_sources_file_good") == 1, "right again")


async def test_full_text_comes_from_the_page_where_robots_may_read_it(asking: Asking) -> None:
    """Without what surrounds the article; else the feed's text serves."""
    asking.site.items = {"open": "A teaser ...", "closed": "Another teaser ..."}
    first = "The old bridge over the river opens for trams again on Monday, the council said today."
    page = PAGE.format(first=first)
    asking.site.pages = {"/open": page, "/closed": page}
    asking.site.robots = "User-agent: *\nDisallow: /closed\n"
    await start(asking, FEED + "    full_text: true\n")
    articles = {article.title: article for article in await asking.until_published(2)}
    assert articles["open"].text.startswith(first)
    assert "Cookie" not in articles["open"].text
    assert articles["open"].extraction == "page"
    assert (articles["closed"].text, articles["closed"].extraction) == (
        "Another teaser ...", "feed-item",
    )  # fmt: skip
    assert asking.site.count("/closed") == 0


async def test_a_page_is_fetched_once_for_each_text_of_its_item(asking: Asking) -> None:
    """Also where the server sends the whole feed at each poll: an unchanged item costs nothing."""
    site = asking.site
    site.conditional = False
    site.items = {"a": "A teaser ...", "b": "Another teaser ..."}
    first = "The old bridge over the river opens for trams again on {day}, the council said today."
    site.pages = {f"/{name}": PAGE.format(first=first.format(day="Monday")) for name in "ab"}
    await start(asking, FEED + "    full_text: true\n")
    await asking.until_published(2)
    await asking.until_polled(2)
    assert (site.count("/a"), site.count("/b")) == (1, 1)
    site.pages["/a"] = PAGE.format(first=first.format(day="Friday"))
    site.items["a"] = "A teaser that was edited ..."
    edited = (await asking.until_published(3))[-1]
    assert ("Friday" in edited.text, edited.title, edited.revision) == (True, "a", 2)
    await asking.until_polled(4)
    assert (site.count("/a"), site.count("/b")) == (2, 1)
    assert len(await asking.articles()) == 3


async def test_files_of_a_folder_are_published_and_moved(asking: Asking, tmp_path: Path) -> None:
    """What is refused lies beside its reasons."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "note.txt").write_text("The tram runs again.", "utf-8")
    lines = [{"id": "1", "text": "Schools open on Monday."}, {"id": "2", "text": ""}]
    (inbox / "desk.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    await start(asking, f"sources: [{{id: inbox, type: folder, path: {inbox}}}]")
    await asking.until((inbox / "published" / "note.txt").exists, "moved")
    assert {article.text for article in await asking.until_published(2)} == {
        "The tram runs again.", "Schools open on Monday.",
    }  # fmt: skip
    reasons = (inbox / "refused" / "desk.jsonl.reasons").read_text("utf-8")
    assert reasons.startswith("line 2: text: empty")


SIRENS = """
sources:
  - {id: sirens, type: alerts-in-ua, url: BASE/alarms, token: "env:TOCSIN_TEST_SIREN", every: 8,
     allow_private: true}
"""


@asynccontextmanager
async def _alarm(site: Site, **more: Any) -> AsyncIterator[None]:
    alarm = {
        "id": 7, "location_title": "Сумська область", "location_type": "oblast",
        "location_oblast": "Сумська область", "alert_type": "air_raid",
        "started_at": datetime.now(UTC).isoformat(), "finished_at": None, **more,
    }  # fmt: skip
    site.alarms.append(alarm)
    yield
    site.alarms.remove(alarm)


async def test_official_sirens_become_articles_of_their_own_kind(asking: Asking) -> None:
    """Raised and called off, each once; other threats are counted; nothing ends unread."""
    async with _alarm(asking.site), _alarm(asking.site, id=8, alert_type="urban_fights"):
        await start(asking, SIRENS)
        (raised,) = await asking.until_published(1)
        assert asking.site.asked[0].headers["authorization"] == "Bearer s3cret"
        assert asking.process.metric("tocsin_siren_other_threats_total") >= 1
        asking.site.status, asking.site.headers = 429, {"retry-after": "8"}
        failed = asking.site.count("/alarms") + 1
        await asking.until(lambda: asking.site.count("/alarms") >= failed, "asked in vain")
        asking.site.status = 200
    _, ended = await asking.until_published(2)
    assert (raised.source.kind, ended.source.kind) == ("official", "official")
    assert "Повітряна тривога: Сумська область" in raised.text
    assert "Відбій повітряної тривоги: Сумська область" in ended.text
    assert "s3cret" not in asking.process.log_text()
