"""One subscription's consumer group: reads ahead to the end of the log, commits what is done.

Reading ahead is how a replaced revision is known before it is delivered. Of what waits only some
megabytes are held; the rest is read again when its turn comes. The committed offset stays at the
first alert that was not delivered.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, OffsetAndMetadata, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

from tocsin_notifier.delivery.domain.backlog import Backlog, Waiting
from tocsin_notifier.delivery.domain.marks import Gone, Marks
from tocsin_notifier.delivery.subscriptions.assignment import SubscriptionAssignment
from tocsin_notifier.delivery.subscriptions.file import AnySubscription
from tocsin_notifier.delivery.subscriptions.reading import read_waiting
from tocsin_notifier.delivery.subscriptions.starts import Starts
from tocsin_runtime.kafka import consumer_options, group_name, received, topic_name
from tocsin_runtime.logs import get_logger
from tocsin_runtime.metrics import DeliverMetrics
from tocsin_runtime.settings import ServiceSettings
from tocsin_schemas.topics import ALERT_TOPICS, DELIVERIES_DEAD_LETTER

_log = get_logger(__name__)

POLL_MS = 100
POLL_RECORDS = 200
COMMIT_SECONDS = 0.5
"""How often what is done is committed; after a crash so much is delivered again."""

MAX_HELD_BYTES = 4 * 1024 * 1024
"""Bytes of alerts held in memory, but for urgent ones, which are always held."""
MAX_WAITING = 50_000
"""Alerts that are read ahead; behind them a replaced revision is not known."""

_FETCH_BYTES = 1024 * 1024
_PARTITION_BYTES = 128 * 1024

Clock = Callable[[], datetime]


class Mailbox:
    """What waits for one subscriber, by the log."""

    def __init__(
        self,
        settings: ServiceSettings,
        subscription: AnySubscription,
        metrics: DeliverMetrics,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._subscription = subscription
        self._metrics = metrics
        self._clock = clock
        self._group = group_name(settings, f"subscription.{subscription.name}")
        self._assignment = SubscriptionAssignment(settings.instance_id)
        self._consumer = AIOKafkaConsumer(
            **consumer_options(settings, self._group),
            max_partition_fetch_bytes=_PARTITION_BYTES,
            fetch_max_bytes=_FETCH_BYTES,
        )
        self._letters = topic_name(settings, DELIVERIES_DEAD_LETTER)
        kept = subscription.start == "kept"
        self._starts = Starts(settings, self._group, kept=kept, letters=self._letters)
        self._backlogs: dict[TopicPartition, Backlog] = {}
        self._committed: dict[TopicPartition, tuple[int, str]] = {}
        self._commit_at = 0.0
        self._committing: asyncio.Task[bool] | None = None
        self._rereading: set[TopicPartition] = set()
        self._paused = False
        self._held_bytes = 0
        self._held: dict[Waiting, int] = {}
        self.gone: Gone | None = None
        """The endpoint wants nothing any more; remembered with every commit."""
        self.ready = asyncio.Event()
        """Set once the group has given its partitions."""
        self.changed = asyncio.Event()
        """Set when there may be something to do."""

    @property
    def held(self) -> Iterable[Waiting]:
        """The alerts that are here to be delivered."""
        return self._held

    @property
    def waiting(self) -> int:
        """How many alerts wait, also those that only the log holds."""
        return sum(len(one.waiting) for one in self._backlogs.values())

    @property
    def oldest_at(self) -> datetime | None:
        """When Kafka took the alert that waits longest."""
        firsts = (next(iter(one.waiting.values()), None) for one in self._backlogs.values())
        return min((first.at for first in firsts if first is not None), default=None)

    async def open(self) -> None:
        """Join the group.

        Raises:
            aiokafka.errors.KafkaError: the broker does not answer.

        """
        types = self._subscription.filter.types or tuple(ALERT_TOPICS)
        topics = [topic_name(self._settings, ALERT_TOPICS[one]) for one in types]
        await self._consumer.start()
        self._consumer.subscribe([*topics, self._letters], listener=self._assignment)

    async def close(self) -> None:
        """Commit what is done and leave."""
        if self._committing is not None:
            await self._committing
        await self._commit()
        await self._consumer.stop()

    async def read(self) -> None:
        """Read what there is, for a moment, and commit what is done when it is time."""
        if self._assignment.is_new:
            await self._take_over()
        found = await self._consumer.getmany(timeout_ms=POLL_MS, max_records=POLL_RECORDS)
        now = self._clock()
        for partition, records in found.items():
            if partition in self._backlogs and not self._assignment.is_new:
                for record in records:
                    self._take(partition, record, now)
        if found:
            self.changed.set()
        try:
            await self._keep_up()
        except IllegalStateError:  # the group has just taken a partition away
            return

    async def _keep_up(self) -> None:
        if self._assignment.partitions is None or self._assignment.is_new:
            return
        await self._steer()
        # Beside the reading: a broker that takes its time with commits does not hold alerts up.
        loop_seconds = asyncio.get_running_loop().time()
        if self._committing is not None and self._committing.done():
            self._committing.result()
            self._committing = None
        if self._committing is None and loop_seconds >= self._commit_at:
            self._commit_at = loop_seconds + COMMIT_SECONDS
            self._committing = asyncio.create_task(self._commit())

    def finish(self, one: Waiting) -> None:
        """An alert was delivered, or given up on."""
        self._release(one)
        backlog = self._backlog_of(one)
        if backlog is not None:
            backlog.finish(one)

    def drop_if_replaced(self, one: Waiting) -> bool:
        """Forget an alert whose newer revision came while it was on its way."""
        backlog = self._backlog_of(one)
        if backlog is None or not backlog.is_replaced(one):
            return False
        backlog.drop(one)
        self._release(one)
        self._count_replaced()
        return True

    async def mark_gone(self, gone: Gone) -> None:
        """Remember for good that the endpoint wants nothing any more."""
        self.gone = gone
        if self._committing is not None:
            await self._committing
        self._committed.clear()
        while not await self._commit():
            await asyncio.sleep(COMMIT_SECONDS)
            await self.read()

    def _backlog_of(self, one: Waiting) -> Backlog | None:
        """None when the group has taken its partition away."""
        return self._backlogs.get(TopicPartition(one.spot[0], one.spot[1]))

    def _hold(self, one: Waiting) -> None:
        self._held[one] = one.size
        self._held_bytes += one.size

    def _release(self, one: Waiting) -> None:
        self._held_bytes -= self._held.pop(one, 0)
        one.value, one.headers = None, ()

    def _take(self, partition: TopicPartition, record: Any, now: datetime) -> None:  # noqa: ANN401 - aiokafka's ConsumerRecord is untyped
        backlog = self._backlogs[partition]
        if record.offset < backlog.scanned:
            self._take_again(backlog.waiting.get(record.offset), record)
            return
        if backlog.pass_by(record.offset):
            told = backlog.supersede(record.key or b"")
            if told is not None:
                self._release(told)
            return
        one = read_waiting(
            received(record), self._subscription.name, self._subscription.filter,
            letters=partition.topic == self._letters, now=now,
        )  # fmt: skip
        if one is None:
            backlog.outdate(record.key or b"")
            return
        former = backlog.add(one)
        if former is not None:
            self._release(former)
            self._count_replaced()
        if one.urgent_until is not None or self._held_bytes < MAX_HELD_BYTES:
            self._hold(one)
        else:
            one.value, one.headers = None, ()

    def _take_again(self, one: Waiting | None, record: Any) -> None:  # noqa: ANN401 - as above
        if one is not None and one.value is None and self._held_bytes < MAX_HELD_BYTES:
            one.value, one.headers = record.value, tuple(record.headers)
            self._hold(one)

    def _count_replaced(self) -> None:
        self._metrics.deliveries_total.labels(self._subscription.name, "replaced").inc()

    async def _steer(self) -> None:
        """Go back for alerts that only the log holds once there is room, then to the end again."""
        for partition in [*self._rereading]:
            backlog = self._backlogs[partition]
            at = await self._consumer.position(partition)
            if at >= backlog.scanned or self._held_bytes >= MAX_HELD_BYTES:
                self._consumer.seek(partition, backlog.scanned)
                self._rereading.discard(partition)
        if not self._rereading and self._held_bytes < MAX_HELD_BYTES // 2:
            self._go_back()
        self._pause(self.waiting >= MAX_WAITING)

    def _go_back(self) -> None:
        absent: list[tuple[datetime, int, TopicPartition]] = []
        for partition, backlog in self._backlogs.items():
            first = next((one for one in backlog.waiting.values() if one.value is None), None)
            if first is not None:
                absent.append((first.at, first.offset, partition))
        if absent:
            _, offset, partition = min(absent)
            self._consumer.seek(partition, offset)
            self._rereading.add(partition)

    def _pause(self, full: bool) -> None:
        if full:
            self._consumer.pause(*(self._backlogs.keys() - self._rereading))
            self._consumer.resume(*self._rereading)
        elif self._paused:
            self._consumer.resume(*self._backlogs)
        self._paused = full

    async def _take_over(self) -> None:
        """Make what is read agree with what is assigned, from the right offsets."""
        assigned = self._assignment.partitions
        if assigned is None:
            return
        for partition in self._backlogs.keys() - assigned:
            self._give_up(partition)
        added = sorted(assigned - self._backlogs.keys())
        try:
            starts = await self._starts.find(self._consumer, added) if added else {}
        except KafkaError as error:  # the coordinator itself has just come up
            await asyncio.sleep(POLL_MS / 1000)
            _log.warning("no offsets yet", subscription=self._subscription.name, why=str(error))
            return
        if assigned != self._assignment.partitions:
            return
        for partition, (offset, marks) in starts.items():
            self._backlogs[partition] = Backlog(offset, marks.done)
            self.gone = marks.gone or self.gone
        for partition, backlog in self._backlogs.items():
            self._consumer.seek(partition, backlog.scanned)
        self._rereading.clear()
        self._assignment.is_new = False
        self._commit_at = 0.0
        _log.info(
            "subscription assigned", subscription=self._subscription.name, added=len(added),
            partitions=len(assigned),
        )  # fmt: skip
        if await self._commit():  # where a new group begins is decided once
            self.ready.set()

    def _give_up(self, partition: TopicPartition) -> None:
        for one in self._backlogs.pop(partition).waiting.values():
            self._release(one)
        self._committed.pop(partition, None)

    async def _commit(self) -> bool:
        """Commit what has changed; False when the group did not take it now."""
        if self._assignment.partitions is None or self._assignment.is_new:
            return False
        try:
            changed = await self._changed()
            if not changed:
                return True
            await self._consumer.commit(
                {partition: OffsetAndMetadata(*told) for partition, told in changed.items()}
            )
        except KafkaError as error:  # a rebalance, or no broker: nothing is lost, it is repeated
            _log.warning("not committed", subscription=self._subscription.name, why=str(error))
            return False
        self._committed |= changed
        return True

    async def _changed(self) -> dict[TopicPartition, tuple[int, str]]:
        changed: dict[TopicPartition, tuple[int, str]] = {}
        for partition, backlog in [*self._backlogs.items()]:
            position = await self._position(partition, backlog)
            told = Marks(backlog.finished(), self.gone).to_text(position)
            if self._committed.get(partition) != (position, told):
                changed[partition] = (position, told)
        return changed

    async def _position(self, partition: TopicPartition, backlog: Backlog) -> int:
        """Behind the last record stand marks of transactions, which nobody reads."""
        if backlog.waiting or partition in self._rereading:
            return backlog.position
        position: int = await self._consumer.position(partition)
        return max(position, backlog.scanned)
