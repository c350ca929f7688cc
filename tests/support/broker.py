"""One real broker for a run of tests, and a prefix of its own for each test."""

import asyncio
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager

from tocsin_localkafka import LocalKafka
from tocsin_runtime.kafka import create_topics
from tocsin_runtime.settings import KafkaSettings, load_settings

_NUMBERS = itertools.count(1)


@contextmanager
def running_broker() -> Iterator[LocalKafka]:
    """A broker that lives as long as the context."""
    with LocalKafka() as broker:
        yield broker


def fresh_topics(bootstrap: str, *, archive: bool = False) -> KafkaSettings:
    """Settings with a prefix that nobody used, and all topics of the table created under it."""
    prefix = f"t{os.getpid()}-{next(_NUMBERS)}."
    settings = load_settings(KafkaSettings, kafka_bootstrap=bootstrap, topic_prefix=prefix)
    asyncio.run(create_topics(settings, archive=archive))
    return settings
