"""One real broker for a run of tests, and a prefix of its own for each test."""

import asyncio
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager

from tocsin_localkafka import LocalKafka
from tocsin_runtime.kafka import create_topics, open_admin
from tocsin_runtime.settings import KafkaSettings, load_settings

_NUMBERS = itertools.count(1)


@contextmanager
def running_broker() -> Iterator[LocalKafka]:
    """A broker that lives as long as the context."""
    with LocalKafka() as broker:
        yield broker


@contextmanager
def fresh_topics(bootstrap: str, *, archive: bool = False) -> Iterator[KafkaSettings]:
    """Settings with a prefix that nobody used, all topics of the table created under it.

    They are deleted afterwards: with the partitions of fifty tests a broker that was killed took
    over a minute to come back.
    """
    prefix = f"t{os.getpid()}-{next(_NUMBERS)}."
    settings = load_settings(KafkaSettings, kafka_bootstrap=bootstrap, topic_prefix=prefix)
    created = asyncio.run(create_topics(settings, archive=archive))
    yield settings
    asyncio.run(_delete(settings, list(created)))


async def _delete(settings: KafkaSettings, names: list[str]) -> None:
    async with open_admin(settings) as admin:
        await admin.delete_topics(names)
