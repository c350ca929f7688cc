"""Feeds as servers give them: compressed, moved, gone, lying; one ingest asks all at once."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from aiohttp import web

from support.feed_forms import entry, rss
from support.services import Fleet, ServiceProcess
from support.topics import read_topic
from support.web import serve_web
from tocsin_runtime.decoding import decode
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.article import Article
from tocsin_schemas.detection import read_article_record
from tocsin_schemas.topics import ARTICLES

BOMB = gzip.compress(b"<rss>" + b" " * 30_000_000)


def feed(name: str) -> bytes:
    link = f"<link>https://news.example/{name}</link>"
    return rss(entry(f"The ferry of {name} runs again.", link=link)).encode()


READ = ("gzip", "deflate", "moved", "elsewhere", "text", "plain")
FAILING = {
    "gone": "gone for good",
    "loop": "redirects",
    "busy": "answered 429",
    "lying": "decode",
    "cut": "payload|Payload",
    "bomb": "more than",
    "page": "a web page",
    "empty": "empty",
    "unasked": "answered 304",
    "file": "scheme",
    "inside": "private",
    "broken": "answered 500",
}


def answer(status: int = 200, body: bytes = b"", **headers: str) -> web.Response:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.Response(status=status, body=body, headers=given)


ANSWERS: dict[str, Callable[[bytes], web.Response]] = {
    "gzip": lambda body: answer(body=gzip.compress(body), content_encoding="gzip"),
    "deflate": lambda body: answer(body=zlib.compress(body), content_encoding="deflate"),
    "moved": lambda _: answer(301, location="/moved-now"),
    "elsewhere": lambda _: answer(302, location="elsewhere-now"),
    "text": lambda body: answer(body=body, content_type="text/plain"),
    "gone": lambda _: answer(410),
    "loop": lambda _: answer(302, location="/loop"),
    "busy": lambda _: answer(429, retry_after="600"),
    "lying": lambda _: answer(body=b"no gzip at all", content_encoding="gzip"),
    "bomb": lambda _: answer(body=BOMB, content_encoding="gzip"),
    "page": lambda _: answer(body=b"<!DOCTYPE html><html></html>", content_type="text/html"),
    "empty": lambda _: answer(),
    "unasked": lambda _: answer(304),
    "file": lambda _: answer(302, location="file:///etc/passwd"),
    "broken": lambda _: answer(500),
}


async def serve(request: web.Request) -> web.StreamResponse:
    name = request.path.strip("/")
    body = feed(name.removesuffix("-now"))
    if name == "cut":
        response = web.StreamResponse(headers={"content-length": "99999"})
        await response.prepare(request)
        await response.write(body)
        assert request.transport is not None
        request.transport.close()
        return response
    make = ANSWERS.get(name)
    return make(body) if make else answer(body=body, content_type="application/rss+xml")


@pytest.fixture
async def ingest(fleet: Fleet, tmp_path: Path) -> AsyncIterator[ServiceProcess]:
    async with serve_web(serve) as base:
        lines = [
            f"- {{id: {name}, url: '{base}/{name}', allow_private: {name != 'inside'}}}"
            for name in (*READ, *FAILING)
        ]
        file = tmp_path / "sources.yaml"
        file.write_text("\n".join(["sources:", *lines]))
        process = fleet.service(
            "ingest-1", "tocsin-ingest",
            TOCSIN_INGEST_DATA_DIR=str(tmp_path / "data"), TOCSIN_INGEST_SOURCES_FILE=str(file),
        )  # fmt: skip
        process.start()
        await asyncio.to_thread(process.wait_ready)
        yield process


async def test_each_feed_is_read_or_tells_why_not(
    ingest: ServiceProcess, kafka: KafkaSettings
) -> None:
    """None stops the others; what moved for good says where to."""
    told: dict[str, Any] = {}
    async with asyncio.timeout(60), httpx2.AsyncClient(trust_env=False) as client:
        while not told or any(not (s["succeeded_at"] or s["error"]) for s in told.values()):
            status = await client.get(f"http://127.0.0.1:{ingest.port}/v1/sources")
            told = {source["id"]: source for source in status.json()["sources"]}
            await asyncio.sleep(0.1)
    read = {name for name, source in told.items() if source["succeeded_at"]}
    assert read == set(READ), {name: told[name]["error"] for name in READ}
    for name, words in FAILING.items():
        assert any(word in told[name]["error"] for word in words.split("|")), told[name]
    assert told["moved"]["moved_to"].endswith("/moved-now")
    assert told["gone"]["next_at"] is None
    records = [decode(r.value, read_article_record) for r in await read_topic(kafka, ARTICLES)]
    texts = sorted(record.text for record in records if isinstance(record, Article))
    assert texts == sorted(f"The ferry of {name} runs again." for name in READ)
