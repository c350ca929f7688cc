"""How long the oldest record of each partition has waited for a group that is behind."""

import asyncio
import time
from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition

MOST_SECONDS = 2.0
"""The broker is given so long to hand the records over."""

FETCH_BYTES = 64 * 1024
"""Most that is fetched of a partition; of a larger record all is."""


async def seconds_waiting(
    reader: AIOKafkaConsumer, offsets: Mapping[TopicPartition, int]
) -> dict[TopicPartition, float]:
    """Read the first record behind each offset and tell how long ago it was written.

    Args:
        reader: a consumer that is in no group.
        offsets: where each partition that is behind goes on.

    Returns:
        Seconds by partition; one whose record did not come in time is left out.

    """
    reader.assign(list(offsets))
    try:
        for partition, offset in offsets.items():
            reader.seek(partition, offset)
        written: dict[TopicPartition, int] = {}
        end = time.monotonic() + MOST_SECONDS
        while len(written) < len(offsets) and time.monotonic() < end:
            waiting = [one for one in offsets if one not in written]
            found = await reader.getmany(*waiting, timeout_ms=500, max_records=len(waiting))
            for partition, records in found.items():
                written[partition] = records[0].timestamp
                reader.pause(partition)
            await asyncio.sleep(0)
    finally:
        # Not unsubscribe: a consumer that is stopped right after that was seen to hang for ever.
        reader.pause(*offsets)
    now_ms = time.time() * 1000
    return {one: max(0.0, (now_ms - at) / 1000) for one, at in written.items()}
