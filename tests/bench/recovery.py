"""How soon alerts flow again after a notifier or the broker was killed, each ten times."""

import argparse
import asyncio
import contextlib
import itertools
import signal
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError

from bench.states import write_state
from support.broker import fresh_topics, running_broker
from support.services import Fleet, ServiceProcess, supervised
from support.stream import alarm
from tocsin_localkafka import LocalKafka
from tocsin_runtime.kafka import producer_options, topic_name
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.topics import ALERT_TOPICS, DETECTIONS, TOPICS
from tocsin_schemas.vocabulary import AlertType

PARTITIONS = TOPICS[DETECTIONS].partitions
LIMIT_SECONDS = 90
NUMBERS = itertools.count(10_000_000)


class Flow:
    """Detections that come all the time, one a partition and turn, and the alerts about them."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._sent: dict[str, tuple[int, float]] = {}
        """By the area of an alarm: its partition, and when it was about to be sent."""
        self._latest: dict[int, float] = {}
        """By partition: when the youngest detection was sent that an alert was seen of."""

    async def send(self) -> None:
        """Send detections until cancelled; a broker that is away is waited for."""
        while True:
            with contextlib.suppress(KafkaError):
                async with AIOKafkaProducer(**producer_options(self._settings, "bench")) as one:
                    await self._send_with(one)
            await asyncio.sleep(0.1)

    async def _send_with(self, producer: AIOKafkaProducer) -> None:
        topic = topic_name(self._settings, DETECTIONS)
        for partition in itertools.cycle(range(PARTITIONS)):
            detection = alarm(next(NUMBERS))
            assert detection.place is not None
            self._sent[detection.place.canonical_name] = (partition, time.monotonic())
            key = detection.scope.encode()
            await producer.send_and_wait(topic, detection.to_json(), key, partition)
            await asyncio.sleep(0.02)

    async def watch(self) -> None:
        """Look for alerts until cancelled."""
        consumer = AIOKafkaConsumer(
            topic_name(self._settings, ALERT_TOPICS[AlertType.AIR_RAID_WARNING]),
            bootstrap_servers=self._settings.kafka_bootstrap,
            isolation_level="read_committed",
            fetch_max_wait_ms=50,
        )
        async with consumer:
            async for record in consumer:
                headline = (record.value or b"").decode()
                area = headline.split('"canonical_name":"', 1)[1].split('"', 1)[0]
                partition, sent_at = self._sent.get(area, (-1, 0.0))
                self._latest[partition] = max(sent_at, self._latest.get(partition, 0.0))

    async def until_flowing(self, since: float, *, everywhere: bool) -> float:
        """Seconds from a moment to the first alert about a detection sent after it.

        Args:
            since: the moment.
            everywhere: wait for such an alert of every partition.

        """
        while time.monotonic() - since < LIMIT_SECONDS:
            fresh = [one for one in range(PARTITIONS) if self._latest.get(one, 0.0) > since]
            if len(fresh) >= (PARTITIONS if everywhere else 1):
                return time.monotonic() - since
            await asyncio.sleep(0.005)
        raise TimeoutError(f"no alerts for {LIMIT_SECONDS} s")


@asynccontextmanager
async def flowing(settings: KafkaSettings) -> AsyncIterator[Flow]:
    """Detections and alerts flow while the context is open."""
    flow = Flow(settings)
    tasks = [asyncio.create_task(flow.watch()), asyncio.create_task(flow.send())]
    try:
        await flow.until_flowing(time.monotonic(), everywhere=True)
        yield flow
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def repeat(name: str, rounds: int, once: Callable[[], Awaitable[float]]) -> None:
    """Measure some times and print a line."""
    times = sorted([await once() for _ in range(rounds)])
    print(
        f"{name}: median {statistics.median(times):.2f} s, longest {times[-1]:.2f} s,"
        f" {rounds} times",
        flush=True,
    )


async def measure_restarts(
    settings: KafkaSettings, notifier: ServiceProcess, events: int, rounds: int
) -> None:
    """`kill -9` of the only notifier, which its supervisor starts again."""
    async with supervised([notifier]), flowing(settings) as flow:

        async def once() -> float:
            since = time.monotonic()
            notifier.kill()
            seconds = await flow.until_flowing(since, everywhere=False)
            await flow.until_flowing(time.monotonic(), everywhere=True)
            return seconds

        await repeat(f"kill to next alert with {events:,} live events", rounds, once)


async def measure_handovers(
    settings: KafkaSettings, notifiers: list[ServiceProcess], rounds: int
) -> None:
    """`kill -9` of one of two notifiers that never returns: alerts of all its partitions again."""
    async with flowing(settings) as flow:

        async def once() -> float:
            gone = notifiers[0]
            since = time.monotonic()
            gone.kill()
            seconds = await flow.until_flowing(since, everywhere=True)
            gone.start()
            await asyncio.to_thread(gone.wait_ready)
            await flow.until_flowing(time.monotonic(), everywhere=True)
            notifiers.reverse()
            return seconds

        await repeat("kill to the other's alerts of every partition", rounds, once)


async def measure_brokers(
    settings: KafkaSettings, broker: LocalKafka, notifier: ServiceProcess, rounds: int
) -> None:
    """`kill -9` of the broker; from its open port on."""
    async with supervised([notifier]), flowing(settings) as flow:

        async def once() -> float:
            await asyncio.to_thread(broker.kill)
            await asyncio.to_thread(broker.start)
            port = int(broker.bootstrap.rsplit(":", 1)[1])
            since = await until_open(port)
            seconds = await flow.until_flowing(since, everywhere=False)
            await flow.until_flowing(time.monotonic(), everywhere=True)
            return seconds

        await repeat("the broker's open port to next alert", rounds, once)


async def until_open(port: int) -> float:
    """The moment at which somebody listens on a port."""
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return time.monotonic()


async def measure(
    broker: LocalKafka, settings: KafkaSettings, fleet: Fleet, what: str, rounds: int
) -> None:
    """One kind of measurement on topics of its own."""
    kind, _, events = what.partition(":")
    await write_state(settings, int(events or 1000), 1)
    notifiers = [fleet.notifier("notifier-1"), fleet.notifier("notifier-2")]
    started = notifiers if kind == "handover" else notifiers[:1]
    for notifier in started:
        notifier.start()
    for notifier in started:
        await asyncio.to_thread(notifier.wait_ready, 120)
    if kind == "restart":
        await measure_restarts(settings, notifiers[0], int(events), rounds)
    elif kind == "handover":
        await measure_handovers(settings, notifiers, rounds)
    else:
        await measure_brokers(settings, broker, notifiers[0], rounds)


KINDS = ("restart:1000", "restart:100000", "handover", "broker")


def main() -> None:
    """Measure and print."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", default=KINDS, help=f"of {', '.join(KINDS)}")
    parser.add_argument("--rounds", type=int, default=10, help="of each measurement")
    chosen = parser.parse_args()
    for what in chosen.what:
        with (
            running_broker() as broker,
            fresh_topics(broker.bootstrap) as settings,
            TemporaryDirectory() as folder,
        ):
            fleet = Fleet(settings.kafka_bootstrap, settings.topic_prefix, Path(folder))
            try:
                asyncio.run(measure(broker, settings, fleet, what, chosen.rounds))
            finally:
                fleet.kill_all()


if __name__ == "__main__":
    main()
