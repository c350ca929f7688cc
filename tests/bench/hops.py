"""How long each hop of the way took, read afterwards from what stands on the topics."""

import json
from collections.abc import Mapping

from bench.posting import Times
from support.topics import read_topic
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.topics import ALERT_TOPICS, ARTICLES, DETECTIONS

Hops = Mapping[str, list[float]]
"""Milliseconds of each hop by its name."""


async def read_hops(settings: KafkaSettings, times: Times) -> Hops:
    """The hops of the articles that led to an alert.

    Articles and alerts carry the time at which they were sent, detections that at which the broker
    stored them.
    """
    sent: dict[str, int] = {}
    for record in await read_topic(settings, ARTICLES):
        article = json.loads(record.value or b"{}")
        if article["kind"] == "article" and article["source"]["url"] in times.alerted:
            sent[article["source"]["url"]] = record.timestamp_ms
    stored: dict[str, int] = {}
    for record in await read_topic(settings, DETECTIONS):
        detection = json.loads(record.value or b"{}")
        if detection["kind"] == "detection" and detection["url"] in sent:
            stored[detection["url"]] = record.timestamp_ms
    alerted: dict[str, int] = {}
    for topic in ALERT_TOPICS.values():
        for record in await read_topic(settings, topic):
            for source in json.loads(record.value or b"{}")["sources"]:
                alerted.setdefault(source["url"], record.timestamp_ms)
    both = stored.keys() & alerted.keys()
    return {
        "articles to detections": [float(stored[url] - sent[url]) for url in both],
        "detections to the alert sent": [float(alerted[url] - stored[url]) for url in both],
    }
