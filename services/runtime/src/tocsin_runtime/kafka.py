"""Kafka clients with the settings that the guarantees rest on, topics, and waiting for a broker."""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping
from typing import Any

import stamina
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor
from aiokafka.errors import KafkaConnectionError, KafkaError

from tocsin_runtime.connection import connection_options, explain_refusal
from tocsin_runtime.dead_letter import Received
from tocsin_runtime.errors import StartError
from tocsin_runtime.logs import get_logger
from tocsin_runtime.settings import KafkaSettings, ServiceSettings
from tocsin_schemas.topics import TOPICS, Topic

_log = get_logger(__name__)

SESSION_TIMEOUT_MS = 8_000
"""After this silence the group gives a member's partitions away (static members rejoin at once)."""
HEARTBEAT_MS = 1_500
REQUEST_TIMEOUT_MS = 15_000
MAX_REQUEST_BYTES = 2 * 1024 * 1024
"""Room for a dead letter; topics themselves limit what they take."""


def topic_name(settings: KafkaSettings, name: str) -> str:
    """A topic's full name: the prefix and the name of the table.

    Raises:
        KeyError: the table has no such topic.

    """
    return settings.topic_prefix + TOPICS[name].name


def group_name(settings: KafkaSettings, name: str) -> str:
    """A consumer group's full name; the prefix keeps replays apart."""
    return f"{settings.topic_prefix}tocsin.{name}"


def producer_options(settings: KafkaSettings, client_id: str) -> dict[str, Any]:
    """Options of an idempotent aiokafka producer with acks=all."""
    return {
        **connection_options(settings),
        "client_id": client_id,
        "acks": "all",
        "enable_idempotence": True,
        "linger_ms": 2,
        "max_batch_size": 256 * 1024,
        "max_request_size": MAX_REQUEST_BYTES,
        "request_timeout_ms": REQUEST_TIMEOUT_MS,
    }


def consumer_options(settings: ServiceSettings, group: str) -> dict[str, Any]:
    """Options of an aiokafka consumer: static member, no auto-commit, from the beginning."""
    return {
        **connection_options(settings),
        "client_id": settings.instance_id,
        "group_id": group,
        "group_instance_id": settings.instance_id,
        "enable_auto_commit": False,
        "auto_offset_reset": "earliest",
        "isolation_level": "read_committed",
        "session_timeout_ms": SESSION_TIMEOUT_MS,
        "heartbeat_interval_ms": HEARTBEAT_MS,
        "request_timeout_ms": REQUEST_TIMEOUT_MS,
        "partition_assignment_strategy": (StickyPartitionAssignor,),
        "fetch_max_wait_ms": 200,
    }


async def wait_for_broker(settings: KafkaSettings, topics: Iterable[str] = ()) -> None:
    """Wait until the broker answers and the named topics exist, with back-off, logging each try.

    Args:
        settings: where the broker is.
        topics: names without prefix that must exist.

    """
    names = {topic_name(settings, name) for name in topics}
    retries = stamina.retry_context(
        on=(KafkaError, OSError, _TopicsMissingError),
        attempts=None,
        timeout=None,
        wait_initial=0.1,
        wait_max=2.0,
        wait_jitter=0.2,
    )
    async for attempt in retries:
        with attempt:
            try:
                await _check_broker(settings, names)
            except (KafkaError, OSError, _TopicsMissingError) as error:
                _log.warning(
                    "waiting for the broker",
                    bootstrap=settings.kafka_bootstrap,
                    attempt=attempt.num,
                    next_try_seconds=round(attempt.next_wait, 1),
                    why=await _reason(settings, error),
                )
                raise


async def _reason(settings: KafkaSettings, error: Exception) -> str:
    guarded = settings.uses_tls or settings.uses_sasl
    if guarded and isinstance(error, KafkaConnectionError):
        return await explain_refusal(settings) or str(error)
    return str(error)


class _TopicsMissingError(Exception):
    """The broker answers, but topics are not there yet."""


async def _check_broker(settings: KafkaSettings, names: set[str]) -> None:
    async with open_admin(settings) as admin:
        missing = sorted(names - set(await admin.list_topics()))
    if missing:
        raise _TopicsMissingError(
            f"missing topics: {', '.join(missing)}; `tocsin topics create` makes them, "
            "`tocsin acls` lets a principal see them"
        )


