"""What stands on the topics when a run is over, read as a subscriber reads it."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiokafka import TopicPartition

from support.topics import read_topic
from tocsin_runtime.dead_letter import Received
from tocsin_runtime.kafka import group_name, open_admin, topic_name
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.topics import (
    ALERT_TOPICS,
    ARTICLES,
    ARTICLES_DEAD_LETTER,
    DETECTIONS,
    DETECTIONS_DEAD_LETTER,
    NOTIFIER_STATE,
    TOPICS,
)

Records = list[Received]


@dataclass(frozen=True)
class Logs:
    """Every committed record of every topic that is compared."""

    articles: Records
    detections: Records
    alerts: Records
    articles_dead: Records
    detections_dead: Records
    state: Records
    processed: Mapping[int, int]
    """The notifier's committed offset by partition of `detections`."""


async def read_logs(settings: KafkaSettings) -> Logs:
    """Read all of it; the services must have ended."""
    alerts: Records = []
    for topic in ALERT_TOPICS.values():
        alerts += await read_topic(settings, topic)
    return Logs(
        articles=await read_topic(settings, ARTICLES),
        detections=await read_topic(settings, DETECTIONS),
        alerts=alerts,
        articles_dead=await read_topic(settings, ARTICLES_DEAD_LETTER),
        detections_dead=await read_topic(settings, DETECTIONS_DEAD_LETTER),
        state=await read_topic(settings, NOTIFIER_STATE),
        processed=await _processed(settings),
    )


async def _processed(settings: KafkaSettings) -> dict[int, int]:
    name = topic_name(settings, DETECTIONS)
    partitions = [TopicPartition(name, one) for one in range(TOPICS[DETECTIONS].partitions)]
    async with open_admin(settings) as admin:
        committed = await admin.list_consumer_group_offsets(
            group_name(settings, "notifier"), partitions=partitions
        )
    return {
        one.partition: max(0, committed[one].offset) if one in committed else 0
        for one in partitions
    }
