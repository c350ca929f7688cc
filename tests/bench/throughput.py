"""The classifier service against other ways to read Kafka, around the same classify().

Every contender gets the same articles on the same broker, one after another in turns, at least once
with acks=all (all but Faust's own producer also idempotent). The clock and the processor time run
from the first article written to the last record stored; each process has started and worked
through other articles before.
"""

import argparse
import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.arena import Arena, Lap, Load, pairs_of
from bench.process import Measured, running
from bench.results import Series, Table, save
from bench.traffic import Traffic
from support.broker import fresh_topics, running_broker
from support.services import TESTS
from tocsin_runtime.kafka import group_name
from tocsin_runtime.settings import KafkaSettings

SERVICE = "service"
MODULES = {
    SERVICE: "service",
    "confluent-kafka": "confluent_loop",
    "aiokafka": "aiokafka_loop",
    "FastStream": "faststream_app",
    "usual Faust agent": "faust_agent",
}
"""Each contender with its module in `bench.peers`."""
ALONE = "classify() alone"
WARM_UP = 300


@dataclass
class Contest:
    """The contenders, what they work on, and what they needed."""

    settings: KafkaSettings
    folder: Path
    warm_up: Load
    load: Load
    hollow: bool = False
    """Whether the rules are left out."""
    laps: dict[str, list[Lap]] = field(default_factory=dict)
    alone: list[float] = field(default_factory=list)
    """Processor seconds of classify() alone for the load, by round."""

    async def round(self, names: Sequence[str]) -> None:
        """Let each contender work through the load once, and classify() alone."""
        if not self.hollow:
            self.alone.append(measure_alone(self.folder, self.load)[0])
        for name in names:
            lap = await self._lap(name)
            self.laps.setdefault(name, []).append(lap)
            say(name, lap, len(self.load.pairs))

    async def _lap(self, name: str) -> Lap:
        number = len(self.laps.get(name, ()))
        service = name == SERVICE
        group = group_name(self.settings, "classifier" if service else f"{name}-{number}")
        group = group.replace(" ", "-")
        process = Measured(
            (sys.executable, "-m", f"bench.peers.{MODULES[name]}"),
            {
                **environment(self.settings),
                "BENCH_GROUP": group,
                "BENCH_HOLLOW": "1" if self.hollow else "",
            },
            self.folder / f"{name.replace(' ', '-')}.log",
        )
        async with Arena(self.settings) as arena:
            await arena.skip_to_end(group)
            with running(process):
                await arena.lap(process, self.warm_up)
                return await arena.lap(process, self.load)


def environment(settings: KafkaSettings) -> dict[str, str]:
    """What a process is told of the broker."""
    return {
        "TOCSIN_KAFKA_BOOTSTRAP": settings.kafka_bootstrap,
        "TOCSIN_TOPIC_PREFIX": settings.topic_prefix,
        "TOCSIN_INSTANCE_ID": "classifier-bench",
    }


def measure_alone(folder: Path, load: Load) -> tuple[float, int]:
    """Processor seconds of classify() for a load, and the records that it leads to."""
    file = folder / "articles.jsonl"
    file.write_bytes(b"\n".join(value for _, value in load.pairs))
    done = subprocess.run(
        [sys.executable, "-m", "bench.peers.classify_alone", str(file)],
        cwd=TESTS,
        stdout=subprocess.PIPE,
        check=True,
    )
    found = json.loads(done.stdout)
    return found["seconds"], sum(found["records"])


def say(name: str, lap: Lap, articles: int) -> None:
    """One line of progress."""
    print(
        f"  {name:<18} {articles / lap.seconds:8,.0f} articles/s"
        f" {1e6 * lap.processor_seconds / articles:8,.0f} µs of processor time an article",
        flush=True,
    )


def prepare(settings: KafkaSettings, folder: Path, articles: int, *, hollow: bool) -> Contest:
    """Write the articles, and find out what they lead to."""
    traffic = Traffic()
    at = datetime.now(UTC)
    loads = []
    for count in (WARM_UP, articles):
        load = Load(pairs_of(list(traffic.articles(count, at))), 0)
        loads.append(load if hollow else Load(load.pairs, measure_alone(folder, load)[1]))
    warm_up, load = loads
    return Contest(settings, folder, warm_up, load, hollow)


def tabulate(contest: Contest) -> Table:
    """The table of what was measured, with the ratios that are judged."""
    count = len(contest.load.pairs)
    rules = "rules that find nothing" if contest.hollow else "the same classify()"
    table = Table(
        "hollow" if contest.hollow else "throughput",
        f"The classifier service against other ways around {rules}",
        {"articles": count, "detections": contest.load.records},
    )
    alone = [1e6 * seconds / count for seconds in contest.alone]
    if alone:
        table.add(Series(f"{ALONE}: processor µs an article", alone))
    for name, laps in contest.laps.items():
        table.add(Series(f"{name}: articles a second", [count / lap.seconds for lap in laps]))
        table.add(
            Series(
                f"{name}: processor s per 1,000 articles",
                [1000 * lap.processor_seconds / count for lap in laps],
            )
        )
    service = contest.laps.get(SERVICE, [])
    if service and alone:
        beside = [
            1e6 * lap.processor_seconds / count - one
            for lap, one in zip(service, alone, strict=True)
        ]
        table.add(Series("service without classify(): processor µs an article", beside))
    for name, laps in contest.laps.items():
        if name != SERVICE and service:
            pairs = list(zip(service, laps, strict=True))
            rates = [other.seconds / ours.seconds for ours, other in pairs]
            used = [other.processor_seconds / ours.processor_seconds for ours, other in pairs]
            table.add(Series(f"service to {name}: articles a second", rates, ratio=True))
            table.add(Series(f"{name} to service: processor time", used, ratio=True))
    return table


async def measure(contest: Contest, names: Sequence[str], rounds: int) -> None:
    """All rounds, with progress."""
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", flush=True)
        await contest.round(names)


def run(articles: int, rounds: int, names: Sequence[str], *, hollow: bool) -> Table:
    """Measure on a broker of its own."""
    with (
        running_broker() as broker,
        fresh_topics(broker.bootstrap) as settings,
        TemporaryDirectory() as folder,
    ):
        contest = prepare(settings, Path(folder), articles, hollow=hollow)
        asyncio.run(measure(contest, names, rounds))
        return tabulate(contest)


def main() -> None:
    """Measure, print, and write the results."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=5000, help="of each lap")
    parser.add_argument("--rounds", type=int, default=5, help="laps of each contender")
    parser.add_argument("--only", nargs="*", choices=list(MODULES), help="contenders")
    parser.add_argument("--hollow", action="store_true", help="rules that find nothing")
    given = parser.parse_args()
    table = run(given.articles, given.rounds, given.only or list(MODULES), hollow=given.hollow)
    print(table.text())
    save(table)


if __name__ == "__main__":
    main()
