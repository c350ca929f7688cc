"""Topics on which one process after another works through the same articles."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata

from bench.process import Measured, processor_seconds
from tocsin_cli.topic_log import end_offsets, partitions_of
from tocsin_runtime.kafka import producer_options, topic_name
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.article import Article
from tocsin_schemas.detection import Probe
from tocsin_schemas.topics import ARTICLES, DETECTIONS

_POLL_SECONDS = 0.03
_HEADERS = [("traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]

Pair = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Load:
    """Articles as they stand on the topic, and how many records they lead to."""

    pairs: Sequence[Pair]
    records: int


def pairs_of(articles: Sequence[Article]) -> list[Pair]:
    """Key and value of articles as ingest writes them."""
    return [(str(one.article_id).encode(), one.to_json()) for one in articles]


@dataclass(frozen=True, slots=True)
class Lap:
    """What one process needed for one load."""

    seconds: float
    processor_seconds: float


class Arena:
    """Writes loads, and sees from the ends of `detections` when they are worked through."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._producer = AIOKafkaProducer(**producer_options(settings, "bench"))
        self._reader = AIOKafkaConsumer(bootstrap_servers=settings.kafka_bootstrap)
        self._results = partitions_of(settings, [DETECTIONS])

    async def __aenter__(self) -> "Arena":
        await self._producer.start()
        await self._reader.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._producer.stop()
        await self._reader.stop()

    async def skip_to_end(self, group: str) -> None:
        """Let a group begin behind all that stands on `articles`; waits until it has no member.

        Raises:
            TimeoutError: it still has one.

        """
        ends = await end_offsets(self._settings, partitions_of(self._settings, [ARTICLES]))
        offsets = {one: OffsetAndMetadata(end, "") for one, end in ends.items()}
        bootstrap = self._settings.kafka_bootstrap
        async with asyncio.timeout(30):
            while True:
                consumer = AIOKafkaConsumer(
                    bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False
                )
                async with consumer:
                    consumer.assign(list(offsets))
                    try:
                        await consumer.commit(offsets)
                    except KafkaError:  # a static member is remembered for some seconds
                        await asyncio.sleep(1)
                    else:
                        return

    async def lap(self, process: Measured, load: Load, *, limit_seconds: float = 180) -> Lap:
        """Write a load and wait until the process has sent all that it leads to.

        Raises:
            TimeoutError: it took longer than the limit.
            RuntimeError: the process has ended, or sent more than there should be.

        """
        wanted = await self._count() + load.records + len(self._results)
        started, used = time.monotonic(), processor_seconds(process.pid)
        topic = topic_name(self._settings, ARTICLES)
        stored = [
            await self._producer.send(topic, value, key=key, headers=_HEADERS)
            for key, value in load.pairs
        ]
        stored += [await self._probe(topic, one.partition) for one in self._results]
        async with asyncio.timeout(limit_seconds):
            await asyncio.gather(*stored)
            while (found := await self._count()) < wanted:
                process.require_alive()
                await asyncio.sleep(_POLL_SECONDS)
        seconds = time.monotonic() - started
        if found != wanted:
            raise RuntimeError(f"{found - wanted} records more than the load leads to")
        return Lap(seconds, processor_seconds(process.pid) - used)

    async def _probe(self, topic: str, partition: int) -> asyncio.Future[object]:
        """Write the end of a load: every contender passes it on behind all before it."""
        probe = Probe(path=partition, sent_at=datetime.now(UTC))
        key = str(partition).encode()
        sent: asyncio.Future[object] = await self._producer.send(
            topic, probe.to_json(), key=key, partition=partition
        )
        return sent

    async def _count(self) -> int:
        ends: dict[TopicPartition, int] = await self._reader.end_offsets(list(self._results))
        return sum(ends.values())
