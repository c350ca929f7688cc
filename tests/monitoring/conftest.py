"""One pipeline with sources and a subscriber, watched by a real Prometheus and Alertmanager."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.broker import running_broker
from support.endpoint import Endpoint, Reply, running_endpoint
from support.monitoring import Monitoring, watching
from support.pipeline import Pipeline, running_pipeline
from support.subscriptions import SECRET, webhook, write_subscriptions


@dataclass
class Watched:
    """A pipeline, its subscriber, and who watches both."""

    pipeline: Pipeline
    endpoint: Endpoint
    monitoring: Monitoring
    inbox: Path
    """Folder that ingest reads as a source."""
    dead: bool = False
    """Whether the subscriber answers 503 at present."""


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """All as it is released, only more hurried."""
    folder = tmp_path_factory.mktemp("watched")
    inbox = folder / "inbox"
    inbox.mkdir()
    sources = folder / "sources.yaml"
    source = {"id": "inbox", "type": "folder", "path": str(inbox)}
    sources.write_text(json.dumps({"sources": [source]}))
    state: list[Watched] = []

    def answer(_: object) -> Reply:
        return Reply(503 if state and state[0].dead else 204)

    with pytest.MonkeyPatch.context() as patch, running_endpoint(answer) as endpoint:
        write_subscriptions(folder / "subscriptions.yaml", webhook("desk", endpoint))
        for name, value in {
            "TOCSIN_SUBSCRIPTIONS_FILE": str(folder / "subscriptions.yaml"),
            "TEST_WEBHOOK_SECRET": SECRET,
            "TOCSIN_INGEST_SOURCES_FILE": str(sources),
            "TOCSIN_INGEST_HEARTBEAT_SECONDS": "1",
        }.items():
            patch.setitem(os.environ, name, value)
        with running_broker() as broker, running_pipeline(broker.bootstrap, folder) as pipeline:
            targets = {name: one.port for name, one in pipeline.stack.processes.items()}
            with watching(targets, folder) as monitoring:
                state.append(Watched(pipeline, endpoint, monitoring, inbox))
                yield state[0]
