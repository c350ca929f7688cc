"""The Faust agent: reads batches, has them worked through, and acknowledges what is stored.

The whole body is one step that either stores everything or ends the process.
"""

import asyncio
import logging
import tempfile
import time
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

import faust
from aiokafka import AIOKafkaProducer, TopicPartition
from faust.auth import Credentials, SASLCredentials, SSLCredentials
from faust.tables.manager import TableManager

from tocsin_classifier.batch import BatchWork, Outcome
from tocsin_classifier.consumer import Batch, read_in_batches
from tocsin_classifier.settings import ClassifierSettings
from tocsin_runtime.connection import security_options
from tocsin_runtime.dead_letter import Received
from tocsin_runtime.errors import DuplicateInstanceError, FatalError
from tocsin_runtime.health import Health
from tocsin_runtime.hops import observe_hop
from tocsin_runtime.instance import AssignmentWatch
from tocsin_runtime.kafka import (
    HEARTBEAT_MS,
    REQUEST_TIMEOUT_MS,
    SESSION_TIMEOUT_MS,
    group_name,
    topic_name,
)
from tocsin_runtime.metrics import ClassifierMetrics
from tocsin_runtime.outgoing import send_records
from tocsin_runtime.process import crash
from tocsin_schemas.topics import ARTICLES, ARTICLES_DEAD_LETTER

BATCH_RECORDS = 200
"""The most that is worked on before its results are waited for."""
GROUP = "classifier"


class NoTables(TableManager):
    """Faust's manager of tables waits a second for tables to be declared; there are none."""

    logger = logging.getLogger("faust.tables")

    async def on_start(self) -> None:
        """Start what recovers tables, without the wait."""
        await self._update_channels()
        await self.recovery.start()


def create_app(settings: ClassifierSettings) -> faust.App:
    """The Faust app with the settings that were seen to lose nothing."""
    app = faust.App(
        group_name(settings, GROUP),
        broker=[f"kafka://{address}" for address in settings.kafka_bootstrap.split(",")],
        broker_credentials=_credentials(settings),
        broker_client_id=settings.instance_id,
        consumer_group_instance_id=settings.instance_id,
        consumer_auto_offset_reset="earliest",
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        # Faust makes a folder although nothing is kept; the current one may be read-only.
        datadir=Path(tempfile.gettempdir(), f"tocsin-{settings.instance_id}"),
        store="memory://",
        TableManager=NoTables,
        broker_session_timeout=SESSION_TIMEOUT_MS / 1000,
        broker_heartbeat_interval=HEARTBEAT_MS / 1000,
        broker_request_timeout=REQUEST_TIMEOUT_MS / 1000,
        broker_commit_interval=0.5,
        broker_max_poll_records=BATCH_RECORDS,
        stream_wait_empty=False,
    )
    read_in_batches(app)
    return app


def _credentials(settings: ClassifierSettings) -> Credentials | None:
    """The same security as that of every other client, in Faust's own words."""
    options = security_options(settings)
    context = options.get("ssl_context")
    if settings.uses_sasl:
        return SASLCredentials(
            username=options["sasl_plain_username"],
            password=options["sasl_plain_password"],
            mechanism=options["sasl_mechanism"],
            ssl_context=context,
        )
    return None if context is None else SSLCredentials(context)


class ArticleAgent:
    """Reads `articles`, writes `detections`, at least once."""

    def __init__(
        self,
        settings: ClassifierSettings,
        work: BatchWork,
        producer: AIOKafkaProducer,
        metrics: ClassifierMetrics,
        health: Health,
    ) -> None:
        self._settings = settings
        self._work = work
        self._producer = producer
        self._metrics = metrics
        self._health = health
        self._watch = AssignmentWatch(settings.instance_id)
        self._assigned: frozenset[TopicPartition] = frozenset()
        self._app = create_app(settings)
        connect = self._app.on_partitions_assigned.connect
        connect(self._note_assignment)  # type: ignore[arg-type] # mode's protocol fits no method
        articles = self._app.topic(
            topic_name(settings, ARTICLES),
            key_type=bytes,
            value_type=bytes,
            key_serializer="raw",
            value_serializer="raw",
        )
        self._app.agent(articles, concurrency=1, name="articles")(self._read)

    def assigned(self) -> frozenset[TopicPartition]:
        """The partitions that this member has now."""
        return self._assigned

    async def start(self) -> None:
        """Join the group and begin to read."""
        await self._app.start()

    async def wait_until_stopped(self) -> None:
        """Wait for Faust to stop by itself, which it never should.

        Raises:
            FatalError: it crashed, with its reason.

        """
        await self._app.wait_until_stopped()
        if self._app.crashed:
            raise FatalError(f"Faust crashed: {self._app.crash_reason!r}")

    async def stop(self) -> None:
        """Finish the batch in hand, commit, and stop reading."""
        await self._app.stop()

    async def _note_assignment(self, _app: faust.App, assigned: set[Any], **_: object) -> None:
        self._metrics.assignments_total.inc()
        try:
            self._watch.note(time.monotonic())
        except DuplicateInstanceError as error:
            crash(str(error))
        self._assigned = frozenset(TopicPartition(one.topic, one.partition) for one in assigned)
        self._health.satisfy("group")

    async def _read(self, stream: faust.StreamT[Any]) -> None:
        assert isinstance(stream, faust.Stream)
        async for event in stream.events():
            assert isinstance(event.message, Batch)
            await _complete(self._handle(event.message))

    async def _handle(self, batch: Batch) -> None:
        try:
            outcome = await self._work.run(batch.records)
            await send_records(self._producer, self._settings, outcome.records)
            await send_records(self._producer, self._settings, outcome.letters)
            batch.acknowledge()
        except BaseException as error:  # noqa: BLE001 - whatever it is, nothing is acknowledged
            crash(f"{type(error).__name__}: {error}", error=error)
        self._count(batch.records, outcome)

    def _count(self, records: Sequence[Received], outcome: Outcome) -> None:
        for (alert_type, language), number in outcome.detected.items():
            self._metrics.detections_total.labels(alert_type, language).inc(number)
        for reason, number in outcome.letter_reasons.items():
            self._metrics.dead_letters_total.labels(ARTICLES_DEAD_LETTER, reason).inc(number)
        for hop in outcome.hops:
            hop.end()
        observe_hop(self._metrics, "classify", records)


async def _complete(step: Coroutine[Any, Any, None]) -> None:
    """Wait for a step to its end, also when Faust cancels the waiting to stop."""
    task = asyncio.ensure_future(step)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
