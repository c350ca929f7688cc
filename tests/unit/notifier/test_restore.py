"""Restoring: what is read of the state log, and how much of it at once."""

import pytest
from aiokafka import TopicPartition
from prometheus_client import CollectorRegistry

import factories as make
from correlation import Partition
from factories import NOON
from tocsin_notifier.correlation import restore
from tocsin_notifier.correlation.clock import CLOCK_KEY, START, Clock
from tocsin_runtime.errors import FatalError
from tocsin_runtime.metrics import NotifierMetrics


@pytest.fixture
def metrics() -> NotifierMetrics:
    """Metrics of nobody."""
    return NotifierMetrics(CollectorRegistry(), "0")


def values(partition: Partition) -> dict[bytes, bytes]:
    """The state as its topic has it."""
    return {key.encode(): record.to_json() for key, record in partition.records().items()}


async def test_a_state_is_loaded_from_its_last_values(metrics: NotifierMetrics) -> None:
    """With the time where it stood, and the same timers."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)
    partition.read(make.make_claim(name=2), NOON)
    records = values(partition) | {CLOCK_KEY: Clock(now=NOON).to_json()}
    restored = await restore._load(3, records, metrics)

    assert restored.now == NOON
    assert {key: restored.state.get(key) for key in partition.log} == partition.records()
    assert len(restored.state) == len(partition.state)
    assert restored.state.next_due() == partition.state.next_due()
    assert restored.state.counts == partition.state.counts


async def test_an_empty_partition_starts_at_the_beginning_of_time(
    metrics: NotifierMetrics,
) -> None:
    """Nothing was read from it yet."""
    restored = await restore._load(0, {}, metrics)
    assert (len(restored.state), restored.now) == (0, START)


async def test_a_record_that_cannot_be_read_stops_everything(metrics: NotifierMetrics) -> None:
    """Without it nothing may be processed; one of a later kind is left out and counted."""
    with pytest.raises(FatalError, match="partition 7"):
        await restore._load(7, {b"event/x": b"{"}, metrics)
    later = await restore._load(7, {b"mood/x": b'{"kind": "mood", "v": 1}'}, metrics)
    assert len(later.state) == 0
    counted = metrics.records_skipped_total.labels("notifier.state", "unknown-kind")
    assert counted._value.get() == 1


def test_the_latest_value_of_a_key_counts_and_a_tombstone_removes_it() -> None:
    """Records of other keys stay; one without key is none of ours."""
    latest: dict[bytes, bytes] = {}
    restore._keep_latest(latest, [(b"a", b"1"), (b"b", b"1"), (b"a", b"2"), (b"b", None)])
    assert latest == {b"a": b"2"}
    with pytest.raises(FatalError, match="without key"):
        restore._keep_latest(latest, [(None, b"1")])


def test_small_partitions_are_read_together_and_large_ones_alone() -> None:
    """So that little is held that is not loaded yet."""
    sizes = {TopicPartition("s", number): size for number, size in enumerate((9, 0, 60_000, 1, 2))}
    groups = restore._group(sizes)
    assert [[one.partition for one in group] for group in groups] == [[0, 1], [2], [3, 4]]
