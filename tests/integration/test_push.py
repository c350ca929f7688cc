"""Pushing articles to an ingest with tokens: streams, repeats, rates, on a real broker."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from support.services import Fleet, ServiceProcess
from support.topics import read_topic
from tocsin_ingest.domain.tokens import create_token
from tocsin_ingest.push.lines import MAX_LINE_BYTES
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.topics import ARTICLES

TEXT = "The bridge opens again on Monday, the town council says. Article number "
LINES = {"content-type": "application/x-ndjson"}


@pytest.fixture(scope="module")
def tokens() -> dict[str, tuple[str, str]]:
    return {name: create_token() for name in ("desk", "slow")}


@pytest.fixture
def ingest(fleet: Fleet, tmp_path: Path, tokens: dict[str, tuple[str, str]]) -> ServiceProcess:
    file = tmp_path / "tokens.yaml"
    file.write_text(
        "tokens:\n"
        f"  - {{name: desk, sha256: {tokens['desk'][1]}, articles_per_minute: 100000}}\n"
        f"  - {{name: slow, sha256: {tokens['slow'][1]}, articles_per_minute: 2}}\n"
    )
    process = fleet.service(
        "ingest-1", "tocsin-ingest",
        TOCSIN_INGEST_DATA_DIR=str(tmp_path / "index"), TOCSIN_INGEST_TOKENS_FILE=str(file),
    )  # fmt: skip
    process.start()
    process.wait_ready()
    return process


def client(process: ServiceProcess, token: str | None) -> httpx2.AsyncClient:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return httpx2.AsyncClient(
        base_url=f"http://127.0.0.1:{process.port}", headers=headers, timeout=60, trust_env=False
    )


def line(number: int, **more: Any) -> bytes:
    return json.dumps({"text": f"{TEXT}{number}.", "id": str(number), **more}).encode() + b"\n"


async def test_only_tokens_let_in_and_each_has_its_rate(
    ingest: ServiceProcess, tokens: dict[str, tuple[str, str]]
) -> None:
    """401 without one, 429 with Retry-After above the rate, and no token in the log."""
    article = json.loads(line(1))
    async with client(ingest, None) as anybody, client(ingest, tokens["slow"][0]) as slow:
        refused = await anybody.post("/v1/articles", json=article)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith("Bearer")
        assert (await anybody.delete(f"/v1/articles/{'0' * 32}")).status_code == 401
        assert (await slow.post("/v1/articles", json=[article] * 2)).status_code == 202
        limited = await slow.post("/v1/articles", json=article)
        assert limited.status_code == 429
        assert 1 <= int(limited.headers["retry-after"]) <= 60
    assert tokens["slow"][0] not in ingest.log_text()


async def test_a_stream_is_answered_line_by_line(
    kafka: KafkaSettings, ingest: ServiceProcess, tokens: dict[str, tuple[str, str]]
) -> None:
    """Good lines are stored, bad ones refused with their reason; nothing stops the stream."""
    too_long = b'{"text": "' + b"x" * MAX_LINE_BYTES + b'"}\n'
    body = line(1) + b"\n" + b"no json\n" + line(1) + too_long + line(2).rstrip()
    async with client(ingest, tokens["desk"][0]) as desk:
        answer = await desk.post("/v1/articles", content=body, headers=LINES)
    told = [json.loads(one) for one in answer.text.splitlines()]
    assert [one.get("status") or one["errors"][0]["field"] for one in told[:-1]] == [
        "published", "body", "unchanged", "body", "published",
    ]  # fmt: skip
    assert [one["line"] for one in told[:-1]] == [1, 2, 3, 4, 5]
    assert told[-1] == {
        "lines": 5, "published": 2, "unchanged": 1, "withdrawn": 0, "refused": 2, "complete": True,
    }  # fmt: skip
    stored = [
        record for record in await read_topic(kafka, ARTICLES) if b"bridge" in (record.value or b"")
    ]
    assert len(stored) == 2


async def test_answers_come_while_the_stream_goes_on(
    ingest: ServiceProcess, tokens: dict[str, tuple[str, str]]
) -> None:
    """The second line is sent only after the first one's answer was read."""
    answered = asyncio.Event()

    async def lines() -> AsyncIterator[bytes]:
        yield line(1)
        async with asyncio.timeout(20):
            await answered.wait()
        yield line(2)

    reader, writer = await asyncio.open_connection("127.0.0.1", ingest.port)
    writer.write(
        b"POST /v1/articles HTTP/1.1\r\nhost: ingest\r\ntransfer-encoding: chunked\r\n"
        b"content-type: application/x-ndjson\r\n"
        b"authorization: Bearer " + tokens["desk"][0].encode() + b"\r\n\r\n"
    )
    seen = b""
    async for piece in lines():
        writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        async with asyncio.timeout(20):
            while b'"published"' not in seen:
                seen += await reader.read(65536)
        answered.set()
    writer.write(b"0\r\n\r\n")
    async with asyncio.timeout(20):
        while b'"complete"' not in seen:
            seen += await reader.read(65536)
    writer.close()
    assert b'"lines": 2' in seen


async def test_a_long_stream_needs_no_more_memory(
    ingest: ServiceProcess, tokens: dict[str, tuple[str, str]]
) -> None:
    """40 MiB in one request, above what a request that is no stream may have."""
    padding = "No trains run tonight. " * 1800

    def lines() -> Iterator[bytes]:
        for number in range(1000):
            yield line(number, title=f"{number}", language="en", text=f"{number} {padding}")

    async def chunks() -> AsyncIterator[bytes]:
        for one in lines():
            yield one

    before = ingest.metric("process_resident_memory_bytes")
    assert before > 0
    async with client(ingest, tokens["desk"][0]) as desk:
        answer = await desk.post("/v1/articles", content=chunks(), headers=LINES)
    assert json.loads(answer.text.splitlines()[-1])["published"] == 1000
    assert ingest.metric("process_resident_memory_bytes") - before < 40 * 1024 * 1024


async def test_a_repeated_request_is_answered_as_the_first_time(
    kafka: KafkaSettings, ingest: ServiceProcess, tokens: dict[str, tuple[str, str]]
) -> None:
    """Even a drill, which has a new id each time it is handed over, comes once."""
    drill = {"text": "This is a test of the siren.", "mode": "test"}
    async with client(ingest, tokens["desk"][0]) as desk:
        key = {"idempotency-key": "drill-7"}
        first = await desk.post("/v1/articles", json=drill, headers=key)
        again = await desk.post("/v1/articles", json=drill, headers=key)
        other = await desk.post("/v1/articles", json={"text": "Other."}, headers=key)
    assert (first.status_code, again.status_code, other.status_code) == (202, 202, 422)
    assert first.json() == again.json()
    assert len([r for r in await read_topic(kafka, ARTICLES) if b"siren" in (r.value or b"")]) == 1
