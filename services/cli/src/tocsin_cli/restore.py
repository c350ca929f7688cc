"""`tocsin restore`: a backup's records back onto topics, in their partitions and their order."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from aiokafka import AIOKafkaProducer, TopicPartition

from tocsin_cli.backup import GROUPS, choose_topics, run
from tocsin_cli.backup_files import Backup, BackupError, check_segment, read_segment
from tocsin_cli.backup_progress import Progress, open_progress
from tocsin_cli.console import say
from tocsin_cli.restore_broker import commit_places, kept_timestamps
from tocsin_cli.topic_log import end_offsets, partitions_of, read_log
from tocsin_runtime.dead_letter import Received
from tocsin_runtime.kafka import send_all, start_producer, topic_name, wait_for_broker
from tocsin_runtime.settings import KafkaSettings

_BATCH_RECORDS = 500
_WAIT_SECONDS = 60


def run_restore(
    folder: Path, named: Sequence[str], *, resume: bool, append: bool, check: bool
) -> int:
    """Write a backup's records to topics that are empty.

    Args:
        folder: the backup.
        named: topics without prefix; all that it holds when there is none.
        resume: go on with a restore that was interrupted.
        append: write behind what stands on the topics.
        check: only look whether the backup is whole.

    Returns:
        0, or 1 when it was refused or could not be finished.

    """

    def work(settings: KafkaSettings) -> None:
        backup = Backup.open(folder)
        topics = choose_topics(named, backup.manifest().topics)
        segments = [one for one in backup.segments if one.topic in topics]
        for segment in segments:
            check_segment(folder, segment)
        say(f"{len(segments)} segments, {sum(one.records for one in segments)} records: whole")
        if not check:
            sent = asyncio.run(
                restore_backup(settings, backup, topics, resume=resume, append=append)
            )
            say(f"{sent} records restored")

    return run(work)


async def restore_backup(
    settings: KafkaSettings,
    backup: Backup,
    topics: Sequence[str],
    *,
    resume: bool = False,
    append: bool = False,
) -> int:
    """Send the records; gives their number.

    Raises:
        BackupError: a topic is not empty, or holds something else than the backup.
        aiokafka.errors.KafkaError: the broker does not answer, or refuses.

    """
    async with asyncio.timeout(_WAIT_SECONDS):
        await wait_for_broker(settings, topics)
    partitions = partitions_of(settings, topics)
    ends = await end_offsets(settings, partitions)
    busy = [one for one in partitions if ends[one]]
    if busy and not (resume or append):
        raise BackupError(
            f"{busy[0].topic} is not empty: restore to new topics (another TOCSIN_TOPIC_PREFIX), "
            "or add --resume to go on with an interrupted restore, or --append to write behind "
            "what is there"
        )
    there = dict(ends) if resume else dict.fromkeys(partitions, 0)
    for one in busy if resume else ():
        await _require_ours(settings, backup, one, there[one])
    total = sum(one.records for one in backup.segments if one.topic in topics)
    sent = 0
    with open_progress("restore", total - sum(there.values())) as progress:
        async with kept_timestamps(settings, topics):
            producer = await start_producer(settings, "tocsin-restore")
            try:
                for one in partitions:
                    records = islice(_records(backup, settings, one), there[one], None)
                    sent += await _send(producer, records, one, progress)
            finally:
                await producer.stop()
    if append:
        say("the places of consumer groups stay as they are, since the topics were not empty")
    else:
        await commit_places(settings, _places(backup, settings, topics))
    return sent


def _records(
    backup: Backup, settings: KafkaSettings, partition: TopicPartition
) -> Iterator[Received]:
    topic = partition.topic.removeprefix(settings.topic_prefix)
    for segment in backup.of(topic, partition.partition):
        yield from read_segment(backup.folder, segment)


async def _require_ours(
    settings: KafkaSettings, backup: Backup, partition: TopicPartition, count: int
) -> None:
    """Check that the last record on a partition is the backup's of the same number."""
    expected = next(islice(_records(backup, settings, partition), count - 1, count), None)
    async for found in read_log(settings, [partition], {partition: count - 1}):
        if expected is not None and _content(found) == _content(expected):
            return
    raise BackupError(
        f"{partition.topic}/{partition.partition} holds {count} records, and the last of them is "
        "not the backup's: something else has written there; restore to new topics"
    )


def _content(record: Received) -> tuple[object, ...]:
    return record.key, record.value, record.headers, record.timestamp_ms


async def _send(
    producer: AIOKafkaProducer,
    records: Iterator[Received],
    partition: TopicPartition,
    progress: Progress,
) -> int:
    sent = 0
    while batch := list(islice(records, _BATCH_RECORDS)):
        await send_all(
            producer.send(
                partition.topic,
                value=record.value,
                key=record.key,
                partition=partition.partition,
                timestamp_ms=record.timestamp_ms,
                headers=list(record.headers),
            )
            for record in batch
        )
        sent += len(batch)
        for _ in batch:
            progress.advance()
    return sent


def _places(
    backup: Backup, settings: KafkaSettings, topics: Iterable[str]
) -> Mapping[str, Mapping[TopicPartition, int]]:
    """Where each group goes on: its offset counted in records, since restored ones have no gaps."""
    committed = backup.manifest().committed
    return {
        group: {
            TopicPartition(topic_name(settings, topic), number): _count_before(
                backup, topic, number, offset
            )
            for number, offset in committed.get(group, {}).items()
        }
        for group, topic in GROUPS.items()
        if topic in topics
    }


def _count_before(backup: Backup, topic: str, partition: int, offset: int) -> int:
    count = 0
    for segment in backup.of(topic, partition):
        if segment.next <= offset:
            count += segment.records
        elif segment.first < offset:
            records = read_segment(backup.folder, segment)
            count += sum(record.offset < offset for record in records)
    return count
