"""The stream of alerts: Kafka's consumer underneath, typed alerts above."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError
from pydantic import ValidationError

from tocsin_client.membership import Membership
from tocsin_client.progress import Progress
from tocsin_client.received import Received
from tocsin_client.recent import Recent
from tocsin_client.start import Since, find_starts
from tocsin_schemas.envelope import decode_alert
from tocsin_schemas.filter import AlertFilter, AnyAlert
from tocsin_schemas.topics import ALERT_TOPICS

_log = logging.getLogger(__name__)

DEFAULT_BOOTSTRAP = "127.0.0.1:9092"
_POLL_MS = 200
_MAX_RECORDS = 100
_TOPIC_SECONDS = 10.0
_ASSIGN_SECONDS = 30.0
_STORE_SECONDS = 5.0
"""How often the offsets of passed-over records are committed."""

SECURITY_OPTIONS = frozenset(
    {
        "security_protocol", "ssl_context", "sasl_mechanism", "sasl_plain_username",
        "sasl_plain_password", "sasl_oauth_token_provider", "sasl_kerberos_service_name",
        "sasl_kerberos_domain_name",
    }
)  # fmt: skip
"""What `security` may hold."""


class MissingTopicError(Exception):
    """A topic of alerts does not exist on this broker: wrong broker, or wrong topic prefix."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record on an alert topic that is no alert for this release."""

    topic: str
    partition: int
    offset: int
    reason: str


