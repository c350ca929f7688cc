"""However often records come, whoever works on them and whenever it dies: the same alerts."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from correlation import Partition
from factories import NOON, hours, minutes
from properties.streams import EXAMPLES, STREAMS, TIMEOUT, Record, Stream
from tocsin_notifier.domain.outcome import AnyAlert
from tocsin_notifier.domain.records import AnyStateRecord, ArticleRecord
from tocsin_schemas.detection import Detection

pytestmark = pytest.mark.timeout(TIMEOUT)

AFTER = hours(100)
"""Time for every timer of an alert to fire after the stream."""


@dataclass(frozen=True)
class Disturbance:
    """What happens after the record at a place in the stream."""

    place: int
    again: tuple[int, ...]
    """Positions from which records are delivered again, in this order, if they were read."""
    restarted: tuple[int, ...]
    """Partitions whose owner dies; another one restores them."""


DISTURBANCES = st.lists(
    st.builds(
        Disturbance,
        st.integers(0, 24),
        st.lists(st.integers(0, 24), max_size=6).map(tuple),
        st.lists(st.integers(0, 11), max_size=3).map(tuple),
    ),
    max_size=6,
)


class Log:
    """The partitions of `detections`, all read up to one time."""

    def __init__(self, count: int) -> None:
        self.partitions = [Partition() for _ in range(count)]

    def read(self, record: Record, now: datetime) -> None:
        """Read a record where its scope is; an article's revision is told to all partitions."""
        for partition in self.partitions:
            partition.tick_when_due(now)
        if isinstance(record, Detection):
            self._of(record.scope).read(record, now)
        else:
            for partition in self.partitions:
                partition.read(record, now)

    def restart(self, number: int) -> None:
        """Lose the memory of one partition's owner."""
        self.partitions[number % len(self.partitions)].restart()

    def alerts(self) -> dict[UUID, list[AnyAlert]]:
        """The alerts of each event in their order."""
        told: dict[UUID, list[AnyAlert]] = {}
        for partition in self.partitions:
            for alert in partition.alerts:
                told.setdefault(alert.event_id, []).append(alert)
        return told

    def state(self) -> dict[str, Any]:
        """What is known in all partitions together, by key."""
        known: dict[str, Any] = {}
        for partition in self.partitions:
            for key, record in partition.records().items():
                known.setdefault(key, []).append(record)
        return {key: _merged(records) for key, records in known.items()}

    def _of(self, scope: str) -> Partition:
        return self.partitions[zlib.crc32(scope.encode()) % len(self.partitions)]


def _merged(records: Sequence[AnyStateRecord]) -> Any:
    articles = [record for record in records if isinstance(record, ArticleRecord)]
    if not articles:
        (only,) = records
        return only
    # An article may be known in many partitions, in each by what it said there.
    return {
        "revision": max(article.revision for article in articles),
        "valid_from": {article.valid_from for article in articles},
        "revised_to": {article.revised_to for article in articles},
        "detections": {one for article in articles for one in article.detection_ids},
        "said": {one for article in articles for one in article.said},
    }


def run(
    stream: Stream, disturbances: Sequence[Disturbance] = (), *, partitions: int = 1, end: datetime
) -> Log:
    """Read a stream from noon on, disturbed at places, then let time pass."""
    log = Log(partitions)
    happening: Mapping[int, Disturbance] = {one.place: one for one in disturbances}
    now = NOON
    for place, (record, later) in enumerate(stream):
        now += minutes(later)
        log.read(record, now)
        disturbance = happening.get(place)
        if disturbance is not None:
            for again in disturbance.again:
                if again <= place:
                    log.read(stream[again][0], now)
            for number in disturbance.restarted:
                log.restart(number)
    for partition in log.partitions:
        partition.tick_when_due(end)
    return log


def end_of(stream: Stream) -> datetime:
    """When the last record is read."""
    return NOON + minutes(sum(later for _, later in stream))


@settings(max_examples=EXAMPLES, deadline=None)
@given(STREAMS, DISTURBANCES, st.integers(1, 12))
def test_redelivery_restarts_and_shares_change_nothing(
    stream: Stream, disturbances: list[Disturbance], partitions: int
) -> None:
    """Records that come again, owners that die, any number of partitions: the same alerts."""
    end = end_of(stream)
    calm = run(stream, end=end)
    disturbed = run(stream, disturbances, partitions=partitions, end=end)

    assert disturbed.alerts() == calm.alerts()
    assert disturbed.state() == calm.state()


@settings(max_examples=EXAMPLES, deadline=None)
@given(STREAMS, DISTURBANCES)
def test_what_is_restored_fires_the_same_timers(
    stream: Stream, disturbances: list[Disturbance]
) -> None:
    """Alarms lapse and events close after restarts as they would have without any."""
    end = end_of(stream) + AFTER
    calm = run(stream, end=end)
    disturbed = run(stream, disturbances, end=end)

    assert disturbed.partitions[0].alerts == calm.partitions[0].alerts
    assert disturbed.state() == calm.state()
