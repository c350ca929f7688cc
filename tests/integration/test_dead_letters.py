"""Dead letters on the real broker: listed, shown and replayed with their own bytes."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner, Result

from factories import make_article
from support.topics import publish, read_topic
from tocsin_cli.main import app
from tocsin_runtime.dead_letter import Received, dead_letter
from tocsin_runtime.kafka import topic_name
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.topics import (
    ARTICLES,
    ARTICLES_DEAD_LETTER,
    DELIVERIES_DEAD_LETTER,
    DETECTIONS,
    DETECTIONS_DEAD_LETTER,
)

ARTICLE = make_article(name="dead")
JUNK = b"\x00\xff\xfe no record"
AT = datetime(2024, 8, 20, 12, 0, tzinfo=UTC)


def run(kafka: KafkaSettings, *arguments: str, typed: str = "") -> Result:
    """The command against the test's topics."""
    environment = {
        "TOCSIN_KAFKA_BOOTSTRAP": kafka.kafka_bootstrap,
        "TOCSIN_TOPIC_PREFIX": kafka.topic_prefix,
        "COLUMNS": "250",
    }
    return CliRunner().invoke(app, ["dead-letter", *arguments], input=typed, env=environment)


def rows(result: Result) -> list[dict[str, object]]:
    """The lines that a command printed."""
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def bury(kafka: KafkaSettings, topic: str, key: bytes, value: bytes, reason: str) -> None:
    """Put a record that stood in partition 3 of a topic on its dead-letter topic."""
    full = kafka.topic_prefix + topic
    record = Received(full, 3, 17, key, value, (("traceparent", b"00-ab-cd-01"),))
    letter = dead_letter(record, reason=reason, detail="text: no", service="tests", at=AT)
    target = DELIVERIES_DEAD_LETTER if topic.startswith("alerts") else f"{topic}.dead-letter"
    sent = publish(kafka, target, [(letter.key, letter.value)], headers=letter.headers)
    asyncio.run(sent)


@pytest.fixture
def letters(kafka: KafkaSettings) -> list[str]:
    """The names of three letters: an article, junk, and an alert that a subscriber refused."""
    bury(kafka, ARTICLES, str(ARTICLE.article_id).encode(), ARTICLE.to_json(), "failed")
    bury(kafka, DETECTIONS, b"UA-59", JUNK, "undecodable")
    bury(kafka, "alerts.air-raid-warning.v1", b"event", b"{}", "http_400")
    found = {str(row["reason"]): str(row["letter"]) for row in rows(run(kafka, "list", "--json"))}
    return [found[reason] for reason in ("failed", "undecodable", "http_400")]


def test_letters_are_listed_with_where_from_and_why(
    kafka: KafkaSettings, letters: list[str]
) -> None:
    """One line a letter; topic, reason and time choose."""
    everything = rows(run(kafka, "list", "--json"))
    assert {row["letter"] for row in everything} == set(letters)
    article = next(row for row in everything if row["letter"] == letters[0])
    assert article["from"] == {
        "topic": topic_name(kafka, ARTICLES),
        "partition": 3,
        "offset": 17,
    }
    assert (article["reason"], article["detail"], article["service"], article["replayed_at"]) == (
        "failed", "text: no", "tests", None,
    )  # fmt: skip
    assert article["bytes"] == len(ARTICLE.to_json())

    by_topic = rows(run(kafka, "list", "--topic", "detections", "--json"))
    by_reason = rows(run(kafka, "list", "--reason", "undecodable", "--json"))
    assert (
        [row["letter"] for row in by_topic] == [row["letter"] for row in by_reason] == letters[1:2]
    )
    assert rows(run(kafka, "list", "--since", "2h", "--json")) == []
    assert len(rows(run(kafka, "list", "--since", "2024-08-20", "--json"))) == 3
    table = run(kafka, "list")
    assert all(name in table.stdout for name in letters)


def test_a_letter_is_shown_with_its_headers_and_bytes(
    kafka: KafkaSettings, letters: list[str]
) -> None:
    """What is no text is escaped, and untouched with --raw."""
    shown = rows(run(kafka, "show", letters[0], "--json"))[0]
    assert shown["value"] == ARTICLE.to_json().decode()
    assert ["traceparent", "00-ab-cd-01"] in list(shown["headers"])  # type: ignore[call-overload]
    assert run(kafka, "show", letters[1], "--raw").stdout_bytes == JUNK
    people = run(kafka, "show", letters[1])
    assert "tocsin-reason" in people.stdout
    assert r"\xff\xfe no record" in people.stdout


def test_a_replayed_letter_has_its_own_key_and_bytes_and_is_marked(
    kafka: KafkaSettings, letters: list[str]
) -> None:
    """Declined it is not sent; replayed it is not replayed by a filter again."""
    declined = run(kafka, "replay", "--topic", "articles", typed="n\n")
    assert declined.exit_code == 1
    assert asyncio.run(read_topic(kafka, ARTICLES)) == []

    replayed = run(kafka, "replay", "--topic", "articles", "--topic", "detections", "--yes")
    assert replayed.exit_code == 0, replayed.output
    [article] = asyncio.run(read_topic(kafka, ARTICLES))
    assert (article.key, article.value) == (str(ARTICLE.article_id).encode(), ARTICLE.to_json())
    assert article.partition == 3
    assert article.headers == (
        ("traceparent", b"00-ab-cd-01"),
        ("tocsin-replayed-from", letters[0].encode()),
    )
    [junk] = asyncio.run(read_topic(kafka, DETECTIONS))
    assert junk.value == JUNK

    marked = {row["letter"]: row["replayed_at"] for row in rows(run(kafka, "list", "--json"))}
    assert [marked[name] is not None for name in letters] == [True, True, False]
    again = run(kafka, "replay", "--topic", "articles", "--yes")
    assert (again.exit_code, "nothing to replay" in again.stderr) == (0, True)
    assert run(kafka, "replay", letters[0], "--yes").exit_code == 0
    assert len(asyncio.run(read_topic(kafka, ARTICLES))) == 2


def test_what_cannot_be_replayed_is_told(kafka: KafkaSettings, letters: list[str]) -> None:
    """An alert topic takes no replays; a letter that is none, and no choice at all, are errors."""
    refused = run(kafka, "replay", letters[2], "--yes")
    assert (refused.exit_code, "takes no replays" in refused.stderr) == (1, True)
    missing = run(kafka, "replay", f"{ARTICLES_DEAD_LETTER}/0/999", "--yes")
    assert (missing.exit_code, "999" in missing.stderr) == (1, True)
    assert run(kafka, "replay", "--yes").exit_code == 2
    assert run(kafka, "show", "somewhere").exit_code == 2
    assert run(kafka, "list", "--topic", "weather").exit_code == 2
    assert run(kafka, "list", "--since", "yesterday").exit_code == 2
    assert DETECTIONS_DEAD_LETTER in run(kafka, "list").stdout
