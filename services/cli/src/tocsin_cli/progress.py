"""How far the pipeline has come: committed offsets of its groups against the ends of topics."""

import asyncio
from collections.abc import Mapping

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from tocsin_cli.topic_log import end_offsets, partitions_of
from tocsin_runtime.kafka import group_name, open_admin
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.topics import ARTICLES, DETECTIONS

_STAGES = ((ARTICLES, "classifier"), (DETECTIONS, "notifier"))
"""Each topic on the way with the group that reads it."""

_POLL_SECONDS = 0.1


async def wait_until_processed(settings: KafkaSettings, deadline_seconds: float) -> None:
    """Wait until all that stood on `articles` at the call has become alerts, or nothing.

    Raises:
        TimeoutError: a group did not come that far in time; the message names it and its lag.

    """
    loop = asyncio.get_running_loop()
    end = loop.time() + deadline_seconds
    async with open_admin(settings) as admin:
        for topic, group in _STAGES:
            ends = await end_offsets(settings, partitions_of(settings, [topic]))
            while lag := await _lag(admin, group_name(settings, group), ends):
                if loop.time() > end:
                    raise TimeoutError(f"{group} is {lag} records behind on {topic}")
                await asyncio.sleep(_POLL_SECONDS)


async def _lag(admin: AIOKafkaAdminClient, group: str, ends: Mapping[TopicPartition, int]) -> int:
    committed = await admin.list_consumer_group_offsets(group, partitions=list(ends))
    return sum(
        max(0, end - max(0, committed[partition].offset if partition in committed else 0))
        for partition, end in ends.items()
    )
