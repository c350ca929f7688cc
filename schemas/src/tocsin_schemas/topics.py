"""The table of topics, read from `topics.toml`: names and settings have no other home."""

import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Annotated

from pydantic import Field, StringConstraints

from tocsin_schemas.contract import Contract
from tocsin_schemas.vocabulary import AlertType

TopicName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,150}$")]
"""Dots and hyphens only: underscores collide with dots in Kafka's metric names."""

TOPIC_PREFIX_PATTERN = r"^([a-z0-9][a-z0-9.-]{0,60})?$"
"""What a prefix of all names may look like; empty for none."""


class Topic(Contract):
    """One topic: its name, its key, what stands on it and how it is kept."""

    name: TopicName
    """Name without the prefix."""
    key: str
    """What the Kafka key is."""
    holds: str
    """What the values are."""
    alert_type: AlertType | None = None
    """The type of alert, for the alert topics."""
    partitions: Annotated[int, Field(ge=1, le=1000)]
    """How many partitions; never changed for `detections` and `notifier.state`."""
    config: Mapping[str, str]
    """Kafka's topic settings."""
    archive_config: Mapping[str, str] = {}
    """Settings that replace these for the prefixed topics of a replay."""


class _Table(Contract):
    topic: tuple[Topic, ...]


def _load() -> dict[str, Topic]:
    text = resources.files("tocsin_schemas").joinpath("topics.toml").read_text("utf-8")
    return {topic.name: topic for topic in _Table.model_validate(tomllib.loads(text)).topic}


TOPICS: Mapping[str, Topic] = _load()
"""Every topic by its name without prefix."""

ARTICLES = "articles"
DETECTIONS = "detections"
NOTIFIER_STATE = "notifier.state"
ARTICLES_DEAD_LETTER = "articles.dead-letter"
DETECTIONS_DEAD_LETTER = "detections.dead-letter"
DELIVERIES_DEAD_LETTER = "deliveries.dead-letter"
HEARTBEAT = "tocsin.heartbeat"

ALERT_TOPICS: Mapping[AlertType, str] = {
    topic.alert_type: topic.name for topic in TOPICS.values() if topic.alert_type is not None
}
"""The topic of each type of alert."""
