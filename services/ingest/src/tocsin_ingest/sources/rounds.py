"""Asks each source again and again: at its own pace, one request a host at a time."""

import asyncio
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from tocsin_ingest.domain.schedule import next_try, next_wait
from tocsin_ingest.domain.source import FeedSource, FolderSource, SirenSource, Source
from tocsin_ingest.publish import UnavailableError
from tocsin_ingest.sources.feed_poll import FeedPoller
from tocsin_ingest.sources.folder import FolderReader
from tocsin_ingest.sources.poll import GoneError, Poll, PollError
from tocsin_ingest.sources.sirens import SirenPoller
from tocsin_ingest.sources.status import Statuses
from tocsin_runtime.logs import get_logger
from tocsin_runtime.metrics import IngestMetrics

_log = get_logger(__name__)

MOST_AT_ONCE = 50
"""Sources that are asked at the same time."""

_SPREAD_SECONDS = 0.1
"""For each source, how far the first polls are spread, so that a start is no storm."""

_BROKER_PAUSE_SECONDS = 2.0


@dataclass
class Rounds:
    """The tasks of all sources; `follow` brings them in line with the file."""

    feeds: FeedPoller
    folders: FolderReader
    sirens: SirenPoller
    statuses: Statuses
    metrics: IngestMetrics
    chance: random.Random
    _tasks: dict[Source, asyncio.Task[None]] = field(default_factory=dict)
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_AT_ONCE))
    _hosts: defaultdict[str, asyncio.Lock] = field(
        default_factory=lambda: defaultdict(asyncio.Lock)
    )

    def follow(self, sources: tuple[Source, ...]) -> None:
        """Ask these sources from now on; one that is as before goes on undisturbed."""
        self.statuses.keep_only(sources)
        for source in self._tasks.keys() - set(sources):
            self._tasks.pop(source).cancel()
        spread = min(len(sources) * _SPREAD_SECONDS, 60)
        for source in sources:
            if source not in self._tasks:
                self._tasks[source] = asyncio.create_task(
                    self._ask_for_ever(source, self.chance.uniform(0, spread))
                )

    async def end(self) -> None:
        """Ask nobody any more."""
        tasks = list(self._tasks.values())
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask_for_ever(self, source: Source, wait: float) -> None:
        while True:
            due = datetime.now(UTC) + timedelta(seconds=wait)
            self.statuses.plan(source.id, due)
            await asyncio.sleep(wait)
            async with self._hosts[_host_of(source)], self._slots:
                lag = datetime.now(UTC) - due
                self.metrics.poll_lag_seconds.observe(max(0.0, lag.total_seconds()))
                next_wait_seconds = await self._ask(source)
            if next_wait_seconds is None:
                self.statuses.plan(source.id, None)
                return
            wait = next_wait_seconds

    async def _ask(self, source: Source) -> float | None:
        """Ask once; returns the seconds to the next time, null for never."""
        every = source.every if not isinstance(source, FolderSource) else FOLDER_EVERY
        try:
            poll = await self._poll(source)
        except UnavailableError:
            # Not the source's fault: it is asked again as soon as the broker takes articles.
            return _BROKER_PAUSE_SECONDS
        except PollError as error:
            failures = self.statuses.fail(source.id, error.reason, str(error))
            _log.warning("source not read", source=source.id, why=str(error), failures=failures)
            if isinstance(error, GoneError):
                return None
            return next_try(every, failures, error.retry_after, self.chance)
        now = datetime.now(UTC)
        self.statuses.succeed(source.id, now, items=poll.items, published=poll.published)
        if poll.moved_to:
            self.statuses.move(source.id, poll.moved_to)
            _log.warning("source moved for good", source=source.id, to=poll.moved_to)
        return next_wait(every, poll.asked_for, self.chance)

    async def _poll(self, source: Source) -> Poll:
        try:
            if isinstance(source, FeedSource):
                return await self.feeds.poll(source)
            if isinstance(source, SirenSource):
                return await self.sirens.poll(source)
            return await self.folders.read(source)
        except (PollError, UnavailableError):
            raise
        except Exception as error:
            # One source that breaks us must not stop the others.
            _log.exception("a source broke its reader", source=source.id)
            raise PollError("broken", f"cannot be read: {error!r}"[:300]) from error


FOLDER_EVERY = 2
"""Seconds between two looks into a folder."""


def _host_of(source: Source) -> str:
    return source.id if isinstance(source, FolderSource) else urlsplit(source.url).netloc