class AlertStream:
    """Committed alerts that fit a filter, in order within an event.

    Use it as an asynchronous context manager and iterate over it. Without a group it follows all
    partitions and remembers nothing. With a group its members share the partitions, and what
    `Received.commit` stored is not delivered again: at least once, so be ready for a repeat of the
    last alerts after a crash.
    """

    def __init__(  # noqa: PLR0913 - keywords, each with a default
        self,
        bootstrap: str = DEFAULT_BOOTSTRAP,
        *,
        group: str | None = None,
        filter: AlertFilter | None = None,  # noqa: A002 - what a caller would call it
        since: Since = None,
        topic_prefix: str = "",
        security: Mapping[str, Any] | None = None,
        on_skipped: Callable[[Skipped], None] | None = None,
        client_id: str = "tocsin-client",
    ) -> None:
        """Connect to nothing yet.

        Args:
            bootstrap: broker addresses, `host:port`, comma-separated.
            group: name of a consumer group; None to follow without a memory.
            filter: which alerts; by default all but drills and replays.
            since: where to begin, for a group only where it has committed nothing yet: a time (with
                a zone), a span before now, `"beginning"` for everything kept, or None for what
                comes from now on.
            topic_prefix: the installation's TOCSIN_TOPIC_PREFIX, put before topics and the group.
            security: aiokafka's options for TLS and SASL, see SECURITY_OPTIONS.
            on_skipped: told of each record that is no alert; by default it is logged.
            client_id: name in the broker's logs.

        Raises:
            ValueError: an option of `security` is none, or `since` is a time without a zone.

        """
        unknown = (security or {}).keys() - SECURITY_OPTIONS
        if unknown:
            raise ValueError(
                f"security: unknown {', '.join(sorted(unknown))}; "
                f"allowed are {', '.join(sorted(SECURITY_OPTIONS))}"
            )
        if isinstance(since, datetime) and since.tzinfo is None:
            raise ValueError(f"since: {since.isoformat()} has no zone; add one, such as UTC")
        self._filter = filter or AlertFilter()
        types = self._filter.types or tuple(ALERT_TOPICS)
        self.topics = tuple(topic_prefix + ALERT_TOPICS[one] for one in types)
        """Full names of the topics that are read."""
        self._group = None if group is None else topic_prefix + group
        self._since = since
        self._on_skipped = on_skipped
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap,
            client_id=client_id,
            group_id=self._group,
            isolation_level="read_committed",
            enable_auto_commit=False,
            # Where a committed offset has aged out: the oldest kept, so that nothing is missed.
            auto_offset_reset="earliest",
            **(security or {}),
        )
        self._fetched: deque[tuple[TopicPartition, Any]] = deque()
        self._asking = False
        self._progress: dict[TopicPartition, Progress] = {}
        self._finished: Recent[UUID, None] = Recent()
        self._latest: Recent[tuple[str, bytes], int] = Recent()
        self._stored_at = time.monotonic()
        self._membership: Membership | None = None

    async def __aenter__(self) -> Self:
        """Connect; without a group, everything that is published from now on will be read.

        Raises:
            MissingTopicError: a topic does not exist.
            aiokafka.errors.KafkaError: the broker does not answer.

        """
        try:
            await self._start()
        except BaseException:
            await self._consumer.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Store what may be stored and leave the group."""
        try:
            await self._store()
        finally:
            await self._consumer.stop()

    def __aiter__(self) -> Self:
        """Alerts for ever; an iteration that was broken off goes on where it was."""
        return self

    async def __anext__(self) -> Received:
        """Wait for the next alert.

        Raises:
            aiokafka.errors.KafkaError: the broker fails for good.

        """
        while True:
            while self._fetched:
                received = self._take(*self._fetched.popleft())
                if received is not None:
                    return received
            await self._fetch()

    async def wait_until_read(
        self, ends: Mapping[TopicPartition, int], deadline_seconds: float
    ) -> None:
        """Wait until an iteration elsewhere got everything before these offsets, and asks for more.

        Raises:
            TimeoutError: it was not read in time.

        """
        async with asyncio.timeout(deadline_seconds):
            while not await self._has_read(ends):  # noqa: ASYNC110 - positions tell no event
                await asyncio.sleep(_POLL_MS / 1000)

    async def _has_read(self, ends: Mapping[TopicPartition, int]) -> bool:
        positions = [(await self._consumer.position(one), end) for one, end in ends.items()]
        return self._asking and all(position >= end for position, end in positions)

    async def _fetch(self) -> None:
        self._asking = True
        batches = await self._consumer.getmany(timeout_ms=_POLL_MS, max_records=_MAX_RECORDS)
        self._asking = not batches
        for partition, records in batches.items():
            self._fetched += [(partition, record) for record in records]
        if self._membership is not None:
            self._membership.raise_failure()
        if time.monotonic() - self._stored_at > _STORE_SECONDS:
            await self._store()

    async def _start(self) -> None:
        # Subscribed first, a member of a group would wait for ever for a topic that is not there.
        await self._consumer.start()
        await self._require_topics()
        if self._group is None:
            self._consumer.subscribe(self.topics)
            async with asyncio.timeout(_ASSIGN_SECONDS):
                while not self._consumer.assignment():  # noqa: ASYNC110 - aiokafka has no event
                    await asyncio.sleep(_POLL_MS / 1000)
            await self._begin(self._consumer.assignment())
        else:
            self._membership = Membership(self._begin, self._leave)
            self._consumer.subscribe(self.topics, listener=self._membership)
            await self._membership.wait_until_joined()

    async def _require_topics(self) -> None:
        # A topic that was created a moment ago is not known to every broker at once.
        give_up_at = time.monotonic() + _TOPIC_SECONDS
        while missing := sorted(set(self.topics) - await self._consumer.topics()):
            if time.monotonic() > give_up_at:
                raise MissingTopicError(
                    f"no topic {', '.join(missing)} on this broker; "
                    "check its address and the topic prefix"
                )
            await asyncio.sleep(_POLL_MS / 1000)

    async def _begin(self, partitions: Iterable[TopicPartition]) -> None:
        """Go to where each partition begins; until then its records are left for later."""
        starts = await find_starts(
            self._consumer, partitions, self._since, datetime.now(UTC), grouped=bool(self._group)
        )
        for partition, start in starts.items():
            self._consumer.seek(partition, start)
            self._progress[partition] = Progress(start)

    async def _leave(self) -> None:
        await self._store()
        self._progress.clear()
        self._fetched.clear()

    def _take(self, partition: TopicPartition, record: Any) -> Received | None:  # noqa: ANN401 - aiokafka's ConsumerRecord is untyped
        progress = self._progress.get(partition)
        if progress is None:  # assigned a moment ago: it will be read again from its start
            return None
        self._latest.put((record.topic, record.key or b""), record.offset)
        alert = self._decode(record) if self._filter.may_match(record.headers) else None
        if alert is None or not self._filter.matches(alert) or alert.alert_id in self._finished:
            progress.pass_over(record.offset)
            return None
        progress.hand_over(record.offset, alert.alert_id)
        if self._group is None:
            self._finish(partition, record.offset)
        return Received(
            alert, record.topic, record.partition, record.offset, self._commit, self._is_replaced
        )

    def _decode(self, record: Any) -> AnyAlert | None:  # noqa: ANN401 - see _take
        try:
            return decode_alert(record.value or b"")
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            reason = f"{'.'.join(map(str, first['loc'])) or 'value'}: {first['msg']}"
        skipped = Skipped(record.topic, record.partition, record.offset, reason)
        (self._on_skipped or _log_skipped)(skipped)
        return None

    async def _commit(self, received: Received) -> None:
        if self._group is None:
            raise ValueError("commit: this stream has no group; pass group=... to AlertStream")
        partition = TopicPartition(received.topic, received.partition)
        self._finish(partition, received.offset)
        await self._store([partition])

    def _finish(self, partition: TopicPartition, offset: int) -> None:
        progress = self._progress.get(partition)
        for alert_id in progress.finish(offset) if progress is not None else ():
            self._finished.put(alert_id, None)

    async def _store(self, partitions: Iterable[TopicPartition] | None = None) -> None:
        """Commit the offsets that are due, of these partitions or of all."""
        self._stored_at = time.monotonic()
        if self._group is None:
            return
        chosen = self._progress if partitions is None else partitions
        due = {
            one: offset
            for one in chosen
            if one in self._progress and (offset := self._progress[one].due()) is not None
        }
        if not due:
            return
        try:
            await self._consumer.commit(due)
        except (CommitFailedError, IllegalStateError) as error:
            _log.warning("not committed, the group has given the partitions away: %s", error)
            return
        for partition, offset in due.items():
            if partition in self._progress:
                self._progress[partition].store(offset)

    def _is_replaced(self, received: Received) -> bool:
        key = (received.topic, str(received.alert.event_id).encode())
        latest = self._latest.get(key)
        return latest is not None and latest > received.offset


def _log_skipped(skipped: Skipped) -> None:
    _log.warning(
        "no alert for this release: %s %d:%d: %s",
        skipped.topic, skipped.partition, skipped.offset, skipped.reason,
    )  # fmt: skip
