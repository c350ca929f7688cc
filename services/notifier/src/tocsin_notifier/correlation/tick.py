"""Ticks: when a timer is due and nothing arrives, a record moves the partition's time on."""

import asyncio
from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer

from tocsin_notifier.correlation.partition import OwnedPartition
from tocsin_schemas.detection import Tick

PAUSE_SECONDS = 1.0
"""The broker's clock may be behind ours: a tick that fired nothing is followed by no storm."""


class Ticker:
    """Appends a tick to each partition whose earliest timer is due by the wall clock.

    Only reading the record fires timers, so that the alerts follow from the log alone.
    """

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer
        self._outstanding: dict[int, int] = {}
        self._sent_at: dict[int, float] = {}

    async def tick(self, owned: OwnedPartition) -> None:
        """Append a tick when one is due and none is on its way.

        Raises:
            aiokafka.errors.KafkaError: it could not be stored.

        """
        number = owned.partition.partition
        at = owned.work.state.next_due()
        seconds = asyncio.get_running_loop().time()
        if at is None or at > datetime.now(UTC):
            return
        if self._outstanding.get(number, -1) >= owned.next_offset:
            return
        if seconds - self._sent_at.get(number, -PAUSE_SECONDS) < PAUSE_SECONDS:
            return
        stored = await self._producer.send_and_wait(
            owned.partition.topic, Tick(due=at).to_json(), partition=number
        )
        self._outstanding[number] = stored.offset
        self._sent_at[number] = seconds
