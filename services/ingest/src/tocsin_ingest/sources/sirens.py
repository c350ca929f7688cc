"""Polls official alarms: each that came or went becomes an article of kind `official`."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import aiohttp
from pydantic import ValidationError

from tocsin_ingest.database import open_database
from tocsin_ingest.domain.article import Defaults, RawArticle, RawSource, make_article
from tocsin_ingest.domain.schedule import read_retry_after
from tocsin_ingest.domain.sirens import (
    AIR_RAID,
    Active,
    Change,
    Siren,
    compare,
    is_doubtful,
    tell,
)
from tocsin_ingest.domain.source import SirenSource
from tocsin_ingest.publish import Publisher
from tocsin_ingest.sources.poll import Poll, PollError
from tocsin_runtime.metrics import IngestMetrics
from tocsin_runtime.outbound import Fetched, OutboundError, fetch
from tocsin_schemas.article import Article
from tocsin_schemas.vocabulary import SourceKind

MAX_BYTES = 4 * 1024 * 1024

_PUBLISHER = "alerts.in.ua"
_CREATE = """
CREATE TABLE IF NOT EXISTS siren (
    source TEXT NOT NULL, id INTEGER NOT NULL, told TEXT NOT NULL, PRIMARY KEY (source, id)
) WITHOUT ROWID;
"""


class SirenMemory:
    """The alarms that were on at the last poll, kept over restarts in a file."""

    def __init__(self, path: Path) -> None:
        self._connection = open_database(path, _CREATE)

    def recall(self, source: str) -> dict[int, Siren]:
        """What was on, by its number."""
        rows = self._connection.execute("SELECT told FROM siren WHERE source = ?", (source,))
        sirens = [Siren.model_validate_json(told) for (told,) in rows]
        return {siren.id: siren for siren in sirens}

    def remember(self, source: str, sirens: Iterable[Siren]) -> None:
        """What is on now."""
        with self._connection:
            self._connection.execute("DELETE FROM siren WHERE source = ?", (source,))
            self._connection.executemany(
                "INSERT INTO siren VALUES (?, ?, ?)",
                [(source, siren.id, siren.model_dump_json()) for siren in sirens],
            )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


@dataclass(slots=True)
class SirenPoller:
    """Polls sources of official alarms."""

    session: aiohttp.ClientSession
    private_session: aiohttp.ClientSession
    memory: SirenMemory
    publisher: Publisher
    metrics: IngestMetrics
    _modified: dict[str, str] = field(default_factory=dict)
    """`Last-Modified` of each source's last answer."""
    _doubted: set[str] = field(default_factory=set)
    """Sources whose last answer called off all that was on."""

    async def poll(self, source: SirenSource) -> Poll:
        """Ask once, and publish what came and went.

        Raises:
            PollError: it cannot be reached or read, asks for patience (429), or calls off all
                that was on for the first time.
            UnavailableError: the broker takes nothing now.

        """
        now = datetime.now(UTC)
        answer = await self._ask(source, now)
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return Poll(items=len(self.memory.recall(source.id)))
        on = self._read(answer)
        before = self.memory.recall(source.id)
        if is_doubtful(before, on) and source.id not in self._doubted:
            self._doubted.add(source.id)
            raise PollError("doubtful", f"calls off all {len(before)} alarms at once; asked again")
        self._doubted.discard(source.id)
        changes = compare(before, on)
        articles = [_make_article(source, change, siren, now) for change, siren in changes]
        if articles:
            await self.publisher.submit(articles)
        self.memory.remember(source.id, on.values())
        if modified := answer.headers.get("last-modified"):
            self._modified[source.id] = modified
        for change, _ in changes:
            self.metrics.source_items_total.labels(source.id, change).inc()
        return Poll(items=len(on), published=len(articles))

    async def _ask(self, source: SirenSource, now: datetime) -> Fetched:
        headers = {"authorization": f"Bearer {_read_token(source)}", "accept": "application/json"}
        if modified := self._modified.get(source.id):
            headers["if-modified-since"] = modified
        session = self.private_session if source.allow_private else self.session
        try:
            answer = await fetch(session, source.url, max_bytes=MAX_BYTES, headers=headers)
        except OutboundError as error:
            raise PollError("unreachable", str(error)) from None
        if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise PollError("token", f"answered {answer.status}: look at the token of {source.id}")
        if answer.status not in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
            retry_after = read_retry_after(answer.headers, now)
            raise PollError("status", f"answered {answer.status}", retry_after)
        return answer

    def _read(self, answer: Fetched) -> Mapping[int, Siren]:
        try:
            active = Active.model_validate_json(answer.body)
        except ValidationError as error:
            # Nothing may be called off because an answer could not be read.
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            raise PollError("no_alarms", f"not as alerts.in.ua: {place}: {first['msg']}") from None
        on = [siren for siren in active.alerts if siren.finished_at is None]
        for siren in on:
            if siren.alert_type != AIR_RAID:
                self.metrics.other_threats_total.inc()
        return {siren.id: siren for siren in on if siren.alert_type == AIR_RAID}


def _read_token(source: SirenSource) -> str:
    kind, _, name = source.token.partition(":")
    try:
        token = os.environ[name] if kind == "env" else Path(name).read_text("utf-8")
    except (KeyError, OSError, UnicodeDecodeError):
        raise PollError("token", f"{source.token} holds no token") from None
    if not token.strip() or not token.strip().isascii():
        raise PollError("token", f"{source.token} holds no token")
    return token.strip()


def _make_article(source: SirenSource, change: Change, siren: Siren, now: datetime) -> Article:
    at = siren.started_at if change is Change.RAISED else now
    raw = RawArticle(
        id=f"{siren.id}/{change}",
        text=tell(change, siren, at),
        published_at=min(at, now).isoformat(),
        language="uk",
        publisher=source.publisher or _PUBLISHER,
        source=RawSource(id=source.id, kind=SourceKind.OFFICIAL),
    )
    terms = Defaults(active_for_seconds=source.active_for, time_zone=source.time_zone)
    return make_article(raw, received_at=now, language_of=lambda _: [("uk", 1.0)], defaults=terms)
