"""`tocsin topics create` and `tocsin subscribe` against the real broker."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from contract.examples import EXAMPLES
from support.topics import publish
from tocsin_localkafka import LocalKafka
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.topics import TOPICS

TOCSIN = str(Path(sys.executable).parent / "tocsin")


def run(settings: KafkaSettings, *arguments: str) -> tuple[int, list[str], str]:
    """Run the command against the broker, with the topics of the test."""
    environment = {
        "TOCSIN_KAFKA_BOOTSTRAP": settings.kafka_bootstrap,
        "TOCSIN_TOPIC_PREFIX": settings.topic_prefix,
    }
    done = subprocess.run(
        [TOCSIN, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout.splitlines(), done.stderr


def publish_examples(settings: KafkaSettings, names: Sequence[str]) -> None:
    """Put committed examples of alerts on their topics."""
    for name in names:
        value = (EXAMPLES / name).with_suffix(".json").read_bytes()
        topic = f"alerts.{name.partition('/')[0]}.v1"
        asyncio.run(publish(settings, topic, [(b"event", value)]))


def test_topics_are_created_once(broker: LocalKafka) -> None:
    """Every topic of the table with its prefix; a second run changes nothing."""
    settings = KafkaSettings(kafka_bootstrap=broker.bootstrap, topic_prefix=f"cli{os.getpid()}.")
    for word in ("created", "exists"):
        code, output, told = run(settings, "topics", "create")
        assert (code, output) == (0, [])
        assert sorted(told.split()) == sorted(
            part for name in TOPICS for part in (word, settings.topic_prefix + name)
        )


def test_subscriber_drops_repeats_and_keeps_to_its_region(kafka: KafkaSettings) -> None:
    """A repeated alert_id is shown once; another region's alert and a stance not at all."""
    warning, claim = "air-raid-warning/new", "territorial-claim/new"
    publish_examples(kafka, [warning, warning, claim, "negotiation-stance/new"])
    region = json.loads((EXAMPLES / f"{warning}.json").read_bytes())["region"]
    code, output, _ = run(
        kafka, "subscribe", "--from-beginning", "--json", "--count", "1", "--region", region
    )
    assert code == 0
    assert [json.loads(line)["region"] for line in output] == [region]
    code, output, _ = run(kafka, "subscribe", "--from-beginning", "--json", "--count", "3")
    assert code == 0
    assert len({json.loads(line)["alert_id"] for line in output}) == len(output) == 3


def test_subscriber_follows_only_the_types_it_names(kafka: KafkaSettings) -> None:
    """And tells on standard error what it cannot read, without ending."""
    publish_examples(kafka, ["air-raid-warning/new"])
    asyncio.run(publish(kafka, "alerts.territorial-claim.v1", [(b"event", b"no alert")]))
    publish_examples(kafka, ["territorial-claim/new"])
    code, output, told = run(
        kafka, "subscribe", "territorial-claim", "--from-beginning", "--count", "1"
    )
    assert code == 0
    assert any("territorial-claim" in line for line in output)
    assert not any("air-raid-warning" in line for line in output)
    assert "skipped" in told


def test_drills_are_left_out_unless_asked_for(kafka: KafkaSettings) -> None:
    """An exercise must not look like an alarm."""
    drill = json.loads((EXAMPLES / "air-raid-warning" / "new.json").read_bytes())
    drill |= {"mode": "test", "alert_id": "00000000-0000-5000-8000-000000000001"}
    topic = "alerts.air-raid-warning.v1"
    asyncio.run(publish(kafka, topic, [(b"event", json.dumps(drill).encode())]))
    publish_examples(kafka, ["air-raid-warning/new"])
    common = ("subscribe", "air-raid-warning", "--from-beginning", "--json", "--count")
    _, output, _ = run(kafka, *common, "1")
    assert [json.loads(line)["mode"] for line in output] == ["live"]
    _, output, _ = run(kafka, *common, "2", "--drills")
    assert [json.loads(line)["mode"] for line in output] == ["test", "live"]


@pytest.mark.parametrize("region", ["Sumy", "ua-59"])
def test_region_that_is_no_code_is_refused(kafka: KafkaSettings, region: str) -> None:
    """It would never match, and silence would look like peace."""
    code, _, told = run(kafka, "subscribe", "--region", region)
    assert code == 2
    assert "UA-59" in told
