"""The table of topics: names, keys and settings that the guarantees rest on."""

import pytest

from tocsin_schemas import topics
from tocsin_schemas.alerts import ALERT_MODELS
from tocsin_schemas.topics import ALERT_TOPICS, TOPICS, Topic

DAY_MS = 24 * 60 * 60 * 1000
EVERY = list(TOPICS.values())


def name_of(topic: Topic) -> str:
    return topic.name


def test_the_table_holds_these_topics() -> None:
    assert set(TOPICS) == {
        topics.ARTICLES,
        topics.DETECTIONS,
        topics.NOTIFIER_STATE,
        topics.ARTICLES_DEAD_LETTER,
        topics.DETECTIONS_DEAD_LETTER,
        topics.DELIVERIES_DEAD_LETTER,
        topics.HEARTBEAT,
        *ALERT_TOPICS.values(),
    }


@pytest.mark.parametrize("topic", EVERY, ids=name_of)
def test_a_name_has_no_underscore(topic: Topic) -> None:
    """Dots and underscores collide in Kafka's metric names."""
    assert "_" not in topic.name


def test_the_state_has_a_partition_for_each_of_detections() -> None:
    assert TOPICS[topics.NOTIFIER_STATE].partitions == TOPICS[topics.DETECTIONS].partitions
    assert TOPICS[topics.ARTICLES].partitions == TOPICS[topics.DETECTIONS].partitions
    assert TOPICS[topics.NOTIFIER_STATE].config["cleanup.policy"] == "compact"


def test_every_type_of_alert_has_a_topic_that_keeps_all_revisions_for_a_year() -> None:
    assert set(ALERT_TOPICS) == set(ALERT_MODELS)
    for alert_type, name in ALERT_TOPICS.items():
        topic = TOPICS[name]
        assert name == f"alerts.{alert_type}.v1"
        assert topic.key == "event_id"
        assert topic.config["cleanup.policy"] == "delete"
        assert int(topic.config["retention.ms"]) == 365 * DAY_MS


def test_time_is_in_the_log_of_detections_and_in_the_articles_of_a_replay() -> None:
    detections = TOPICS[topics.DETECTIONS]
    assert detections.config["message.timestamp.type"] == "LogAppendTime"
    assert detections.archive_config["message.timestamp.type"] == "CreateTime"
    assert detections.archive_config["retention.ms"] == "-1"


@pytest.mark.parametrize(
    "name",
    [topics.ARTICLES_DEAD_LETTER, topics.DETECTIONS_DEAD_LETTER, topics.DELIVERIES_DEAD_LETTER],
)
def test_a_dead_letter_topic_takes_any_message_with_its_headers(name: str) -> None:
    largest = max(
        int(topic.config["max.message.bytes"])
        for topic in EVERY
        if "max.message.bytes" in topic.config and "dead-letter" not in topic.name
    )
    assert int(TOPICS[name].config["max.message.bytes"]) == 2 * largest
