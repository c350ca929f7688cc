"""`tocsin replay`: archived articles on their own clock, to topics with a prefix."""

import asyncio
import math
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx2
from aiokafka.errors import KafkaError

from tocsin_cli.console import EXIT_FAILED, EXIT_OK, EXIT_USAGE, say, send_logs_to_stderr
from tocsin_cli.documents import BadDocument, Document
from tocsin_cli.ingest import BATCH_ARTICLES, PostError, open_client, post_batch
from tocsin_cli.progress import wait_until_processed
from tocsin_cli.replay_archive import Archive, Archived
from tocsin_runtime.errors import TocsinError
from tocsin_runtime.settings import KafkaSettings, load_settings

_WINDOW = timedelta(minutes=20)
"""Articles further apart are not under way together: partitions would mix up their order, and an
alarm would be told after the time in which it may be called active."""

_PROCESSED_SECONDS = 120.0
"""How long a window may take on its way to alerts."""

_TELL_SECONDS = 5.0
_SPEED = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)x?")


class ReplayError(TocsinError):
    """The replay cannot be done; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What is replayed, and where to."""

    paths: Sequence[str]
    since: datetime | None
    until: datetime | None
    speed: float
    """Seconds of the articles in a second; infinite for as quickly as possible."""
    url: str
    token: str | None


def parse_speed(given: str) -> float:
    """A speed such as `60x` or `max`.

    Raises:
        ValueError: it is neither a positive number nor `max`.

    """
    if given == "max":
        return math.inf
    found = _SPEED.fullmatch(given)
    if not found or float(found[1]) == 0:
        raise ValueError(f"{given!r} is no speed; write 60x, 1x or max")
    return float(found[1])


def parse_time(given: str) -> datetime:
    """A day or a time, in UTC where it names no zone.

    Raises:
        ValueError: it is none.

    """
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise ValueError(f"{given!r} is no time; write 2024-08-01 or 2024-08-01T15:00") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def run_replay(replay: Replay) -> int:
    """Replay the articles of files.

    Returns:
        0, 1 when an article was refused or a service does not answer, 2 without a prefix.

    """
    send_logs_to_stderr()
    try:
        settings = load_settings(KafkaSettings)
        if not settings.topic_prefix:
            say("error: live topics take no replays; set TOCSIN_TOPIC_PREFIX (docs/replay.md)")
            return EXIT_USAGE
        with Archive(replay.since, replay.until) as archive:
            return _replay(replay, archive, settings)
    except (TocsinError, KafkaError) as error:
        say(f"error: {error}")
        return EXIT_FAILED


def _replay(replay: Replay, archive: Archive, settings: KafkaSettings) -> int:
    refused = 0
    for bad in archive.read(replay.paths):
        say(f"error: {bad}")
        refused += 1
    progress = _Progress(len(archive))
    say(f"{progress.total} articles to replay; left out: {_list(archive.left_out)}")
    with open_client(replay.url, replay.token) as client:
        for batch in _pace(archive, replay.speed):
            refused_now = _post(client, batch)
            refused += refused_now
            progress.add(batch, refused_now)
            _await_alerts(settings)
    progress.tell()
    return EXIT_FAILED if refused else EXIT_OK


def _list(left_out: dict[str, int]) -> str:
    return ", ".join(f"{number} {reason}" for reason, number in left_out.items()) or "none"


def _pace(archive: Archive, speed: float) -> Iterator[list[Archived]]:
    """Batches when they are due; the first at once."""
    began: float | None = None
    batch: list[Archived] = []
    origin = datetime.min.replace(tzinfo=UTC)
    for article in archive:
        if began is None:
            began, origin = time.monotonic(), article.at
        due = began + (article.at - origin).total_seconds() / speed
        late = due <= time.monotonic()
        if batch and (
            not late or len(batch) == BATCH_ARTICLES or article.at - batch[0].at > _WINDOW
        ):
            yield batch
            batch = []
        time.sleep(max(0.0, due - time.monotonic()))
        batch.append(article)
    if batch:
        yield batch


def _post(client: httpx2.Client, batch: Sequence[Archived]) -> int:
    """Post a batch; returns how many articles were refused.

    Raises:
        ReplayError: the ingest publishes to live topics.
        PostError: it cannot be reached.

    """
    refused = 0
    posted = [(Document(one.where, one.where, one.raw.text), one.raw) for one in batch]
    for answer in post_batch(client, posted):
        if not isinstance(answer, BadDocument):
            continue
        if answer.field == "mode":
            raise ReplayError(
                f"{client.base_url} publishes to the live topics, which take no replays; start an "
                "ingest of the replay's own with TOCSIN_TOPIC_PREFIX and name it with --url "
                "(docs/replay.md)"
            )
        say(f"error: {answer}")
        refused += 1
    return refused


def _await_alerts(settings: KafkaSettings) -> None:
    try:
        asyncio.run(wait_until_processed(settings, _PROCESSED_SECONDS))
    except TimeoutError as error:
        raise PostError(
            f"the replay's services do not keep up: {error}; do a classifier and a notifier run "
            f"with TOCSIN_TOPIC_PREFIX={settings.topic_prefix}?"
        ) from None


@dataclass
class _Progress:
    """What is told on standard error, every few seconds."""

    total: int
    done: int = 0
    refused: int = 0
    at: datetime | None = None
    _told_at: float = 0.0

    def add(self, batch: Sequence[Archived], refused: int) -> None:
        self.done += len(batch)
        self.refused += refused
        self.at = batch[-1].at
        if time.monotonic() - self._told_at > _TELL_SECONDS:
            self.tell()

    def tell(self) -> None:
        self._told_at = time.monotonic()
        at = f"{self.at:%Y-%m-%d %H:%M} UTC" if self.at else "nothing"
        say(f"{at}  {self.done} of {self.total} articles, {self.refused} refused")
