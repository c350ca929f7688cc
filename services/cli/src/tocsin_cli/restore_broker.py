"""What a restore changes at the broker beside records: times that are kept, places of groups."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from tocsin_cli.backup_files import BackupError
from tocsin_runtime.connection import connection_options
from tocsin_runtime.kafka import group_name, open_admin, topic_name
from tocsin_runtime.settings import KafkaSettings

_TYPE = "message.timestamp.type"
_SET_ON_TOPIC = 1
"""Kafka's number for a setting that stands on the topic itself."""


@asynccontextmanager
async def kept_timestamps(settings: KafkaSettings, topics: Sequence[str]) -> AsyncIterator[None]:
    """While this lasts, topics that stamp records with the broker's clock keep our times instead.

    Raises:
        BackupError: the broker does not let us change the setting.
        aiokafka.errors.KafkaError: the broker does not answer.

    """
    async with open_admin(settings) as admin:
        stamped = {}
        for topic in topics:
            found = await _read_config(admin, topic_name(settings, topic))
            if found.get(_TYPE) == "LogAppendTime":
                stamped[topic_name(settings, topic)] = found
        try:
            for name, config in stamped.items():
                await _write_config(admin, name, {**config, _TYPE: "CreateTime"})
            yield
        finally:
            for name, config in stamped.items():
                await _write_config(admin, name, config)


async def commit_places(
    settings: KafkaSettings, places: Mapping[str, Mapping[TopicPartition, int]]
) -> None:
    """Let groups, by their names without prefix, go on at these offsets.

    Raises:
        aiokafka.errors.KafkaError: the broker refuses, as for a group that has members.

    """
    for group, offsets in places.items():
        if not offsets:
            continue
        consumer = AIOKafkaConsumer(
            **connection_options(settings),
            client_id="tocsin-restore",
            group_id=group_name(settings, group),
            enable_auto_commit=False,
        )
        try:
            await consumer.start()
            consumer.assign(list(offsets))
            await consumer.commit(dict(offsets))
        finally:
            await consumer.stop()


async def _read_config(admin: AIOKafkaAdminClient, name: str) -> dict[str, str]:
    resource = ConfigResource(ConfigResourceType.TOPIC, name)
    (answer,) = await admin.describe_configs([resource])
    code, message, _, _, entries = answer.resources[0]
    if code:
        raise BackupError(f"{name}: its settings cannot be read: {message or code}")
    return {entry[0]: entry[1] for entry in entries if entry[3] == _SET_ON_TOPIC}


async def _write_config(admin: AIOKafkaAdminClient, name: str, config: Mapping[str, str]) -> None:
    resource = ConfigResource(ConfigResourceType.TOPIC, name, dict(config))
    (answer,) = await admin.alter_configs([resource])
    code, message = answer.resources[0][:2]
    if code:
        raise BackupError(
            f"{name}: {_TYPE} cannot be changed, which keeping the records' times needs: "
            f"{message or code}"
        )
