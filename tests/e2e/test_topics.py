"""What stands on the topics after the sample article: valid, verbatim, counted, and once."""

import json
import signal
from datetime import UTC, datetime, timedelta

import pytest

from contract.examples import errors
from support import seed
from support.pipeline import Pipeline
from support.services import wait_until
from tocsin_schemas.topics import (
    ALERT_TOPICS,
    ARTICLES,
    ARTICLES_DEAD_LETTER,
    DETECTIONS,
    DETECTIONS_DEAD_LETTER,
    HEARTBEAT,
)


@pytest.fixture(scope="module", autouse=True)
def seeded(pipeline: Pipeline) -> None:
    """The sample article went through before any test of this module."""
    assert pipeline.post_seed(seed.PATH)["status"] == "published"
    pipeline.settle()


def of_seed(pipeline: Pipeline) -> list[dict[str, object]]:
    ids = {key[0] for key, article in pipeline.articles().items() if article["text"] == seed.TEXT}
    return [
        alert for alert in pipeline.alerts() if ids & {e["article_id"] for e in alert["evidence"]}
    ]


def test_the_eight_alerts_stand_on_their_topics(pipeline: Pipeline) -> None:
    """Three topics, each with alerts of its own type, keyed by event, as CloudEvents."""
    seed.check_alerts(of_seed(pipeline))
    for alert_type, topic in ALERT_TOPICS.items():
        for record in pipeline.records(topic):
            alert = json.loads(record.value or b"")
            headers = {name: value.decode() for name, value in record.headers}
            assert alert["alert_type"] == headers["ce_alerttype"] == alert_type
            assert (record.key or b"").decode() == alert["event_id"] == headers["ce_subject"]
            assert headers["ce_id"] == alert["alert_id"]


def test_metrics_say_one_article_and_eight_alerts_by_type(pipeline: Pipeline) -> None:
    """Counted where it happens; nothing went astray."""
    assert pipeline.metric("ingest", "tocsin_articles_published_total") == 1
    assert pipeline.metric("classifier", "tocsin_articles_classified_total", language="fr") == 1
    wanted = {"territorial-claim": 1, "negotiation-stance": 2, "air-raid-warning": 5}
    for alert_type, count in wanted.items():
        counted = {"alert_type": alert_type, "language": "fr"}
        assert pipeline.metric("classifier", "tocsin_detections_total", **counted) == count
        assert pipeline.metric("notifier", "tocsin_alerts_total", alert_type=alert_type) == count
    for service in ("classifier", "notifier"):
        assert pipeline.metric(service, "tocsin_dead_letters_total") == 0


def test_seed_again_and_restarts_in_between_add_no_alert(pipeline: Pipeline) -> None:
    """Each service is ended in order or killed, started again, and the article comes again."""
    before = sorted(str(alert["alert_id"]) for alert in of_seed(pipeline))
    for name, number in (
        ("ingest", signal.SIGTERM),
        ("classifier", signal.SIGKILL),
        ("notifier", signal.SIGKILL),
        ("notifier", signal.SIGTERM),
        ("classifier", signal.SIGTERM),
    ):
        process = pipeline.stack.processes[name]
        process.send_signal(number)
        code = process.wait(5)
        assert code == (0 if number is signal.SIGTERM else -9)
        process.start()
        process.wait_ready(40)
        assert pipeline.post_seed(seed.PATH)["status"] == "unchanged"
        pipeline.settle()
    assert sorted(str(alert["alert_id"]) for alert in of_seed(pipeline)) == before


@pytest.mark.parametrize(
    ("region", "name", "age", "phase"),
    [
        ("UA-63", "Харківській", timedelta(0), "active"),
        ("UA-74", "Чернігівській", timedelta(hours=5), "reported"),
        ("UA-51", "Одеській", None, "reported"),
    ],
)
def test_siren_is_active_only_while_its_own_time_is_now(
    pipeline: Pipeline, region: str, name: str, age: timedelta | None, phase: str
) -> None:
    """Now, five hours ago, undated: active, reported, reported."""
    text = f"Увага, повітряна тривога в {name} області! Негайно пройдіть в укриття."
    at = None if age is None else (datetime.now(UTC) - age).isoformat()
    status, answer = pipeline.post({"text": text, "language": "uk", "published_at": at})
    assert status == 202, answer
    pipeline.settle()
    article_id = answer["articles"][0]["article_id"]
    (alert,) = [
        alert
        for alert in pipeline.alerts()
        if article_id in {piece["article_id"] for piece in alert["evidence"]}
    ]
    assert (alert["region"], alert["phase"]) == (region, phase)
    assert (alert["instruction"] == "shelter") is (phase == "active")


def test_bad_bodies_are_refused_with_field_and_reason(pipeline: Pipeline) -> None:
    """A 4xx that says what is wrong; nothing of it reaches the topic."""
    before = len(pipeline.articles())
    for body, field in (
        (b"no json", "body"),
        (b'{"text": "\xff"}', "body"),
        ({"title": "no text"}, "text"),
        ({"text": ""}, "text"),
        ({"text": "x" * 262_145}, "text"),
        ({"text": "x", "published_at": "9999-12-31T23:59:59Z"}, "published_at"),
    ):
        status, answer = pipeline.post(body)
        assert 400 <= status < 500, answer
        assert answer["errors"][0]["field"] == field
        assert answer["errors"][0]["reason"]
    assert len(pipeline.articles()) == before


def test_every_message_validates_against_the_committed_schema(pipeline: Pipeline) -> None:
    """An independent validator reads articles, detections, probes, heartbeats and alerts."""
    wait_until(lambda: bool(pipeline.records(HEARTBEAT)), 30, "a heartbeat came through")
    kinds: set[str] = set()
    for topic in (ARTICLES, DETECTIONS, HEARTBEAT):
        for record in pipeline.records(topic):
            value = json.loads(record.value or b"")
            kind = value.get("kind", "heartbeat")
            assert errors(kind, value) == [], (topic, value)
            kinds.add(kind)
    assert {"article", "detection", "probe", "heartbeat"} <= kinds
    alerts = pipeline.alerts()
    assert len(alerts) > 8
    for alert in alerts:
        assert errors(alert["alert_type"], alert) == [], alert
    for topic in (ARTICLES_DEAD_LETTER, DETECTIONS_DEAD_LETTER):
        assert pipeline.records(topic) == []


def test_every_quote_is_the_published_articles_own_words(pipeline: Pipeline) -> None:
    """text[start:end] == quote, in the very revision that the evidence names."""
    articles = pipeline.articles()
    for alert in pipeline.alerts():
        for piece in alert["evidence"]:
            article = articles[piece["article_id"], piece["revision"]]
            words = article[piece["field"]]
            assert words[piece["start"] : piece["end"]] == piece["quote"]
            at = piece["sentence_start"]
            assert words[at : at + len(piece["sentence"])] == piece["sentence"]
            assert piece["language"] == article["language"]
