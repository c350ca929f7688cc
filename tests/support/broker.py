"""One real broker for a run of tests, and a prefix of its own for each test."""

import asyncio
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager

from tocsin_localkafka import LocalKafka
from tocsin_runtime.kafka import create_topics, open_admin, wait_for_broker
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
    over a minute to come back. A broker that the test before had paused answers with an empty list
    of brokers until it is let back into its own cluster, so it is waited for.
    """
    prefix = f"t{os.getpid()}-{next(_NUMBERS)}."
    settings = load_settings(KafkaSettings, kafka_bootstrap=bootstrap, topic_prefix=prefix)
    created = asyncio.run(_create(settings, archive=archive))
    yield settings
    asyncio.run(_delete(settings, created))


async def _create(settings: KafkaSettings, *, archive: bool) -> list[str]:
    await wait_for_broker(settings)
    return list(await create_topics(settings, archive=archive))


async def _delete(settings: KafkaSettings, names: list[str]) -> None:
    await wait_for_broker(settings)
    async with open_admin(settings) as admin:
        await admin.delete_topics(names)
