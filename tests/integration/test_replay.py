"""Replays: a story of two days on its own clock, by the released services on topics of its own."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from support.services import SCRIPTS, Fleet, ServiceProcess
from support.topics import read_topic
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.topics import ALERT_TOPICS

ALARM = "An air raid alert has been declared in Sumy region because of drones."
STORY = [
    ("2024-08-21T20:10:00Z", "Повітряна тривога у Харківській області! Загроза безпілотників."),
    ("2024-08-20T17:05:00Z", ALARM),
    ("2024-08-21T09:00:00Z", "Ukrainian forces have captured the town of Sudzha in Kursk region."),
    ("2024-08-20T18:40:00Z", "The all-clear has been given in Sumy region."),
]


@dataclass
class Replaying:
    """A whole pipeline on the topics of a replay."""

    kafka: KafkaSettings
    ingest: ServiceProcess
    deliver: ServiceProcess
    file: Path

    async def run(self, *options: str, **environment: str) -> tuple[int, str]:
        """`tocsin replay` with the file; its exit code, and what it says."""
        given = {
            "PATH": "/usr/bin:/bin",
            "TOCSIN_KAFKA_BOOTSTRAP": self.kafka.kafka_bootstrap,
            "TOCSIN_TOPIC_PREFIX": self.kafka.topic_prefix,
            "TOCSIN_INGEST_URL": f"http://127.0.0.1:{self.ingest.port}",
            **environment,
        }
        process = await asyncio.create_subprocess_exec(
            str(SCRIPTS / "tocsin"), "replay", *options, str(self.file),
            env=given, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        async with asyncio.timeout(150):
            _, told = await process.communicate()
        assert process.returncode is not None
        return process.returncode, told.decode()

    async def alerts(self) -> list[dict[str, Any]]:
        """All alerts in the order of their events' revisions."""
        found = [
            json.loads(record.value or b"")
            for topic in ALERT_TOPICS.values()
            for record in await read_topic(self.kafka, topic)
        ]
        return sorted(found, key=lambda alert: (alert["event_time"] or {}).get("at", ""))


@pytest.fixture
def replaying(archive: KafkaSettings, tmp_path: Path) -> Iterator[Replaying]:
    fleet = Fleet(archive.kafka_bootstrap, archive.topic_prefix, tmp_path)
    ingest = fleet.service(
        "ingest-1", "tocsin-ingest",
        TOCSIN_INGEST_DATA_DIR=str(tmp_path / "data"), TOCSIN_INGEST_HEARTBEAT_SECONDS="1",
    )  # fmt: skip
    classifier = fleet.service("classifier-1", "tocsin-classifier")
    notifier = fleet.notifier(TOCSIN_ARCHIVE="true")
    deliver = fleet.deliver()
    services = [ingest, classifier, notifier, deliver]
    for process in services:
        process.start()
    for process in services:
        process.wait_ready(90)
    file = tmp_path / "story.jsonl"
    lines = [
        {"id": str(number), "published_at": at, "text": text, "publisher": "North Desk"}
        for number, (at, text) in enumerate(STORY)
    ]
    file.write_text("\n".join(json.dumps(line) for line in [*lines, {"text": "No date."}]), "utf-8")
    yield Replaying(archive, ingest, deliver, file)
    fleet.kill_all()


async def test_a_story_is_told_on_its_own_clock(replaying: Replaying) -> None:
    """Alarm, all-clear and claim with their own times; what was on then is not on now."""
    code, told = await replaying.run(TOCSIN_TOPIC_PREFIX="")
    assert (code, "TOCSIN_TOPIC_PREFIX" in told) == (2, True)
    code, told = await replaying.run("--from", "2024-08-01", "--speed", "max")
    assert code == 0, told
    assert "4 of 4 articles, 0 refused" in told
    assert "left out: 1 undated" in told
    alerts = await replaying.alerts()
    assert {alert["mode"] for alert in alerts} == {"archive"}
    sumy = [a for a in alerts if a["alert_type"] == "air-raid-warning" and a["region"] == "UA-59"]
    phases = {alert["revision"]: alert["phase"] for alert in sumy}
    assert (phases[1], phases[max(phases)]) == ("active", "ended"), alerts
    kharkiv = [alert for alert in alerts if alert.get("region") == "UA-63"]
    assert kharkiv[0]["phase"] == "active"
    assert kharkiv[0]["started_at"].startswith("2024-08-21T20:10")
    assert all(datetime.fromisoformat(alert["expires_at"]).year == 2024 for alert in alerts)
    assert any(alert["alert_type"] == "territorial-claim" for alert in alerts)
    status, state = replaying.deliver.get("/v1/state/regions")
    assert (status, json.loads(state)["regions"]) == (200, [])
    code, told = await replaying.run("--to", "2024-08-21", "--speed", "100000x")
    assert (code, len(await replaying.alerts())) == (0, len(alerts)), told
    assert "2 of 2 articles" in told
