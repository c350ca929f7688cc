"""The notifier's transactional path against a bare transactional loop over confluent-kafka.

Both get the same detections of the mix's articles about the war on topics of their own, in turns.
The clock runs from the first record written to the commit of the last.
"""

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError

from bench.arena import Lap
from bench.process import Measured, processor_seconds, running
from bench.results import Series, Table, save
from bench.throughput import environment
from bench.traffic import Traffic
from faults.replay import detections_of
from support.broker import fresh_topics, running_broker
from support.services import SCRIPTS
from tocsin_cli.topic_log import end_offsets, partitions_of
from tocsin_runtime.kafka import group_name, open_admin, producer_options, topic_name
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.topics import DETECTIONS

NOTIFIER = "notifier"
LOOP = "bare loop, same correlation"
COPY = "bare loop, no correlation"
_WARM_UP = 200
_LIMIT_SECONDS = 300

Pair = tuple[bytes, bytes]


def make_records(count: int) -> list[Pair]:
    """Key and value of so many detections, as the classifier makes them of articles of now."""
    traffic = Traffic(3, war_share=1.0)
    found: list[Pair] = []
    while len(found) < count:
        made = detections_of(traffic.article(datetime.now(UTC)))
        found += [(one.scope.encode(), one.to_json()) for one in made]
    return found[:count]


async def lap(settings: KafkaSettings, process: Measured, group: str, work: Sequence[Pair]) -> Lap:
    """Start the process, let it warm up, and measure how it gets through the records."""
    topic = topic_name(settings, DETECTIONS)
    async with (
        AIOKafkaProducer(**producer_options(settings, "bench")) as producer,
        open_admin(settings) as admin,
    ):
        with running(process):
            for some in (work[:_WARM_UP], work[_WARM_UP:]):
                started = time.monotonic()
                used = processor_seconds(process.pid)
                stored = [await producer.send(topic, value, key=key) for key, value in some]
                await asyncio.gather(*stored)
                await _until_committed(settings, admin, process, group)
            seconds = time.monotonic() - started
            return Lap(seconds, processor_seconds(process.pid) - used)


async def _until_committed(
    settings: KafkaSettings, admin: AIOKafkaAdminClient, process: Measured, group: str
) -> None:
    ends = await end_offsets(settings, partitions_of(settings, [DETECTIONS]))
    async with asyncio.timeout(_LIMIT_SECONDS):
        while await _behind(admin, group, ends):
            process.require_alive()
            await asyncio.sleep(0.03)


async def _behind(
    admin: AIOKafkaAdminClient, group: str, ends: Mapping[TopicPartition, int]
) -> int:
    try:
        committed = await admin.list_consumer_group_offsets(group, partitions=list(ends))
    except GroupCoordinatorNotAvailableError:  # the first group of a fresh broker
        return sum(ends.values())
    return sum(
        max(0, end - max(0, committed[one].offset if one in committed else 0))
        for one, end in ends.items()
    )


def contend(bootstrap: str, name: str, folder: Path, work: Sequence[Pair]) -> Lap:
    """One lap of a contender on topics of its own."""
    with fresh_topics(bootstrap) as settings:
        group = group_name(settings, "notifier")
        process = Measured(
            (str(SCRIPTS / "tocsin-notifier"), "correlate")
            if name == NOTIFIER
            else (sys.executable, "-m", "bench.peers.transactional_loop"),
            {
                **environment(settings),
                "TOCSIN_INSTANCE_ID": "notifier-bench",
                "BENCH_GROUP": group,
                "BENCH_HOLLOW": "1" if name == COPY else "",
            },
            folder / f"{name.replace(' ', '-')}.log",
        )
        return asyncio.run(lap(settings, process, group, work))


def main() -> None:
    """Measure, print, and write the results."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--detections", type=int, default=5000, help="of each lap")
    parser.add_argument("--rounds", type=int, default=5, help="laps of each contender")
    given = parser.parse_args()
    work = make_records(_WARM_UP + given.detections)
    laps: dict[str, list[Lap]] = {NOTIFIER: [], LOOP: [], COPY: []}
    with running_broker() as broker, TemporaryDirectory() as folder:
        for number in range(given.rounds):
            print(f"round {number + 1} of {given.rounds}", flush=True)
            for name, done in laps.items():
                done.append(contend(broker.bootstrap, name, Path(folder), work))
                rate = given.detections / done[-1].seconds
                print(f"  {name:<28} {rate:8,.0f} detections/s", flush=True)
    table = Table(
        "transactions",
        "The notifier against bare transactional loops over confluent-kafka",
        {"detections": given.detections},
    )
    for name, done in laps.items():
        rates = [given.detections / one.seconds for one in done]
        table.add(Series(f"{name}: detections a second", rates))
        used = [1000 * one.processor_seconds / given.detections for one in done]
        table.add(Series(f"{name}: processor s per 1,000 detections", used))
    for name in (LOOP, COPY):
        pairs = zip(laps[NOTIFIER], laps[name], strict=True)
        ratios = [other.seconds / ours.seconds for ours, other in pairs]
        table.add(Series(f"notifier to {name}: detections a second", ratios, ratio=True))
    print(table.text())
    save(table)


if __name__ == "__main__":
    main()
