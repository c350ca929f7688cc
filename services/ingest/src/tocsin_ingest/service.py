"""The life of ingest: HTTP at once, the broker when it is there, again after every outage."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaProducer

from tocsin_ingest.catchup import catch_up
from tocsin_ingest.heartbeat import beat
from tocsin_ingest.index import Index
from tocsin_ingest.publish import STORE_ERRORS, Publisher
from tocsin_ingest.settings import IngestSettings
from tocsin_runtime.health import Health
from tocsin_runtime.http import HttpServer
from tocsin_runtime.kafka import start_producer, topic_name, wait_for_broker
from tocsin_runtime.logs import get_logger
from tocsin_runtime.metrics import IngestMetrics
from tocsin_runtime.process import unless_stopped
from tocsin_schemas.topics import ARTICLES

if TYPE_CHECKING:  # readers of feeds and pages take 40 MB
    from tocsin_ingest.sources.work import SourcesWork

_log = get_logger(__name__)

BROKER, INDEX = "broker", "index"
CONDITIONS = (BROKER, INDEX)
"""What must hold for ingest to be ready."""

_DRAIN_SECONDS = 2
"""How long a stop waits for what was accepted."""
_CLOSE_SECONDS = 1
_PAUSE_SECONDS = 0.5
"""Between an outage and the next try; waiting for the broker has its own back-off."""


@dataclass
class IngestService:
    """Everything that runs in one ingest; the bootstrap puts it together."""

    settings: IngestSettings
    server: HttpServer
    publisher: Publisher
    index: Index
    metrics: IngestMetrics
    health: Health
    sources: "SourcesWork | None"
    """Null where no file of sources is named."""

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until stopped, then store what was accepted.

        Raises:
            TocsinError: something that only a restart or the operator can help.

        """
        await self.server.start()
        _log.info("listening", port=self.server.port)
        try:
            while not stop.is_set():
                await self._serve(stop)
        finally:
            await self.server.stop()
            self.index.close()

    async def _serve(self, stop: asyncio.Event) -> None:
        """From one connection to the broker to its end."""
        connected: list[AIOKafkaProducer] = []
        try:
            if not await unless_stopped(stop, self._connect(connected)):
                return
            await self._work(connected[0], stop)
        except STORE_ERRORS as error:
            reason = f"lost the broker: {error!r}"
            _log.warning("lost the broker, connecting again", why=repr(error))
            for condition in CONDITIONS:
                self.health.break_off(condition, reason)
            self.publisher.suspend(reason)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _PAUSE_SECONDS)
        finally:
            self.publisher.suspend("stopping" if stop.is_set() else "no broker")
            for producer in connected:
                await _close(producer)

    async def _connect(self, connected: list[AIOKafkaProducer]) -> None:
        await wait_for_broker(self.settings, [ARTICLES])
        self.health.satisfy(BROKER)
        await catch_up(self.settings, self.index, self.metrics)
        connected.append(await start_producer(self.settings, self.settings.instance_id))

    async def _work(self, producer: AIOKafkaProducer, stop: asyncio.Event) -> None:
        topic = topic_name(self.settings, ARTICLES)
        interval = self.settings.ingest_heartbeat_seconds
        writing = asyncio.create_task(self.publisher.write(producer))
        beating = asyncio.create_task(beat(producer, topic, self.metrics, interval))
        stopping = asyncio.create_task(stop.wait())
        asking = [asyncio.create_task(self.sources.run())] if self.sources else []
        tasks: tuple[asyncio.Task[Any], ...] = (writing, beating, stopping, *asking)
        try:
            self.health.satisfy(INDEX)
            _log.info("ready", topic=topic, articles=len(self.index))
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if stop.is_set():
                # HTTP goes on: whoever waits is answered, with 503 what cannot be stored in time.
                await _cancel(asking)
                self.publisher.finish()
                await asyncio.wait([writing], timeout=_DRAIN_SECONDS)
            for task in (writing, beating, *asking):
                if task.done() and not task.cancelled():
                    task.result()
        finally:
            await _cancel(tasks)


async def _cancel(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _close(producer: AIOKafkaProducer) -> None:
    # Closing waits for a broker that may be gone; everything that counts was awaited before.
    try:
        await asyncio.wait_for(producer.stop(), _CLOSE_SECONDS)
    except (TimeoutError, *STORE_ERRORS) as error:
        _log.warning("producer did not close in order", why=repr(error))
