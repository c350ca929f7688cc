"""Records that nobody can read, written to the topics themselves."""

import asyncio
import contextlib
import itertools
import random
from dataclasses import dataclass, field

from aiokafka.errors import KafkaError

from tocsin_runtime.kafka import start_producer, topic_name
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.topics import ARTICLES, DETECTIONS

_SEND_SECONDS = 20
_NUMBERS = itertools.count(1)


@dataclass
class Poisoner:
    """Writes one such record every now and then."""

    settings: KafkaSettings
    dice: random.Random
    pause_seconds: float
    stored: list[tuple[str, bytes]] = field(default_factory=list)
    """Topic and key of those that the broker acknowledged."""

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            topic = self.dice.choice((ARTICLES, DETECTIONS))
            number = next(_NUMBERS)
            key = f"poison-{number}".encode()
            value = self.dice.choice(_values(number))
            with contextlib.suppress(KafkaError, OSError):
                async with asyncio.timeout(_SEND_SECONDS):
                    await self._send(topic, key, value)
                    self.stored.append((topic, key))
            await asyncio.sleep(self.pause_seconds)

    async def _send(self, topic: str, key: bytes, value: bytes | None) -> None:
        producer = await start_producer(self.settings, "poison")
        try:
            await producer.send_and_wait(topic_name(self.settings, topic), value, key=key)
        finally:
            await producer.stop()


def _values(number: int) -> tuple[bytes | None, ...]:
    """The last two are no errors but records of a later release, which are set aside."""
    return (
        None,
        b"",
        b"\xff\xfe poison %d" % number,
        b'{"kind": "article", "number": %d}' % number,
        b'{"kind": "detection", "number": %d}' % number,
        b'{"kind": "tick", "due": "yesterday"}',
        b'{"kind": "novelty", "number": %d}' % number,
        b'{"kind": "probe", "v": 99, "number": %d}' % number,
    )
