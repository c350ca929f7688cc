"""Where a stream begins to read each partition."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from aiokafka import AIOKafkaConsumer, TopicPartition

Since = datetime | timedelta | Literal["beginning"] | None
"""A time, a span before now, everything kept, or only what comes from now on."""


async def find_starts(
    consumer: AIOKafkaConsumer,
    partitions: Iterable[TopicPartition],
    since: Since,
    now: datetime,
    *,
    grouped: bool,
) -> dict[TopicPartition, int]:
    """The first offset to read of each partition.

    Args:
        consumer: a started consumer.
        partitions: the partitions.
        since: where to begin a partition for which the group has committed nothing.
        now: what a span is counted back from.
        grouped: whether there is a group at all.

    Raises:
        aiokafka.errors.KafkaError: the broker does not answer.

    """
    starts: dict[TopicPartition, int] = {}
    if grouped:
        committed = {one: await consumer.committed(one) for one in partitions}
        starts = {one: offset for one, offset in committed.items() if offset is not None}
    fresh = [one for one in partitions if one not in starts]
    return starts | (await _fresh_starts(consumer, fresh, since, now) if fresh else {})


async def _fresh_starts(
    consumer: AIOKafkaConsumer, partitions: list[TopicPartition], since: Since, now: datetime
) -> dict[TopicPartition, int]:
    if since == "beginning":
        return dict(await consumer.beginning_offsets(partitions))
    ends = dict(await consumer.end_offsets(partitions))
    if since is None:
        return ends
    at = now - since if isinstance(since, timedelta) else since
    milliseconds = max(0, int(at.timestamp() * 1000))
    found = await consumer.offsets_for_times(dict.fromkeys(partitions, milliseconds))
    return {one: found[one].offset if found.get(one) else ends[one] for one in partitions}
