"""A long run of the mix through the whole pipeline: rate, memory, and nothing lost.

Articles are posted in lists as fast as the classifier takes them. One in 250 claims something
that can be told from everything else: each of those must have its detection, and all of them must
have come through the notifier. Everything else is counted.
"""

import argparse
import asyncio
import json
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from bench.claims import distinct_claims
from bench.posting import article_to_post
from bench.results import Series, Table, save
from bench.traffic import Traffic
from faults.memory import growth, megabytes_of
from support.broker import running_broker
from support.pipeline import Pipeline, running_pipeline
from tocsin_cli.topic_log import partitions_of, read_log
from tocsin_schemas.topics import DETECTIONS

_AT_ONCE = 200
_MOST_WAITING = 4_000
"""Articles posted and not classified yet."""
_CLAIM_EVERY = 250
_LOOK_SECONDS = 1.0
_LIMIT_RATE = 0.85
_LIMIT_MB_PER_MINUTE = 1.0
_SETTLED_MINUTES = 10.0
"""Growth is judged when the run goes on for so long after its first tenth."""


@dataclass
class Course:
    """How the run went."""

    moments: list[tuple[float, int]] = field(default_factory=list)
    """Seconds since the start, articles classified."""
    memory: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    """Minutes since the start and megabytes, by service."""
    claimed: set[str] = field(default_factory=set)
    """Addresses of the articles whose detection must be there."""

    def rate(self, since: float, until: float) -> float:
        """Articles a second between two counts of articles."""
        inside = [one for one in self.moments if since <= one[1] <= until]
        (began, low), (ended, high) = inside[0], inside[-1]
        return (high - low) / max(ended - began, 1e-9)

    def growth(self, name: str, total: int) -> float:
        """Megabytes a minute of a service after the first tenth."""
        settled = next(at for at, count in self.moments if count >= total / 10) / 60
        late = [one for one in self.memory[name] if one[0] >= settled]
        if len(late) < 2:
            return 0.0
        return growth(late)


def bodies(traffic: Traffic, claims: Iterator[str], total: int, course: Course) -> Iterator[bytes]:
    """Requests of up to 200 articles each."""
    articles = []
    for number in range(total):
        url = f"https://bench.example/{number}"
        claim = next(claims, "") if number % _CLAIM_EVERY == 0 else ""
        text = traffic.text(war=False, language="en")[1] if claim else traffic.text()[1]
        if claim:
            course.claimed.add(url)
        articles.append(article_to_post(url, f"{claim}\n{text}"))
        if len(articles) == _AT_ONCE or number == total - 1:
            yield json.dumps(articles).encode()
            articles = []


async def run(pipeline: Pipeline, total: int) -> Course:
    """Post everything and wait until it is classified.

    Raises:
        RuntimeError: ingest refused a request, or a service ended.

    """
    course = Course()
    posted = 0
    started = time.monotonic()
    watch = asyncio.create_task(_watch(pipeline, course, started, total))
    url = f"{pipeline.stack.processes['ingest'].url}/v1/articles"
    headers = {"content-type": "application/json"}
    async with aiohttp.ClientSession() as session:
        for body in bodies(Traffic(7), distinct_claims(), total, course):
            while posted - _classified(course) > _MOST_WAITING:
                await asyncio.sleep(0.05)
                if watch.done():
                    watch.result()
            async with session.post(url, data=body, headers=headers) as answer:
                if answer.status != 202:
                    raise RuntimeError(f"ingest answered {answer.status}: {await answer.text()}")
            posted = min(posted + _AT_ONCE, total)
    await watch
    return course


def _classified(course: Course) -> int:
    return course.moments[-1][1] if course.moments else 0


async def _watch(pipeline: Pipeline, course: Course, started: float, total: int) -> None:
    said = 0
    while _classified(course) < total:
        pipeline.stack.require_alive()
        count = await asyncio.to_thread(
            pipeline.metric, "classifier", "tocsin_articles_classified_total"
        )
        seconds = time.monotonic() - started
        course.moments.append((seconds, int(count)))
        sizes = await asyncio.to_thread(megabytes_of, pipeline.stack.processes)
        for name, megabytes in sizes.items():
            course.memory.setdefault(name, []).append((seconds / 60, megabytes))
        if count >= said + total / 20:
            said = int(count)
            print(f"  {count:,.0f} of {total:,} after {seconds:,.0f} s", flush=True)
        await asyncio.sleep(_LOOK_SECONDS)


async def count_lost(pipeline: Pipeline, course: Course) -> int:
    """How many articles that claim something have no detection."""
    missing = set(course.claimed)
    partitions = partitions_of(pipeline.settings, [DETECTIONS])
    async for record in read_log(pipeline.settings, partitions):
        missing.discard(json.loads(record.value or b"{}").get("url"))
    return len(missing)


def judge(course: Course, total: int, lost: int, table: Table) -> list[str]:
    """Fill the table; gives what is not as it must be."""
    first, last = course.rate(0, total / 10), course.rate(total * 0.9, total)
    table.add(Series("articles a second", [course.rate(0, total)]))
    table.add(Series("articles a second, first tenth", [first]))
    table.add(Series("articles a second, last tenth", [last]))
    table.add(Series("rate of the last tenth to the first", [last / first], ratio=True))
    faults = []
    if last / first < _LIMIT_RATE:
        faults.append(f"the last tenth ran at {last / first:.2f} of the first's rate")
    for name, sizes in course.memory.items():
        growth = course.growth(name, total)
        table.add(Series(f"{name}: MB at the end", [sizes[-1][1]]))
        table.add(Series(f"{name}: MB a minute after the first tenth", [growth]))
        long_enough = sizes[-1][0] * 0.9 >= _SETTLED_MINUTES
        if long_enough and growth >= _LIMIT_MB_PER_MINUTE:
            faults.append(f"{name} grows by {growth:.2f} MB a minute")
    table.add(Series(f"lost of {len(course.claimed):,} articles with a claim", [lost]))
    if lost:
        faults.append(f"{lost} of {len(course.claimed)} articles with a claim are lost")
    return faults


def main() -> None:
    """Run, print, write the results; exit 1 when something is not as it must be."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000)
    total = parser.parse_args().articles
    table = Table("million", "A long run through the whole pipeline", {"articles": f"{total:,}"})
    with (
        running_broker() as broker,
        TemporaryDirectory() as folder,
        running_pipeline(broker.bootstrap, Path(folder)) as pipeline,
    ):
        course = asyncio.run(run(pipeline, total))
        pipeline.settle(600)
        letters = pipeline.metric("classifier", "tocsin_dead_letters_total")
        letters += pipeline.metric("notifier", "tocsin_dead_letters_total")
        lost = asyncio.run(count_lost(pipeline, course))
        faults = judge(course, total, lost, table)
    if letters:
        faults.append(f"{letters:.0f} records went aside")
    if _classified(course) != total:
        faults.append(f"{_classified(course):,} of {total:,} articles were classified")
    print(table.text())
    save(table)
    for fault in faults:
        print(f"not as it must be: {fault}")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
