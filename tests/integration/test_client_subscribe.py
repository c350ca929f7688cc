"""`tocsin subscribe` on the real broker: filters, looking back, forms and exit codes."""

import asyncio
import json
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from support.alerts import make_alert, publish_alerts
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.filter import AnyAlert
from tocsin_schemas.vocabulary import AlertType, Mode, Severity

TOCSIN = str(Path(sys.executable).parent / "tocsin")
CAP = Path(__file__).parents[1] / "data" / "cap" / "CAP-v1.2.xsd"

SUMY = make_alert("sumy", region="UA-59", severity=Severity.SEVERE)
ODESA = make_alert("odesa", region="UA-51", severity=Severity.EXTREME)
ENDED = make_alert("sumy", example="ended", region="UA-59", severity=Severity.MINOR)
CLAIM = make_alert("claim", AlertType.TERRITORIAL_CLAIM)
REPLAY = make_alert("replay", mode=Mode.ARCHIVE)
ALERTS = (SUMY, ODESA, CLAIM, REPLAY, ENDED)


def environment(settings: KafkaSettings) -> dict[str, str]:
    return {
        **os.environ,
        "TOCSIN_KAFKA_BOOTSTRAP": settings.kafka_bootstrap,
        "TOCSIN_TOPIC_PREFIX": settings.topic_prefix,
    }


def run(settings: KafkaSettings, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run(
        [TOCSIN, "subscribe", *arguments],
        env=environment(settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def ids_of(done: subprocess.CompletedProcess[str]) -> set[str]:
    return {json.loads(line)["alert_id"] for line in done.stdout.splitlines()}


def ids(*alerts: AnyAlert) -> set[str]:
    return {str(alert.alert_id) for alert in alerts}


def test_filters_narrow_what_is_shown(kafka: KafkaSettings) -> None:
    """By region with roll-up and severity, whose threshold an end passes; by type and language."""
    asyncio.run(publish_alerts(kafka, ALERTS))
    everything = ("--from-beginning", "--json", "--timeout", "60", "--count")
    for options, wanted in (
        (("--region", "UA-59", "--severity", "severe"), (SUMY, ENDED)),
        (("--region", "UA", "--severity", "moderate", "--replays"), (SUMY, ODESA, REPLAY, ENDED)),
        (("territorial-claim", "--language", CLAIM.sources[0].language), (CLAIM,)),
    ):
        done = run(kafka, *options, *everything, str(len(wanted)))
        assert done.returncode == 0, done.stderr
        assert ids_of(done) == ids(*wanted), options


def test_since_leaves_out_what_is_older(kafka: KafkaSettings) -> None:
    asyncio.run(publish_alerts(kafka, [ODESA], at=datetime.now(UTC) - timedelta(hours=3)))
    asyncio.run(publish_alerts(kafka, [SUMY]))
    done = run(kafka, "--since", "2h", "--json", "--count", "1")
    assert (done.returncode, ids_of(done)) == (0, ids(SUMY))


def test_the_exit_code_tells_whether_something_came(kafka: KafkaSettings) -> None:
    """None, too few, and a broker that has no such topics."""
    asyncio.run(publish_alerts(kafka, [SUMY]))
    assert run(kafka, "--timeout", "1").returncode == 1
    assert run(kafka, "--from-beginning", "--count", "2", "--timeout", "8").returncode == 1
    assert run(kafka, "--from-beginning", "--timeout", "8").returncode == 0
    wrong = kafka.model_copy(update={"kafka_bootstrap": "no address"})
    done = run(wrong, "--timeout", "1")
    assert done.returncode == 3
    assert "TOCSIN_KAFKA_BOOTSTRAP" in done.stderr


def test_cap_is_valid_and_refers_to_what_was_shown(kafka: KafkaSettings) -> None:
    """Claims are left out; the all-clear updates the alarm."""
    asyncio.run(publish_alerts(kafka, [CLAIM, SUMY, ENDED]))
    done = run(kafka, "--from-beginning", "--format", "cap", "--count", "2")
    assert done.returncode == 0, done.stderr
    schema = etree.XMLSchema(etree.parse(CAP))
    documents = [
        etree.fromstring(one.partition("?>")[2].strip().encode())
        for one in done.stdout.split("<?xml")[1:]
    ]
    for document in documents:
        schema.assertValid(document)
    kinds = [document.findtext("{*}msgType") for document in documents]
    assert kinds == ["Alert", "Update"]


def test_the_table_is_a_line_for_each_alert_where_there_is_no_terminal(
    kafka: KafkaSettings,
) -> None:
    asyncio.run(publish_alerts(kafka, [SUMY]))
    done = run(kafka, "--from-beginning", "--format", "table", "--count", "1")
    [line] = done.stdout.splitlines()
    assert "  ON  Severe  " in line
    assert line.endswith(SUMY.headline)


def test_the_table_on_a_terminal_shows_the_newest_state_of_an_event(kafka: KafkaSettings) -> None:
    """The alarm that was ended is not left standing as on."""
    asyncio.run(publish_alerts(kafka, [SUMY, ENDED]))
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [TOCSIN, "subscribe", "--from-beginning", "--format", "table", "--count", "2"],
        env=environment(kafka) | {"TERM": "xterm", "COLUMNS": "160", "LINES": "40"},
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 4096):
            shown += chunk
    except OSError:  # the other side was closed
        pass
    finally:
        os.close(ours)
    assert process.wait(timeout=60) == 0
    last = shown.decode().rpartition("Tocsin, ")[2]
    assert "ended" in last
    assert " ON " not in last
    assert last.count("UA-59") == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--region", "Sumy"), "UA-59"),
        (("--language", "Ukrainian"), "uk"),
        (("--since", "tomorrow"), "2h"),
        (("--confidence", "7"), "0 to 1"),
        (("--format", "xml"), "table"),
        (("--format", "cap", "territorial-claim"), "air-raid-warning"),
        (("--from-beginning", "--since", "2h"), "--from-beginning"),
    ],
)
def test_wrong_usage_is_told_with_what_is_allowed(arguments: tuple[str, ...], told: str) -> None:
    """Before anything is connected, with the exit code 2."""
    done = run(KafkaSettings(kafka_bootstrap="127.0.0.1:1"), *arguments)
    assert done.returncode == 2
    assert told in done.stderr
