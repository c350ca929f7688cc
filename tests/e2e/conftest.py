"""One broker for all end-to-end tests, and one pipeline for each module."""

from collections.abc import Iterator

import pytest

from support.broker import fresh_topics, running_broker
from support.pipeline import Pipeline, running_pipeline
from tocsin_localkafka import LocalKafka


@pytest.fixture(scope="session")
def broker() -> Iterator[LocalKafka]:
    """One real Kafka broker."""
    with running_broker() as running:
        yield running


@pytest.fixture(scope="module")
def pipeline(broker: LocalKafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    """All services as real processes, on topics of the module's own."""
    with running_pipeline(broker.bootstrap, tmp_path_factory.mktemp("pipeline")) as running:
        yield running


@pytest.fixture
def broker_address(broker: LocalKafka) -> Iterator[dict[str, str]]:
    """Settings for a command: the broker, and a prefix that nobody used."""
    with fresh_topics(broker.bootstrap) as settings:
        yield {
            "TOCSIN_KAFKA_BOOTSTRAP": settings.kafka_bootstrap,
            "TOCSIN_TOPIC_PREFIX": settings.topic_prefix,
        }


@pytest.fixture
def pipeline_address(pipeline: Pipeline) -> dict[str, str]:
    """Settings for a command: the broker and the services of the module's pipeline."""
    return pipeline.environment
