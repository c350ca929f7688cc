"""Today's services go on from what the release before left, and write what that one can read."""

import json
import signal
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from factories import make_article
from faults.replay import detections_of
from support.previous_release import Left, bring_back, faults, left_on
from support.services import Fleet, wait_until
from support.topics import publish, read_topic, wait_until_processed
from tocsin_notifier.correlation.clock import CLOCK_KEY
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.article import ArticleSource
from tocsin_schemas.detection import Detection
from tocsin_schemas.envelope import decode_alert
from tocsin_schemas.filter import AlertFilter
from tocsin_schemas.topics import (
    ALERT_TOPICS,
    ARTICLES,
    ARTICLES_DEAD_LETTER,
    DETECTIONS,
    DETECTIONS_DEAD_LETTER,
    NOTIFIER_STATE,
)
from tocsin_schemas.vocabulary import SourceKind

ALERTS = [one for topic in ALERT_TOPICS.values() for one in left_on(topic)]

NEWS = {
    "sumy": "Missiles are heading for Sumy region right now, take shelter!",
    "odesa": "The air raid alert in Odesa region is over, the all-clear was given.",
    "robotyne": "Russia's defence ministry said that its troops had captured the village of "
    "Robotyne in Zaporizhzhia region.",
    "truce": "Kyiv supports a ceasefire, Ukraine's foreign ministry said.",
}
"""What is told after the upgrade about events from before it."""


def latest(topic_part: str, headline: str) -> dict[str, Any]:
    """The last alert before the upgrade about an event."""
    found = [one.content for one in ALERTS
             if topic_part in one.topic and headline in one.content["headline"]]  # fmt: skip
    return max(found, key=lambda alert: int(alert["revision"]))


BEFORE = {
    "sumy": latest("warning", "Air-raid warning for Sumy"),
    "odesa": latest("warning", "Air-raid warning for Odesa"),
    "robotyne": latest("claim", "Russia claims capture of Robotyne"),
    "truce": latest("stance", "Ukraine supports a ceasefire"),
}


def tell(name: str, at: datetime) -> list[Detection]:
    """The detections of an article by today's classifier."""
    source = ArticleSource(id=name, kind=SourceKind.API, publisher=f"{name.title()} News")
    article = make_article(
        name=f"after the upgrade: {name}", text=NEWS[name], source=source,
        published_at=at, received_at=at, dated_at=at,
    )  # fmt: skip
    return detections_of(article)


async def read_alerts(kafka: KafkaSettings) -> dict[str, dict[str, Any]]:
    """The alerts on the topics by event; there is one of each."""
    found = [one for topic in ALERT_TOPICS.values() for one in await read_topic(kafka, topic)]
    for one in found:
        alert_type = decode_alert(one.value or b"").alert_type
        assert faults(alert_type, one.value) == []
    contents = [json.loads(one.value or b"") for one in found]
    by_event = {str(one["event_id"]): one for one in contents}
    assert len(by_event) == len(contents)
    return by_event


async def test_the_notifier_goes_on_from_the_state_of_the_release_before(
    archive: KafkaSettings, fleet: Fleet
) -> None:
    """It tells nothing twice, and news of an old event is its next revision, not a new event.

    On the clock of the log: by that of the wall the old events would be over.
    """
    old = [*left_on(NOTIFIER_STATE), *left_on(DETECTIONS)]
    await bring_back(archive, old, own_time=True)
    environment = {"TOCSIN_TOPIC_PREFIX": archive.topic_prefix, "TOCSIN_ARCHIVE": "true"}
    notifier = fleet.notifier(**environment)
    notifier.start()
    await wait_until_processed(archive, DETECTIONS, "notifier")
    assert await read_alerts(archive) == {}
    repeats = len(left_on(DETECTIONS))
    wait_until(lambda: notifier.metric("tocsin_detections_dropped_total") == repeats, 20, "repeats")
    now = max(one.timestamp_ms for one in old) + 60_000
    at = datetime.fromtimestamp(now / 1000, UTC)
    for name in NEWS:
        for one in tell(name, at):
            assert faults("detection", one.to_json()) == []
            partition = next(past.partition for past in old if past.key == one.scope.encode())
            await publish(
                archive, DETECTIONS, [(one.scope.encode(), one.to_json())],
                partition=partition, timestamp_ms=now,
            )  # fmt: skip
    await wait_until_processed(archive, DETECTIONS, "notifier")
    told = await read_alerts(archive)
    assert told.keys() == {before["event_id"] for before in BEFORE.values()}
    for name, before in BEFORE.items():
        alert = told[before["event_id"]]
        assert alert["status"] == ("ended" if name == "odesa" else "updated"), name
        assert alert["revision"] == before["revision"] + 1, name
        assert set(alert["references"]) == {*before["references"], before["alert_id"]}, name
    assert await read_topic(archive, DETECTIONS_DEAD_LETTER) == []
    # Once more from state of both releases; and what was written today, the old one can read.
    notifier.send(signal.SIGTERM)
    assert notifier.wait(20) == 0
    notifier.start()
    notifier.wait_ready()
    state = await read_topic(archive, NOTIFIER_STATE)
    written = [one for one in state if one.timestamp_ms > now and one.value is not None]
    records = [one for one in written if one.key != CLOCK_KEY]
    assert len(records) > len(NEWS)
    assert [fault for one in records for fault in faults("notifier-state", one.value)] == []


