"""Articles posted to ingest at a rate that does not wait for answers, and their alerts awaited."""

import asyncio
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
from aiokafka import AIOKafkaConsumer

from bench.traffic import Traffic
from tocsin_runtime.kafka import topic_name
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.topics import ALERT_TOPICS

CLAIM_EVERY = 10
"""One article in so many has a claim that leads to an alert of its own."""


@dataclass(frozen=True, slots=True)
class Post:
    """An article to post."""

    url: str
    body: bytes
    claims: bool
    """Whether an alert is to come of it."""


def compose(traffic: Traffic, claims: Iterator[str], name: str, count: int) -> list[Post]:
    """Articles of the mix; what they say about the war is one claim of their own each."""
    posts = []
    for number in range(count):
        claim = next(claims) if number % CLAIM_EVERY == 0 else ""
        # The claims are in English, and the language is that of the whole.
        _, text = traffic.text(war=False, language="en" if claim else None)
        url = f"https://bench.example/{name}/{number}"
        body = json.dumps(article_to_post(url, f"{claim}\n{text}")).encode()
        posts.append(Post(url, body, bool(claim)))
    return posts


def article_to_post(url: str, text: str) -> dict[str, str]:
    """An article of now as ingest is told of it."""
    return {
        "text": text.strip(),
        "url": url,
        "publisher": "North Desk",
        "published_at": datetime.now(UTC).isoformat(),
    }


@dataclass
class Times:
    """When what happened to each article, by its address; seconds of one clock."""

    due: dict[str, float] = field(default_factory=dict)
    accepted: dict[str, float] = field(default_factory=dict)
    alerted: dict[str, float] = field(default_factory=dict)
    missing: int = 0
    """Articles that claim something and had no alert in the end."""

    def milliseconds(self, since: dict[str, float]) -> list[float]:
        """From a moment of each article to its alert, sorted."""
        return sorted(1000 * (at - since[url]) for url, at in self.alerted.items() if url in since)


class Poster:
    """Posts at random moments of a given rate, whatever the answers do."""

    def __init__(self, url: str, per_second: float, times: Times) -> None:
        self._url = f"{url}/v1/articles"
        self._per_second = per_second
        self._times = times
        self._dice = random.Random(1)

    async def run(self, posts: Sequence[Post]) -> None:
        """Post everything; raises when ingest refuses an article."""
        at = time.monotonic()
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=3)  # ingest closes after 5 s
        async with (
            aiohttp.ClientSession(connector=connector) as session,
            asyncio.TaskGroup() as group,
        ):
            for post in posts:
                at += self._dice.expovariate(self._per_second)
                await asyncio.sleep(max(0.0, at - time.monotonic()))
                self._times.due[post.url] = at
                group.create_task(self._send(session, post))

    async def _send(self, session: aiohttp.ClientSession, post: Post) -> None:
        headers = {"content-type": "application/json"}
        async with session.post(self._url, data=post.body, headers=headers) as answer:
            text = await answer.text()
            if answer.status != 202:
                raise RuntimeError(f"ingest answered {answer.status}: {text}")
        self._times.accepted[post.url] = time.monotonic()


class AlertWatch:
    """Reads alerts as a subscriber does, and notes when those of posted articles came."""

    def __init__(self, settings: KafkaSettings, times: Times) -> None:
        self._times = times
        self._consumer = AIOKafkaConsumer(
            *(topic_name(settings, topic) for topic in ALERT_TOPICS.values()),
            bootstrap_servers=settings.kafka_bootstrap,
            isolation_level="read_committed",
        )

    async def __aenter__(self) -> "AlertWatch":
        await self._consumer.start()
        await self._consumer.seek_to_end()
        await asyncio.gather(*(self._consumer.position(p) for p in self._consumer.assignment()))
        self._task = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._consumer.stop()

    async def _read(self) -> None:
        async for record in self._consumer:
            now = time.monotonic()
            alert: dict[str, Any] = json.loads(record.value or b"{}")
            for source in alert["sources"]:
                self._times.alerted.setdefault(source["url"], now)

    async def until_all(self, posts: Sequence[Post], seconds: float) -> int:
        """Wait for the alert of every article that claims something.

        Returns:
            How many had not come when nothing had come for so many seconds: a claim may have been
            taken for part of another event.

        """
        wanted = {post.url for post in posts if post.claims}
        seen, since = -1, time.monotonic()
        while missing := wanted - self._times.alerted.keys():
            if len(self._times.alerted) != seen:
                seen, since = len(self._times.alerted), time.monotonic()
            if time.monotonic() - since > seconds:
                return len(missing)
            await asyncio.sleep(0.05)
        return 0
