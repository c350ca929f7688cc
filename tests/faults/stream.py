"""Articles with known answers, handed to ingest's HTTP side until it has taken each of them."""

import asyncio
import heapq
import random
from collections import Counter
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx2

from faults.writing import Author, Piece

_WORKERS = 4
_MOST_AT_ONCE = 200
"""Articles of one request when the stream is behind."""
_PAUSE_SECONDS = 1.0
"""Between two tries of one request."""
_REQUEST_SECONDS = 30.0
_FOLLOW_UP_SECONDS = (1.0, 20.0)
_BAD_BODIES: tuple[bytes, ...] = (
    b"no JSON",
    b"[]",
    b'{"text": "  "}',
    b'{"text": "Fine.", "colour": "red"}',
    b'{"text": "Fine.", "url": "ftp://news.example/1"}',
    b'[{"text": "Fine."}, {"title": "No text."}]',
)
_BAD_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class Accepted:
    """What ingest answered with 202 (200 for a withdrawal): it must be on the topic."""

    article_id: UUID
    revision: int
    sha256: str


@dataclass
class Ledger:
    """What was offered to ingest, and what it said."""

    offered: set[tuple[UUID, str]] = field(default_factory=set)
    """Every article and digest that was ever sent, accepted or not."""
    accepted: list[Accepted] = field(default_factory=list)
    unsure: set[UUID] = field(default_factory=set)
    """Articles of a request that got no answer or a 503: they may stand on the topic twice."""
    wrong: list[str] = field(default_factory=list)
    """Answers that should not have come."""
    tries: Counter[str] = field(default_factory=Counter)
    """Requests by what came of them."""


@dataclass(order=True, slots=True)
class _Due:
    at: float
    number: int
    piece: Piece = field(compare=False)


class Stream:
    """Posts new articles at a rate, and later revisions, withdrawals and repeats of some."""

    def __init__(self, url: str, author: Author, per_second: float, dice: random.Random) -> None:
        self.ledger = Ledger()
        self._url = url
        self._author = author
        self._per_second = per_second
        self._dice = dice
        self._waiting: asyncio.Queue[Sequence[Piece]] = asyncio.Queue(maxsize=2 * _WORKERS)
        self._due: list[_Due] = []
        self._written = 0
        self._numbers = 0

    async def run(self, seconds: float) -> None:
        """Post for a time, then until all that belongs to it is accepted."""
        total = int(self._per_second * seconds)
        loop = asyncio.get_running_loop()
        started = loop.time()
        async with httpx2.AsyncClient(timeout=_REQUEST_SECONDS, trust_env=False) as client:
            workers = [asyncio.create_task(self._work(client)) for _ in range(_WORKERS)]
            try:
                while (elapsed := loop.time() - started) < seconds or self._written < total:
                    due = min(total, int(self._per_second * elapsed))
                    await self._write(due - self._written)
                    await self._follow_up(loop.time())
                    await asyncio.sleep(0.2)
                await _unless_broken(self._waiting.join(), workers)
            finally:
                for worker in workers:
                    worker.cancel()
                await asyncio.gather(*workers, return_exceptions=True)

    async def _write(self, behind: int) -> None:
        if behind <= 0:
            return
        count = min(behind, _MOST_AT_ONCE)
        self._written += count
        now = datetime.now(UTC)
        await self._waiting.put([self._author.write(now) for _ in range(count)])

    async def _follow_up(self, now: float) -> None:
        while self._due and self._due[0].at <= now:
            await self._waiting.put([heapq.heappop(self._due).piece])

    async def _work(self, client: httpx2.AsyncClient) -> None:
        while True:
            pieces = await self._waiting.get()
            if self._dice.random() < _BAD_SHARE:
                await self._post_nonsense(client)
            while not await self._try(client, pieces):
                self.ledger.unsure.update(piece.article_id for piece in pieces)
                await asyncio.sleep(_PAUSE_SECONDS)
            self._waiting.task_done()

    async def _try(self, client: httpx2.AsyncClient, pieces: Sequence[Piece]) -> bool:
        self.ledger.offered.update((piece.article_id, piece.sha256) for piece in pieces)
        try:
            answer = await self._send(client, pieces)
        except httpx2.HTTPError as error:
            self.ledger.tries[type(error).__name__] += 1
            return False
        self.ledger.tries[str(answer.status_code)] += 1
        if answer.status_code == 503:
            return False
        if answer.status_code not in (200, 202):
            self.ledger.wrong.append(f"answer {answer.status_code}: {answer.text[:300]}")
            return answer.status_code < 500  # whether it was stored is not known then
        for piece, told in zip(pieces, answer.json()["articles"], strict=True):
            self._note(piece, told)
        return True

    async def _send(self, client: httpx2.AsyncClient, pieces: Sequence[Piece]) -> httpx2.Response:
        if pieces[0].body is None:
            return await client.delete(f"{self._url}/v1/articles/{pieces[0].article_id}")
        return await client.post(f"{self._url}/v1/articles", json=[one.body for one in pieces])

    def _note(self, piece: Piece, told: dict[str, Any]) -> None:
        if UUID(told["article_id"]) != piece.article_id:
            self.ledger.wrong.append(f"{piece.article_id} was answered as {told['article_id']}")
        self.ledger.accepted.append(Accepted(piece.article_id, told["revision"], piece.sha256))
        follower = self._author.follow_up(piece)
        if follower is not None:
            at = asyncio.get_running_loop().time() + self._dice.uniform(*_FOLLOW_UP_SECONDS)
            self._numbers += 1
            heapq.heappush(self._due, _Due(at, self._numbers, follower))

    async def _post_nonsense(self, client: httpx2.AsyncClient) -> None:
        body = self._dice.choice(_BAD_BODIES)
        try:
            answer = await client.post(
                f"{self._url}/v1/articles",
                content=body,
                headers={"content-type": "application/json"},
            )
        except httpx2.HTTPError:
            return
        self.ledger.tries[f"bad input {answer.status_code}"] += 1
        if answer.status_code not in (400, 422, 503):
            self.ledger.wrong.append(f"bad input {body!r} was answered {answer.status_code}")


async def _unless_broken(
    done: Coroutine[Any, Any, None], workers: Sequence[asyncio.Task[None]]
) -> None:
    """Wait for the queue to be worked off; a worker that broke must not be waited for for ever."""
    joined = asyncio.ensure_future(done)
    await asyncio.wait({joined, *workers}, return_when=asyncio.FIRST_COMPLETED)
    for worker in workers:
        if worker.done():
            joined.cancel()
            worker.result()
