"""Brings the index up to the end of `articles`, and notices when it belongs to another log."""

from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from pydantic import ValidationError

from tocsin_ingest.index import Index, Mark, Stored
from tocsin_runtime.connection import connection_options
from tocsin_runtime.kafka import REQUEST_TIMEOUT_MS, partition_counts, topic_name
from tocsin_runtime.logs import get_logger
from tocsin_runtime.metrics import IngestMetrics
from tocsin_runtime.settings import ServiceSettings
from tocsin_schemas.detection import Probe, read_article_record
from tocsin_schemas.topics import ARTICLES

_log = get_logger(__name__)

_POLL_MS = 500
_BATCH = 2000


class _OtherLogError(Exception):
    """The index does not fit the topic: it was made from another one."""


async def catch_up(settings: ServiceSettings, index: Index, metrics: IngestMetrics) -> None:
    """Read what the index misses.

    Raises:
        aiokafka.errors.KafkaError: the broker does not answer.

    """
    consumer = AIOKafkaConsumer(
        **connection_options(settings),
        client_id=settings.instance_id,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        request_timeout_ms=REQUEST_TIMEOUT_MS,
    )
    try:
        await consumer.start()
        counts = await partition_counts(settings, [ARTICLES])
        topic = topic_name(settings, ARTICLES)
        partitions = [TopicPartition(topic, number) for number in range(counts[ARTICLES])]
        reader = _Reader(consumer, partitions, index, metrics)
        try:
            await reader.read()
        except _OtherLogError as error:
            _log.warning("index belongs to another log, filled anew", why=str(error))
            index.clear()
            await reader.read()
    finally:
        await consumer.stop()
    metrics.index_articles.set(len(index))
    _log.info("index caught up", articles=len(index))


class _Reader:
    def __init__(
        self,
        consumer: AIOKafkaConsumer,
        partitions: Sequence[TopicPartition],
        index: Index,
        metrics: IngestMetrics,
    ) -> None:
        self._consumer = consumer
        self._partitions = partitions
        self._index = index
        self._metrics = metrics

    async def read(self) -> None:
        self._consumer.assign(self._partitions)
        ends = await self._consumer.end_offsets(self._partitions)
        beginnings = await self._consumer.beginning_offsets(self._partitions)
        marks = self._index.marks()
        for partition in self._partitions:
            mark = marks.get(partition.partition)
            if mark is not None and mark.offset >= ends[partition]:
                raise _OtherLogError(f"{partition}: ends before offset {mark.offset}")
            start = max(beginnings[partition], mark.offset if mark else 0)
            self._consumer.seek(partition, start)
        open_ends = {p: end for p, end in ends.items() if end > beginnings[p]}
        while open_ends:
            open_ends = await self._advance(open_ends, marks)

    async def _advance(
        self, open_ends: dict[TopicPartition, int], marks: dict[int, Mark]
    ) -> dict[TopicPartition, int]:
        fetched = await self._consumer.getmany(*open_ends, timeout_ms=_POLL_MS, max_records=_BATCH)
        found = [self._read(r, marks) for records in fetched.values() for r in records]
        self._index.store(stored for stored in found if stored is not None)
        # Another position than the last record's: transaction marks and gaps count, too.
        return {p: end for p, end in open_ends.items() if await self._consumer.position(p) < end}

    def _read(
        self, record: "ConsumerRecord[bytes, bytes]", marks: dict[int, Mark]
    ) -> Stored | None:
        mark = marks.get(record.partition)
        if mark is not None and record.offset == mark.offset:
            self._check(record, mark)
            return None
        try:
            value = read_article_record(record.value or b"")
        except ValidationError:
            # The classifier puts it on the dead-letter topic; for the index it is no article.
            self._metrics.records_skipped_total.labels(ARTICLES, "undecodable").inc()
            return None
        if isinstance(value, Probe):
            return None
        return Stored(value, record.partition, record.offset)

    def _check(self, record: "ConsumerRecord[bytes, bytes]", mark: Mark) -> None:
        if record.key != str(mark.article_id).encode():
            raise _OtherLogError(
                f"partition {record.partition}, offset {record.offset}: key {record.key!r} "
                f"where the index has {mark.article_id}"
            )
