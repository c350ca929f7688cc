"""The broker of the integration tests, fresh topics for each test, and services as processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.broker import fresh_topics, running_broker
from support.services import Fleet
from tocsin_localkafka import LocalKafka
from tocsin_runtime.settings import KafkaSettings


@pytest.fixture(scope="session")
def broker() -> Iterator[LocalKafka]:
    """One real Kafka broker for all tests of the run."""
    with running_broker() as running:
        yield running


@pytest.fixture
def kafka(broker: LocalKafka) -> Iterator[KafkaSettings]:
    """Settings with a prefix of the test's own; all topics exist."""
    with fresh_topics(broker.bootstrap) as settings:
        yield settings


@pytest.fixture
def archive(broker: LocalKafka) -> Iterator[KafkaSettings]:
    """Like `kafka`, with the topics of a replay."""
    with fresh_topics(broker.bootstrap, archive=True) as settings:
        yield settings


@pytest.fixture
def fleet(kafka: KafkaSettings, tmp_path: Path) -> Iterator[Fleet]:
    """Starts services; whatever still runs at the end of the test is killed."""
    fleet = Fleet(kafka.kafka_bootstrap, kafka.topic_prefix, tmp_path)
    yield fleet
    fleet.kill_all()
