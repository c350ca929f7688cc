"""The whole pipeline as it is released, for tests that go from an article to its alerts."""

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka.structs import ConsumerRecord
from prometheus_client.parser import text_string_to_metric_families

from support.broker import fresh_topics
from support.topics import read_topic
from tocsin_cli.progress import wait_until_processed
from tocsin_cli.stack import Stack
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.topics import ALERT_TOPICS, ARTICLES


@dataclass(frozen=True)
class Pipeline:
    """A broker's topics and the services that work on them."""

    settings: KafkaSettings
    stack: Stack

    @property
    def environment(self) -> dict[str, str]:
        """What a command needs in its environment to meet this pipeline."""
        return {
            "TOCSIN_KAFKA_BOOTSTRAP": self.settings.kafka_bootstrap,
            "TOCSIN_TOPIC_PREFIX": self.settings.topic_prefix,
            "TOCSIN_INGEST_URL": self.stack.processes["ingest"].url,
        }

    def post(
        self, body: object, headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Post to ingest: bytes as they are, anything else as JSON."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.stack.processes['ingest'].url}/v1/articles",
            data,
            {"content-type": "application/json", **(headers or {})},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def post_seed(self, path: Path) -> dict[str, Any]:
        """Post the text of a file as `tocsin ingest` would; gives the service's answer."""
        article = {
            "id": path.name,
            "text": path.read_text("utf-8"),
            "source": {"id": "files", "kind": "file"},
        }
        status, answer = self.post(article)
        assert status == 202, answer
        found: dict[str, Any] = answer["articles"][0]
        return found

    def settle(self, seconds: float = 60) -> None:
        """Wait until all that was posted has become alerts, or nothing."""
        asyncio.run(wait_until_processed(self.settings, seconds))

    def records(self, topic: str) -> list[ConsumerRecord[bytes, bytes]]:
        """Every committed record of a topic."""
        return asyncio.run(read_topic(self.settings, topic))

    def alerts(self) -> list[dict[str, Any]]:
        """Every alert of all three topics."""
        return [
            json.loads(record.value or b"")
            for topic in ALERT_TOPICS.values()
            for record in self.records(topic)
        ]

    def articles(self) -> dict[tuple[str, int], dict[str, Any]]:
        """Every published article by its id and revision."""
        values = [json.loads(record.value or b"") for record in self.records(ARTICLES)]
        return {(v["article_id"], v["revision"]): v for v in values if v["kind"] == "article"}

    def metric(self, service: str, name: str, **labels: str) -> float:
        """Sum of a metric's samples that have these labels, as the service exposes it."""
        url = f"{self.stack.processes[service].url}/metrics"
        with urllib.request.urlopen(url, timeout=5) as answer:
            families = list(text_string_to_metric_families(answer.read().decode()))
        return sum(
            sample.value
            for family in families
            for sample in family.samples
            if sample.name == name and is_part(labels, sample.labels)
        )


def is_part(wanted: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    """Whether all wanted labels are among the labels."""
    return wanted.items() <= labels.items()


@contextmanager
def running_pipeline(bootstrap: str, folder: Path) -> Iterator[Pipeline]:
    """All services on topics of their own, ready."""
    with fresh_topics(bootstrap) as settings:
        stack = Stack(
            bootstrap=bootstrap,
            topic_prefix=settings.topic_prefix,
            folder=folder,
            instance_suffix=settings.topic_prefix.strip("."),
            usual_ports=False,
        )
        with stack:
            stack.start()
            yield Pipeline(settings, stack)
