"""Fetches the pages of articles, where their site's robots.txt allows it."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

import aiohttp
from protego import Protego

from tocsin_ingest.domain.page import Page, read_page
from tocsin_ingest.domain.source import FeedSource
from tocsin_runtime.logs import get_logger
from tocsin_runtime.metrics import IngestMetrics
from tocsin_runtime.outbound import OutboundError, fetch

_log = get_logger(__name__)

MAX_PAGE_BYTES = 4 * 1024 * 1024
_MAX_ROBOTS_BYTES = 512 * 1024
_ROBOTS_KEPT = timedelta(hours=24)
"""As RFC 9309 has it."""
_MAX_SITES = 2000

ROBOT = "tocsin"
"""What robots.txt may call us."""


@dataclass(frozen=True, slots=True)
class _Rules:
    read_at: datetime
    rules: Protego | None
    """Null while the site's robots.txt cannot be read: then nothing is fetched."""


@dataclass(slots=True)
class PageReader:
    """Reads pages one after the other on each host."""

    session: aiohttp.ClientSession
    private_session: aiohttp.ClientSession
    metrics: IngestMetrics
    _robots: OrderedDict[str, _Rules] = field(default_factory=OrderedDict)

    async def read(self, url: str, source: FeedSource) -> Page | None:
        """The article of a page; null, counted, when it cannot be had: the feed's text serves."""
        session = self.private_session if source.allow_private else self.session
        outcome, page = "failed", None
        try:
            if await self._may_fetch(session, url):
                answer = await fetch(session, url, max_bytes=MAX_PAGE_BYTES)
                if answer.status == HTTPStatus.OK:
                    page = await asyncio.to_thread(
                        read_page,
                        answer.body,
                        url=answer.url,
                        content_type=answer.headers.get("content-type", ""),
                        zone=source.zone,
                    )
                    outcome = "read" if page else "no_article"
            else:
                outcome = "robots"
        except OutboundError as error:
            _log.info("page not read", source=source.id, why=str(error))
        self.metrics.pages_total.labels(source.id, outcome).inc()
        return page

    async def _may_fetch(self, session: aiohttp.ClientSession, url: str) -> bool:
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        known = self._robots.get(site)
        if known is None or datetime.now(UTC) - known.read_at > _ROBOTS_KEPT:
            known = await self._ask_robots(session, site)
            self._robots[site] = known
            while len(self._robots) > _MAX_SITES:
                self._robots.popitem(last=False)
        return known.rules is not None and known.rules.can_fetch(url, ROBOT)

    async def _ask_robots(self, session: aiohttp.ClientSession, site: str) -> _Rules:
        now = datetime.now(UTC)
        try:
            answer = await fetch(session, f"{site}/robots.txt", max_bytes=_MAX_ROBOTS_BYTES)
        except OutboundError:
            # Unreachable means closed; it is asked again in some minutes.
            return _Rules(now - _ROBOTS_KEPT + timedelta(minutes=10), None)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return _Rules(now - _ROBOTS_KEPT + timedelta(minutes=10), None)
        text = answer.body.decode("utf-8", "replace") if answer.status == HTTPStatus.OK else ""
        return _Rules(now, Protego.parse(text))