async def test_articles_of_the_release_before_are_known_and_classified(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """Ingest fills its index from them; the classifier reads each, the withdrawn one too."""
    articles = left_on(ARTICLES)
    await bring_back(kafka, articles)
    folder = str(fleet.folder / "index")
    ingest = fleet.service("ingest-1", "tocsin-ingest", TOCSIN_INGEST_DATA_DIR=folder)
    classifier = fleet.service("classifier-1", "tocsin-classifier")
    for service in (ingest, classifier):
        service.start()
    for service in (ingest, classifier):
        service.wait_ready()
    given = next(one.content for one in articles if "north.example" in str(one.content["source"]))
    url = f"http://127.0.0.1:{ingest.port}/v1/articles"
    article = {"text": given["text"], "url": given["source"]["url"],
               "publisher": given["source"]["publisher"],
               "published_at": given["published_at"]}  # fmt: skip
    edited = {**article, "text": given["text"] + " The mayor says so too."}
    answers = [httpx2.post(url, json=one, timeout=30).json()["articles"][0]
               for one in (article, edited)]  # fmt: skip
    assert [one["article_id"] for one in answers] == [given["article_id"]] * 2
    told = [(one["status"], one["revision"], one["revision_kind"]) for one in answers]
    assert told == [("unchanged", 1, "first"), ("published", 2, "correction")]
    await wait_until_processed(kafka, ARTICLES, "classifier")
    assert await read_topic(kafka, ARTICLES_DEAD_LETTER) == []
    wait_until(
        lambda: classifier.metric("tocsin_articles_classified_total") == len(articles) + 1,
        20, "all are classified",
    )  # fmt: skip
    written = [one for one in await read_topic(kafka, DETECTIONS)
               if json.loads(one.value or b"")["kind"] != "probe"]  # fmt: skip
    kinds = {json.loads(one.value or b"")["kind"] for one in written}
    assert kinds == {"detection", "article-revised"}
    for one in written:
        assert faults(json.loads(one.value or b"")["kind"], one.value) == []
    for article_record in await read_topic(kafka, ARTICLES):
        kind = json.loads(article_record.value or b"")["kind"]
        assert faults(kind, article_record.value) == []


async def test_alerts_of_the_release_before_are_delivered_from(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """Deliver takes each from its topic."""
    deliver = fleet.deliver()
    deliver.start()
    deliver.wait_ready()
    await bring_back(kafka, ALERTS)
    wait_until(
        lambda: deliver.metric("tocsin_delivery_alerts_read_total") == len(ALERTS), 20, "all read"
    )
    assert deliver.metric("tocsin_records_skipped_total") == 0


@pytest.mark.parametrize("one", ALERTS, ids=lambda one: str(one.content["headline"]))
def test_subscribers_of_today_read_alerts_of_the_release_before(one: Left) -> None:
    """Headers and value pass the filter, which looks at both."""
    alert = decode_alert(one.value or b"")
    everything = AlertFilter()
    assert everything.may_match(one.headers)
    assert everything.matches(alert)
    assert json.loads(alert.to_json())["alert_id"] == one.content["alert_id"]


def test_the_files_hold_every_kind_of_record() -> None:
    """What is missing here would not be tried."""
    kinds = {one.content.get("kind") for one in left_on(NOTIFIER_STATE)} - {None}
    assert kinds >= {"event", "event-article", "article", "all-clear", "stance-history"}
    assert any(one.value is None for one in left_on(NOTIFIER_STATE))
    assert {one.content["kind"] for one in left_on(DETECTIONS)} == {"detection", "article-revised"}
    assert {one.content["status"] for one in ALERTS} == {"new", "updated", "ended", "retracted"}
    assert {one.content["revision_kind"] for one in left_on(ARTICLES)} == {
        "first", "correction", "withdrawn"
    }  # fmt: skip
