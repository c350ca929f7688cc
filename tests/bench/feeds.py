"""500 feeds on one ingest, one in a hundred failing: nothing missed or doubled, memory, poll lag.

    python tests/bench/feeds.py [--minutes 20] [--feeds 500] [--every 60]

Every feed has an item more each minute and shows its last twenty. The exit code is 1 when an item
is missing or doubled, memory grows by a MiB a minute or more after the first five minutes (the
first third of a shorter run), or the poll lag's p99 is over 5 seconds.
"""

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from aiohttp import web

from support.broker import fresh_topics, running_broker
from support.services import Fleet, ServiceProcess, free_port, wait_until
from support.topics import read_topic
from tocsin_runtime.decoding import decode
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.article import Article
from tocsin_schemas.detection import read_article_record
from tocsin_schemas.topics import ARTICLES

SHOWN = 20
PERIOD_SECONDS = 60
ALLOWED_MIB_A_MINUTE = 1.0
ALLOWED_LAG_SECONDS = 5.0
FAILING = 100
"""One feed of so many fails."""
_SAMPLE_SECONDS = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when something is worse than allowed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--every", type=int, default=60, help="seconds between two polls of a feed")
    parser.add_argument("--serve", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=free_port(), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.serve:
        _serve(options.serve, options.port)
        return 0
    with (
        running_broker() as broker,
        fresh_topics(broker.bootstrap) as settings,
        tempfile.TemporaryDirectory() as folder,
    ):
        return _measure(options, settings, Path(folder))


def items_of(feed: int, passed_seconds: float) -> int:
    """How many items a feed has had; each feed begins at another second of the minute."""
    return max(0, int((passed_seconds + feed * 7 % PERIOD_SECONDS) // PERIOD_SECONDS))


def _serve(end: float, port: int) -> None:
    """Serve feeds whose last items come before the given time."""
    begin = time.time()

    async def answer(request: web.Request) -> web.StreamResponse:
        feed = int(request.match_info["feed"])
        if feed % FAILING == 0:
            return await _fail(feed // FAILING)
        count = items_of(feed, min(time.time(), end) - begin)
        if request.headers.get("if-none-match") == f'"{count}"':
            return web.Response(status=304)
        shown = range(count, max(0, count - SHOWN), -1)
        items = "".join(_item(feed, number) for number in shown)
        return web.Response(
            text=f'<rss version="2.0"><channel><title>{feed}</title>{items}</channel></rss>',
            content_type="application/rss+xml",
            headers={"etag": f'"{count}"'},
        )

    app = web.Application()
    app.router.add_get("/{feed}", answer)
    web.run_app(app, host="0.0.0.0", port=port, print=None)


async def _fail(how: int) -> web.StreamResponse:
    if how % 3 == 0:
        return web.Response(status=500)
    if how % 3 == 1:
        return web.Response(text="<html><body>Maintenance</body></html>")
    await asyncio.sleep(60)
    return web.Response(status=204)


def _item(feed: int, number: int) -> str:
    date = format_datetime(datetime.now(UTC).replace(second=0, microsecond=0))
    text = f"The council of town {feed} met for the session number {number} this year. " * 4
    return (
        f"<item><title>Session {number}</title><guid isPermaLink='false'>{feed}/{number}</guid>"
        f"<description>{text}</description><category>{date}</category></item>"
    )


def _measure(options: argparse.Namespace, settings: KafkaSettings, folder: Path) -> int:
    end = time.time() + 60 * options.minutes
    server = subprocess.Popen(
        [sys.executable, __file__, "--serve", repr(end), "--port", str(options.port)]
    )
    fleet = Fleet(settings.kafka_bootstrap, settings.topic_prefix, folder)
    try:
        file = folder / "sources.yaml"
        file.write_text(_sources(options), "utf-8")
        ingest = fleet.service(
            "ingest-1", "tocsin-ingest",
            TOCSIN_INGEST_DATA_DIR=str(folder / "data"), TOCSIN_INGEST_SOURCES_FILE=str(file),
        )  # fmt: skip
        ingest.start()
        ingest.wait_ready(120)
        memory = _sample_until(end, ingest)
        sent = {feed: _count_sent(options, feed) for feed in range(options.feeds) if feed % FAILING}
        published, wanted = "tocsin_articles_published_total", sum(sent.values())
        with suppress(AssertionError):
            wait_until(lambda: ingest.metric(published) >= wanted, 3 * options.every, "published")
        lag = _lag_p99(ingest)
        got = asyncio.run(_read(settings))
        return _judge(options, memory, lag, sent, got)
    finally:
        fleet.kill_all()
        server.kill()  # it would wait for answers that are slow on purpose
        server.wait(10)


def _sources(options: argparse.Namespace) -> str:
    lines = ["sources:"]
    for feed in range(options.feeds):
        host = f"127.0.{feed // 200 + 1}.{feed % 200 + 1}"
        url = f"http://{host}:{options.port}/{feed}"
        lines.append(
            f"- {{id: f{feed}, url: '{url}', every: {options.every}, allow_private: true}}"
        )
    return "\n".join(lines)


def _sample_until(end: float, ingest: ServiceProcess) -> list[tuple[float, float]]:
    found = list[tuple[float, float]]()
    while time.time() < end:
        if mib := ingest.metric("process_resident_memory_bytes") / 2**20:
            found.append((time.time(), mib))
        time.sleep(_SAMPLE_SECONDS)
    return found


def _count_sent(options: argparse.Namespace, feed: int) -> int:
    """How many items the feed has had, as its server tells once no more come."""
    with urllib.request.urlopen(f"http://127.0.0.1:{options.port}/{feed}", timeout=30) as answer:
        return int(answer.headers["etag"].strip('"'))


def _lag_p99(ingest: ServiceProcess) -> float:
    """The bound of the histogram's bucket that holds the 99th of a hundred polls."""
    name = "tocsin_poll_lag_seconds_bucket"
    lines = list[str]()
    while not lines:  # a busy machine may not answer within the time that a scrape has
        lines = [line for line in ingest.get("/metrics")[1].splitlines() if line.startswith(name)]
    buckets = [(line.split('le="')[1].split('"')[0], float(line.split()[1])) for line in lines]
    total = max(count for _, count in buckets)
    return min(float(bound) for bound, count in buckets if count >= 0.99 * total)


async def _read(settings: KafkaSettings) -> Counter[tuple[int, int]]:
    """Every article on the topic by its feed and number; edits would be counted as doubles."""
    found: Counter[tuple[int, int]] = Counter()
    for record in await read_topic(settings, ARTICLES):
        article = decode(record.value, read_article_record)
        if isinstance(article, Article):
            words = article.text.split()
            found[int(words[4]), int(words[10])] += 1
    return found


def _judge(
    options: argparse.Namespace,
    memory: list[tuple[float, float]],
    lag: float,
    sent: dict[int, int],
    got: Counter[tuple[int, int]],
) -> int:
    missing = [
        (feed, number)
        for feed, most in sent.items()
        for number in range(1, most + 1)
        if (feed, number) not in got
    ]
    doubled = [key for key, number in got.items() if number > 1]
    settled = memory[0][0] + min(300.0, 60 * options.minutes / 3)
    late = [(at / 60, mib) for at, mib in memory if at >= settled]
    slope = statistics.linear_regression(*zip(*late, strict=True)).slope
    print(
        f"{options.feeds} feeds, {options.minutes:g} minutes: {sum(got.values())} articles, "
        f"of {sum(sent.values())} items, {len(missing)} missing, {len(doubled)} doubled; "
        f"memory {memory[0][1]:.0f} to {memory[-1][1]:.0f} MiB, {slope:+.2f} MiB a minute; "
        f"poll lag p99 at most {lag:g} s"
    )
    good = not missing and not doubled
    return 0 if good and slope < ALLOWED_MIB_A_MINUTE and lag <= ALLOWED_LAG_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
