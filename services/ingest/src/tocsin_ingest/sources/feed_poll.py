"""One poll of one feed: asked, read, published; what it held is noted only once that is stored."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import aiohttp

from tocsin_ingest.domain.article import make_article
from tocsin_ingest.domain.feed import Feed, FeedError, FeedItem, read_feed
from tocsin_ingest.domain.feed_article import (
    digest_item,
    find_shared_urls,
    name_item,
    to_raw_article,
)
from tocsin_ingest.domain.language import Identify
from tocsin_ingest.domain.refusal import RefusedError
from tocsin_ingest.domain.schedule import read_max_age, read_retry_after
from tocsin_ingest.domain.source import FeedSource
from tocsin_ingest.publish import Publisher, Status
from tocsin_ingest.sources.feed_states import FeedState, FeedStates, Seen
from tocsin_ingest.sources.pages import PageReader
from tocsin_ingest.sources.poll import GoneError, Poll, PollError
from tocsin_runtime.logs import get_logger
from tocsin_runtime.metrics import IngestMetrics
from tocsin_runtime.outbound import Fetched, OutboundError, fetch
from tocsin_schemas.article import Article
from tocsin_schemas.vocabulary import Extraction

_log = get_logger(__name__)

MAX_FEED_BYTES = 8 * 1024 * 1024
"""Most bytes of a feed, decompressed."""

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, "
    "application/json;q=0.8, */*;q=0.5"
)


@dataclass(frozen=True, slots=True)
class FeedPoller:
    """Polls feeds; what it is made of is shared by all of them."""

    session: aiohttp.ClientSession
    private_session: aiohttp.ClientSession
    """For sources that allow private addresses."""
    pages: PageReader
    states: FeedStates
    publisher: Publisher
    language_of: Identify
    metrics: IngestMetrics

    async def poll(self, source: FeedSource) -> Poll:
        """Ask a feed once, and publish what is new or edited.

        Raises:
            PollError: it cannot be reached or read.
            GoneError: it is gone for good.
            UnavailableError: the broker takes nothing now.

        """
        now = datetime.now(UTC)
        state = self.states.find(source.id, source.url)
        answer = await self._ask(source, state, now)
        if answer.status == HTTPStatus.NOT_MODIFIED:
            after = FeedState(source.url, state.etag, state.last_modified, now)
            self.states.store(source.id, after, None)
            return Poll(asked_for=read_max_age(answer.headers), moved_to=answer.moved_to)
        feed = await self._read(source, answer)
        seen, published = await self._publish(source, feed, state, now)
        after = FeedState(
            source.url, _validator(answer, "etag"), _validator(answer, "last-modified"), now
        )
        self.states.store(source.id, after, seen)
        asked_for = max(feed.ttl_seconds or 0, read_max_age(answer.headers) or 0) or None
        return Poll(len(feed.items), published, asked_for, answer.moved_to)

    async def _ask(self, source: FeedSource, state: FeedState, now: datetime) -> Fetched:
        headers = {"accept": _ACCEPT}
        if state.etag:
            headers["if-none-match"] = state.etag
        if state.last_modified:
            headers["if-modified-since"] = state.last_modified
        session = self.private_session if source.allow_private else self.session
        try:
            answer = await fetch(session, source.url, max_bytes=MAX_FEED_BYTES, headers=headers)
        except OutboundError as error:
            raise PollError("unreachable", str(error)) from None
        retry_after = read_retry_after(answer.headers, now)
        if answer.status == HTTPStatus.GONE:
            raise GoneError("gone", "gone for good (410); take it out of the file", retry_after)
        conditional = "if-none-match" in headers or "if-modified-since" in headers
        if answer.status != HTTPStatus.OK and not (
            answer.status == HTTPStatus.NOT_MODIFIED and conditional
        ):
            raise PollError("status", f"answered {answer.status}", retry_after)
        return answer

    async def _read(self, source: FeedSource, answer: Fetched) -> Feed:
        content_type = answer.headers.get("content-type", "")
        try:
            # A large feed takes a second: the loop serves others meanwhile.
            return await asyncio.to_thread(
                read_feed, answer.body, url=answer.url, content_type=content_type, zone=source.zone
            )
        except FeedError as error:
            raise PollError("no_feed", str(error)) from None

    async def _publish(
        self, source: FeedSource, feed: Feed, state: FeedState, now: datetime
    ) -> tuple[list[Seen], int]:
        shared = find_shared_urls(feed.items, source.kind)
        round_ = _Round(self, source, now, _goes_on(source, state, now), shared)
        before = self.states.seen(source.id)
        for item in feed.items:
            known = before.get(name_item(item))
            if known is not None and self._is_known(known, item):
                round_.keep(known)
            else:
                await round_.take(item)
        return round_.seen, await round_.publish()

    def _is_known(self, known: Seen, item: FeedItem) -> bool:
        return known.digest == digest_item(item) and (
            known.article_id is None or self.publisher.knows(known.article_id)
        )


def _validator(answer: Fetched, name: str) -> str | None:
    """What the next request may carry back; not what is no header, as broken servers send it."""
    given = answer.headers.get(name, "")
    return given if given.isascii() and given.isprintable() and given else None


def _goes_on(source: FeedSource, state: FeedState, now: datetime) -> bool:
    """Whether what is new in the feed came within minutes: no first poll, none after a gap."""
    last = state.succeeded_at
    return last is not None and now - last <= timedelta(seconds=source.active_for)


@dataclass(slots=True)
class _Round:
    """The items of one poll on their way to articles."""

    poller: FeedPoller
    source: FeedSource
    now: datetime
    goes_on: bool
    shared: frozenset[str]
    """Addresses that several items have."""
    seen: list[Seen] = field(default_factory=list)
    _articles: list[Article] = field(default_factory=list)

    def keep(self, known: Seen) -> None:
        self.seen.append(known)

    async def take(self, item: FeedItem) -> None:
        told, extraction = await self._read_page(item)
        article_id = None
        try:
            article = await asyncio.to_thread(self._make, told, extraction)
            article_id = article.article_id
            self._articles.append(article)
        except RefusedError as error:
            first = error.refusals[0]
            self._count("refused")
            self.poller.metrics.articles_rejected_total.labels(first.field, first.code).inc()
            _log.warning("item refused", source=self.source.id, why=str(error)[:300])
        self.seen.append(Seen(name_item(item), digest_item(item), article_id))

    async def publish(self) -> int:
        """Publish what was taken; returns how many articles were new or edited."""
        if not self._articles:
            return 0
        outcomes = await self.poller.publisher.submit(self._articles)
        published = sum(outcome.status is Status.PUBLISHED for outcome in outcomes)
        self._count("published", published)
        self._count("unchanged", len(outcomes) - published)
        return published

    def _count(self, outcome: str, number: int = 1) -> None:
        self.poller.metrics.source_items_total.labels(self.source.id, outcome).inc(number)

    async def _read_page(self, item: FeedItem) -> tuple[FeedItem, Extraction]:
        if not self.source.full_text or item.url is None:
            return item, Extraction.FEED_ITEM
        page = await self.poller.pages.read(item.url, self.source)
        if page is None:
            return item, Extraction.FEED_ITEM
        return page.complete(item), Extraction.PAGE

    def _make(self, item: FeedItem, extraction: Extraction) -> Article:
        raw, undated = to_raw_article(item, self.source, self.shared, self.now)
        if undated:
            self._count("undated")
        terms = self.source.terms(extraction, dated_by_receipt=self.goes_on)
        return make_article(
            raw, received_at=self.now, language_of=self.poller.language_of, defaults=terms
        )
