"""`tocsin sources`: a feed is found, tried and noted; the status says which one is in trouble."""

import asyncio
import json
from pathlib import Path

import yaml
from aiohttp import web
from typer.testing import CliRunner, Result

from support.web import serve_web
from tocsin_cli.main import app
from tocsin_ingest.domain.source import FeedSource, SourcesFile

FEED = (
    '<rss version="2.0"><channel><title>North "Desk"</title><item><title>Trams run</title>'
    "<link>/1</link><pubDate>Tue, 20 Aug 2024 12:00:00 +0300</pubDate></item></channel></rss>"
)
HOME = '<html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head></html>'


async def answer(request: web.Request) -> web.Response:
    told = {"/": HOME, "/rss": FEED, "/bare": "<html><p>nothing</p></html>"}.get(request.path)
    if told is None:
        return web.Response(status=404)
    return web.Response(text=told, content_type="text/html")


async def run(*arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, ["sources", *arguments])


async def test_the_feed_of_a_page_is_added_to_what_stands_in_the_file(tmp_path: Path) -> None:
    """Comments stay; a second one of the host gets a name of its own."""
    file = tmp_path / "sources.yaml"
    file.write_text("# ours\nsources: []\n")
    async with serve_web(answer) as base:
        for address in (f"{base}/", f"{base}/rss"):
            result = await run("add", address, "--file", str(file), "--allow-private")
            assert result.exit_code == 0, result.stderr
    assert "1 items, 1 of them dated" in result.stderr
    assert "2024-08-20 09:00:00+00:00  Trams run" in result.stderr
    assert file.read_text().startswith("# ours\n")
    sources = SourcesFile.model_validate(yaml.safe_load(file.read_text())).sources
    assert all(isinstance(source, FeedSource) for source in sources)
    assert [source.id for source in sources] == ["127-0-0-1", "127-0-0-1-2"]
    assert {source.publisher for source in sources} == {'North "Desk"'}


async def test_an_address_without_a_feed_is_refused_with_the_reason(tmp_path: Path) -> None:
    """And a private one needs permission; the file is not touched."""
    file = tmp_path / "sources.yaml"
    async with serve_web(answer) as base:
        bare = await run("add", f"{base}/bare", "--file", str(file), "--allow-private")
        private = await run("add", base, "--file", str(file))
    assert (bare.exit_code, private.exit_code) == (1, 1)
    assert "found no feed" in bare.stderr
    assert "private" in private.stderr
    assert not file.exists()


async def test_the_status_tells_trouble_by_its_exit_code() -> None:
    """0 when all is well."""
    good = {
        "id": "desk", "type": "feed", "succeeded_at": "2026-03-01T12:00:00Z", "failures": 0,
        "error": None, "next_at": None, "items": 3, "published": 1, "moved_to": None,
    }  # fmt: skip
    sources = [good]

    async def tell(_: web.Request) -> web.Response:
        return web.json_response({"sources": sources})

    async with serve_web(tell) as base:
        well = await run("status", "--url", base, "--json")
        assert (well.exit_code, json.loads(well.stdout)) == (0, good)
        sources.append({**good, "id": "other", "failures": 2, "error": "answered 503"})
        ill = await run("status", "--url", base)
    assert ill.exit_code == 1
    assert "answered 503" in ill.stdout
