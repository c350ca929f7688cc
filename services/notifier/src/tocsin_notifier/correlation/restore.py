"""The state of partitions, read back from `notifier.state` before anything is processed."""

import asyncio
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from aiokafka import AIOKafkaConsumer, TopicPartition

from tocsin_notifier.correlation.clock import CLOCK_KEY, START, Clock
from tocsin_notifier.domain.heading import read_heading
from tocsin_notifier.domain.state import State
from tocsin_runtime.connection import connection_options
from tocsin_runtime.decoding import SetAside, Undecodable, decode
from tocsin_runtime.errors import FatalError
from tocsin_runtime.kafka import REQUEST_TIMEOUT_MS, topic_name
from tocsin_runtime.logs import get_logger
from tocsin_runtime.metrics import NotifierMetrics
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.topics import NOTIFIER_STATE

_log = get_logger(__name__)

_READERS = 2
"""A client waits for each fetch before it works on it; meanwhile another one works."""
_FETCH_RECORDS = 5_000
_READ_RECORDS = 50_000
"""So many records are read before they are loaded: memory holds no more of them unpacked."""
_LOAD_RECORDS = 500
"""So many records are loaded before the event loop gets a turn: heartbeats go on meanwhile."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What one partition knows."""

    state: State
    now: datetime
    """Where its time stands."""


async def restore(
    settings: KafkaSettings, partitions: Collection[int], metrics: NotifierMetrics
) -> dict[int, Restored]:
    """Read the state of partitions up to the ends that their logs have now.

    The older owner must be fenced before, else it could still write behind these ends.

    Raises:
        FatalError: a record cannot be read; nothing may be processed without it.

    """
    started = time.perf_counter()
    topic = topic_name(settings, NOTIFIER_STATE)
    waiting = [TopicPartition(topic, number) for number in partitions]
    restored: dict[int, Restored] = {}
    async with _open_reader(settings) as consumer:
        begins = await consumer.beginning_offsets(waiting)
        ends = await consumer.end_offsets(waiting)
    groups = _group({one: ends[one] - begins[one] for one in waiting})

    async def read_on() -> None:
        async with _open_reader(settings) as reader:
            while groups:
                group = groups.pop()
                latest = await _read_latest(reader, {one: ends[one] for one in group})
                for partition in group:
                    records, number = latest.pop(partition), partition.partition
                    restored[number] = await _load(number, records, metrics)
                    metrics.restore_seconds.observe(time.perf_counter() - started)

    async with asyncio.TaskGroup() as readers:
        for _ in range(min(_READERS, len(groups))):
            readers.create_task(read_on())
    return restored


def _open_reader(settings: KafkaSettings) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        **connection_options(settings),
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        request_timeout_ms=REQUEST_TIMEOUT_MS,
        max_partition_fetch_bytes=4 * 1024 * 1024,
        fetch_max_wait_ms=100,
    )


def _group(sizes: Mapping[TopicPartition, int]) -> list[list[TopicPartition]]:
    """The partitions in groups: what is read and not loaded yet is bounded."""
    groups: list[list[TopicPartition]] = []
    room = 0
    for partition, size in sizes.items():
        if size > room or not groups:
            groups.append([])
            room = _READ_RECORDS
        groups[-1].append(partition)
        room -= size
    return groups


async def _read_latest(
    consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]
) -> dict[TopicPartition, dict[bytes, bytes]]:
    """The latest value of each key; most records of a log that was not compacted are replaced."""
    latest: dict[TopicPartition, dict[bytes, bytes]] = {one: {} for one in ends}
    consumer.assign(list(ends))
    await consumer.seek_to_beginning(*ends)
    waiting = set(ends)
    while waiting := {one for one in waiting if await consumer.position(one) < ends[one]}:
        found = await consumer.getmany(timeout_ms=200, max_records=_FETCH_RECORDS)
        for partition, records in found.items():
            _keep_latest(latest[partition], ((r.key, r.value) for r in records))
    return latest


def _keep_latest(
    latest: dict[bytes, bytes], records: Iterable[tuple[bytes | None, bytes | None]]
) -> None:
    for key, value in records:
        if key is None:
            raise FatalError("notifier.state: a record without key; nothing of ours writes one")
        if value is None:
            latest.pop(key, None)
        else:
            latest[key] = value


async def _load(number: int, records: dict[bytes, bytes], metrics: NotifierMetrics) -> Restored:
    state, now = State(), START
    clock = records.pop(CLOCK_KEY, None)
    if clock is not None:
        now = Clock.read(clock).now
    while records:
        key, value = records.popitem()
        _load_one(state, number, (key.decode(), value), metrics)
        if len(records) % _LOAD_RECORDS == 0:
            await asyncio.sleep(0)
    _log.info("state restored", partition=number, records=len(state))
    return Restored(state, now)


def _load_one(
    state: State, number: int, record: tuple[str, bytes], metrics: NotifierMetrics
) -> None:
    key, value = record
    found = decode(value, partial(read_heading, key))
    match found:
        case SetAside(reason):
            metrics.records_skipped_total.labels(NOTIFIER_STATE, reason).inc()
        case Undecodable(detail):
            raise FatalError(
                f"notifier.state, partition {number}: a record that cannot be read ({detail}); "
                "run the release that wrote it"
            )
        case _:
            state.load_value(key, value, found)
