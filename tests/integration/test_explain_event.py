"""`tocsin explain-event` on the real broker: an event's revisions from the alert topics alone."""

import asyncio
import json
from uuid import uuid4

from typer.testing import CliRunner, Result

import factories as make
from correlation import Partition
from factories import NOON, hours
from support.topics import publish
from tocsin_cli.main import app
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.envelope import encode_alert


def run(kafka: KafkaSettings, *arguments: str) -> Result:
    """The command against the test's topics."""
    environment = {
        "TOCSIN_KAFKA_BOOTSTRAP": kafka.kafka_bootstrap,
        "TOCSIN_TOPIC_PREFIX": kafka.topic_prefix,
        "COLUMNS": "200",
    }
    return CliRunner().invoke(app, ["explain-event", *arguments], env=environment)


def test_each_revision_is_shown_with_its_reason(kafka: KafkaSettings) -> None:
    """Of the one event that is asked for, as lines and for people."""
    partition = Partition()
    partition.read(make.make_claim(area_km2=1000, name=1), NOON)
    partition.read(make.make_stance(name=2), NOON)
    partition.read(make.make_claim(area_km2=1250, name=3), NOON + hours(1))
    partition.read(make.make_denial(name=4), NOON + hours(2))
    for alert in partition.alerts:
        message = encode_alert(alert)
        sent = publish(
            kafka, message.topic, [(message.key, message.value)], headers=message.headers
        )
        asyncio.run(sent)
    event_id = str(partition.alerts[0].event_id)

    lines = run(kafka, event_id, "--json")
    assert lines.exit_code == 0, lines.output
    rows = [json.loads(line) for line in lines.stdout.splitlines()]
    assert [(row["revision"], row["change_reason"]) for row in rows] == [
        (1, "first_report"),
        (2, "numbers_grown"),
        (3, "denied"),
    ]
    people = run(kafka, event_id).stdout
    for told in ("numbers_grown", "1000.0  to  1250.0", "Somebody denies it.", "Said by 4"):
        assert told in people, people

    missing = run(kafka, str(uuid4()))
    assert (missing.exit_code, "no alert of event" in missing.stderr) == (1, True)
    assert run(kafka, "alert").exit_code == 2
