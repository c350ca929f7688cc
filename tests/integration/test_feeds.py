"""Atom feeds and CAP messages of a delivery, read by independent readers."""

import asyncio
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree

from support.alerts import event_id, make_alert, publish_alerts
from support.services import Fleet, ServiceProcess, wait_until
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.vocabulary import AlertType, Mode, Phase

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parents[1] / "data/cap/CAP-v1.2.xsd"))


@pytest.fixture
def deliver(kafka: KafkaSettings, fleet: Fleet) -> ServiceProcess:
    """A delivery that has read an alarm with its end, one that is on, a drill, a claim."""
    alerts = [
        make_alert("ended"),
        make_alert("ended", example="ended", revision=2, phase=Phase.ENDED),
        make_alert("on", region="UA-63", headline="Alarm <Kharkiv> & \u0007bell"),
        make_alert("drill", mode=Mode.TEST, headline="DRILL: Air-raid warning"),
        make_alert("claim", AlertType.TERRITORIAL_CLAIM),
    ]
    asyncio.run(publish_alerts(kafka, alerts))
    process = fleet.deliver()
    process.start()
    process.wait_ready()
    return process


def feed_of(deliver: ServiceProcess, path: str) -> Any:
    """A feed as feedparser reads it, without anything that it had to forgive."""
    status, body = deliver.get(path)
    assert status == 200, body
    found = feedparser.parse(body.encode())
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    return found


def test_a_feed_has_an_entry_for_each_event(deliver: ServiceProcess) -> None:
    """With a stable id, the latest headline, the evidence and the sources; regions filter."""
    found = feed_of(deliver, "/v1/feeds/air-raid-warning.atom")
    assert {entry.id for entry in found.entries} == {
        f"urn:uuid:{event_id('ended')}", f"urn:uuid:{event_id('on')}",
    }  # fmt: skip
    assert found.feed.id.startswith("tag:tocsin.invalid,2024:air-raid-warning")
    assert found.feed.links[0].rel == "self"
    newest = found.entries[0]
    assert newest.title == "Alarm <Kharkiv> & \ufffdbell"
    assert found.feed.updated == newest.updated
    assert {tag.term for tag in newest.tags} == {"air-raid-warning", "new", "UA-63", "live"}
    assert "“" in newest.content[0].value
    only = feed_of(deliver, "/v1/feeds/air-raid-warning.atom?region=UA-63")
    assert [entry.id for entry in only.entries] == [f"urn:uuid:{event_id('on')}"]
    assert len(feed_of(deliver, "/v1/feeds/territorial-claim.atom").entries) == 1
    assert len(feed_of(deliver, "/v1/feeds/negotiation-stance.atom").entries) == 0
    drills = feed_of(deliver, "/v1/feeds/air-raid-warning.atom?drills=1")
    assert any(entry.title.startswith("DRILL") for entry in drills.entries)


def test_a_feed_that_did_not_change_is_not_sent_again(
    kafka: KafkaSettings, deliver: ServiceProcess
) -> None:
    """By ETag; a new alert changes it."""
    url = f"http://127.0.0.1:{deliver.port}/v1/feeds/air-raid-warning.atom"
    with urllib.request.urlopen(url) as answer:
        tag = answer.headers["etag"]

    def ask() -> int:
        try:
            request = urllib.request.Request(url, headers={"if-none-match": tag})
            with urllib.request.urlopen(request) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    assert ask() == 304
    asyncio.run(publish_alerts(kafka, [make_alert("later")]))
    wait_until(lambda: ask() == 200, 10, "the feed has changed")


def test_cap_messages_are_indexed_and_valid(deliver: ServiceProcess) -> None:
    """Each current one; a replaced one leads to what replaced it, which names it."""
    index = feed_of(deliver, "/v1/feeds/cap.atom?drills=1")
    assert len(index.entries) == 3
    for entry in index.entries:
        [link] = [one for one in entry.links if one.type == "application/cap+xml"]
        status, body = deliver.get(link.href.partition(str(deliver.port))[2])
        assert status == 200
        SCHEMA.assertValid(etree.fromstring(body.encode()))
    first, second = make_alert("ended"), make_alert("ended", example="ended", revision=2)
    status, body = deliver.get(f"/v1/cap/{first.alert_id}.xml")
    assert (status, str(second.alert_id) in body) == (200, True)
    assert f"tocsin.invalid,{first.alert_id}," in body
    assert "<msgType>Update</msgType>" in body.replace("ns0:", "")
    assert deliver.get("/v1/cap/nothing.xml")[0] == 404
    claim = make_alert("claim", AlertType.TERRITORIAL_CLAIM)
    assert deliver.get(f"/v1/cap/{claim.alert_id}.xml")[0] == 404


def test_wrong_feeds_are_named(deliver: ServiceProcess) -> None:
    """An unknown type, a region that is none."""
    status, body = deliver.get("/v1/feeds/sirens.atom")
    assert (status, "known: territorial-claim" in body) == (404, True)
    status, body = deliver.get("/v1/feeds/air-raid-warning.atom?region=Sumy")
    assert (status, body.startswith('{"error":"region: ')) == (400, True)