class open_admin:  # noqa: N801 - reads as a verb in `async with`
    """An admin client as a context: started, and closed whatever happens."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._client: AIOKafkaAdminClient | None = None

    async def __aenter__(self) -> AIOKafkaAdminClient:
        """Connect.

        Raises:
            aiokafka.errors.KafkaError: the broker does not answer.

        """
        client = AIOKafkaAdminClient(
            **connection_options(self._settings),
            client_id="tocsin-admin",
            request_timeout_ms=REQUEST_TIMEOUT_MS,
        )
        self._client = client
        try:
            await client.start()
        except BaseException:
            await client.close()
            raise
        return client

    async def __aexit__(self, *_: object) -> None:
        if self._client is not None:
            await self._client.close()


async def create_topics(
    settings: KafkaSettings, *, replication: int = 1, archive: bool = False
) -> dict[str, str]:
    """Create the topics of the table that do not exist yet.

    Args:
        settings: where, and the prefix of the names.
        replication: copies of each partition.
        archive: use the settings for replays.

    Returns:
        Each topic's full name with `created` or `exists`.

    Raises:
        StartError: the broker refused a topic, or one exists with another number of partitions.

    """
    async with open_admin(settings) as admin:
        existing = set(await admin.list_topics())
        wanted = {topic_name(settings, topic.name): topic for topic in TOPICS.values()}
        missing = {name: topic for name, topic in wanted.items() if name not in existing}
        new = [
            NewTopic(
                name, topic.partitions, replication, topic_configs=dict(_config(topic, archive))
            )
            for name, topic in missing.items()
        ]
        if new:
            await _create(admin, new)
        await _check_partitions(admin, {n: t for n, t in wanted.items() if n in existing})
    return {name: "created" if name in missing else "exists" for name in wanted}


def _config(topic: Topic, archive: bool) -> Mapping[str, str]:
    return {**topic.config, **(topic.archive_config if archive else {})}


async def _create(admin: AIOKafkaAdminClient, new: list[NewTopic]) -> None:
    response = await admin.create_topics(new)
    # 36 is TOPIC_ALREADY_EXISTS: somebody else was quicker.
    failed = [entry for entry in response.topic_errors if entry[1] not in (0, 36)]
    if failed:
        reasons = "; ".join(f"{entry[0]}: {entry[2] or entry[1]}" for entry in failed)
        raise StartError(f"the broker refused topics: {reasons}")


async def _check_partitions(admin: AIOKafkaAdminClient, wanted: Mapping[str, Topic]) -> None:
    for entry in await admin.describe_topics(list(wanted)) if wanted else []:
        found = len(entry["partitions"])
        expected = wanted[entry["topic"]].partitions
        if found != expected:
            raise StartError(
                f"topic {entry['topic']} has {found} partitions, the table says {expected}; "
                "use another TOCSIN_TOPIC_PREFIX or restore the topic"
            )


async def partition_counts(settings: KafkaSettings, topics: Iterable[str]) -> dict[str, int]:
    """How many partitions topics have, by their names without prefix.

    Raises:
        aiokafka.errors.KafkaError: the broker does not answer.

    """
    names = {topic_name(settings, topic): topic for topic in topics}
    async with open_admin(settings) as admin:
        entries = await admin.describe_topics(list(names))
    return {names[entry["topic"]]: len(entry["partitions"]) for entry in entries}


async def start_producer(
    settings: KafkaSettings,
    client_id: str,
    **transactional: Any,  # noqa: ANN401 - aiokafka's options
) -> AIOKafkaProducer:
    """A started idempotent producer.

    Args:
        settings: where the broker is.
        client_id: name in the broker's logs.
        transactional: `transactional_id` and `transaction_timeout_ms` of a transactional one.

    Raises:
        aiokafka.errors.KafkaError: the broker does not answer; wait for it first.

    """
    producer = AIOKafkaProducer(**producer_options(settings, client_id), **transactional)
    try:
        await producer.start()
    except BaseException:
        await producer.stop()
        raise
    return producer


async def send_all(sends: Iterable[Awaitable[asyncio.Future[Any]]]) -> None:
    """Wait until the broker has stored every record of a batch.

    Args:
        sends: calls of `producer.send(...)`, not awaited yet; they are sent in this order.

    Raises:
        aiokafka.errors.KafkaError: one of them failed; none may then be taken as sent.

    """
    futures = [await send for send in sends]
    # flush() does not raise on failed deliveries: every future is looked at.
    results = await asyncio.gather(*futures, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result


def received(record: Any) -> Received:  # noqa: ANN401 - aiokafka's ConsumerRecord is untyped
    """A record as an aiokafka consumer read it."""
    return Received(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        value=record.value,
        headers=tuple(record.headers),
        timestamp_ms=record.timestamp,
    )
