"""`tocsin backup`: topics into files, going on where an earlier run ended."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import stamina
from aiokafka import TopicPartition
from aiokafka.errors import GroupCoordinatorNotAvailableError, KafkaError

from tocsin_cli.backup_files import Backup, BackupError, Manifest, SegmentWriter
from tocsin_cli.backup_progress import Progress, open_progress
from tocsin_cli.console import EXIT_FAILED, EXIT_OK, say, send_logs_to_stderr
from tocsin_cli.topic_log import begin_offsets, end_offsets, partitions_of, read_log
from tocsin_runtime.errors import TocsinError
from tocsin_runtime.kafka import group_name, open_admin, wait_for_broker
from tocsin_runtime.settings import KafkaSettings, load_settings
from tocsin_schemas.topics import ARTICLES, DETECTIONS, HEARTBEAT, TOPICS

SEGMENT_BYTES = 64 * 1024 * 1024
"""Records before compression in one segment: what an interruption may cost."""
GROUPS: Mapping[str, str] = {"classifier": ARTICLES, "notifier": DETECTIONS}
"""Consumer groups whose place is kept, with the topic that they read."""
_WAIT_SECONDS = 60


def choose_topics(named: Sequence[str], all_topics: Sequence[str]) -> tuple[str, ...]:
    """The topics that are meant, without prefix, in the table's order.

    Raises:
        BackupError: one of them is not there.

    """
    unknown = [name for name in named if name not in all_topics]
    if unknown:
        raise BackupError(f"--topic {unknown[0]}: choose from {', '.join(all_topics)}")
    return tuple(name for name in all_topics if name in named or not named)


def run(work: Callable[[KafkaSettings], None]) -> int:
    """Do a command's work, and tell what went wrong.

    Returns:
        0, or 1 when something did.

    """
    send_logs_to_stderr()
    try:
        work(load_settings(KafkaSettings))
    except TimeoutError:
        say(f"error: no broker answered within {_WAIT_SECONDS} s")
        return EXIT_FAILED
    except (TocsinError, KafkaError, OSError) as error:
        say(f"error: {error}")
        return EXIT_FAILED
    return EXIT_OK


def run_backup(folder: Path, named: Sequence[str]) -> int:
    """Copy topics to files.

    Returns:
        0, or 1 when it could not be finished; the same call goes on then.

    """

    def work(settings: KafkaSettings) -> None:
        topics = choose_topics(named, [name for name in TOPICS if name != HEARTBEAT])
        records = asyncio.run(take_backup(settings, folder, topics))
        say(f"{records} new records; the backup in {folder} is whole")

    return run(work)


async def take_backup(
    settings: KafkaSettings,
    folder: Path,
    topics: Sequence[str],
    segment_bytes: int = SEGMENT_BYTES,
) -> int:
    """Bring the files up to the present end of the topics; gives the number of new records.

    Raises:
        BackupError: the folder belongs to another log, or is damaged.
        aiokafka.errors.KafkaError: the broker does not answer.

    """
    async with asyncio.timeout(_WAIT_SECONDS):
        await wait_for_broker(settings, topics)
    backup = Backup.open(folder)
    backup.begin()
    # Before the ends are read: a place too early only repeats what is noticed as a repeat.
    committed = await _read_committed(settings)
    partitions = partitions_of(settings, topics)
    ends = await end_offsets(settings, partitions)
    for topic in topics:
        # A compacted topic is copied anew: a deletion that was compacted away is in no later part.
        if "compact" in TOPICS[topic].config["cleanup.policy"]:
            backup.forget(topic)
    starts = _find_starts(backup, settings, partitions, ends)
    begins = await begin_offsets(settings, partitions)
    for partition in partitions:
        if backup.of(_short(settings, partition), partition.partition):
            _tell_gap(partition, starts[partition], begins[partition])
        starts[partition] = max(starts[partition], begins[partition])
    total = sum(ends[one] - starts[one] for one in partitions)
    with open_progress("backup", total) as progress:
        copied = 0
        for topic in topics:
            chosen = {one: starts[one] for one in partitions_of(settings, [topic])}
            copied += await _copy(settings, backup, topic, chosen, segment_bytes, progress)
    held = {segment.topic for segment in backup.segments} | {*topics}
    backup.finish(
        Manifest(topics=tuple(name for name in TOPICS if name in held), committed=committed)
    )
    return copied


def _short(settings: KafkaSettings, partition: TopicPartition) -> str:
    name: str = partition.topic
    return name.removeprefix(settings.topic_prefix)


async def _read_committed(settings: KafkaSettings) -> dict[str, dict[int, int]]:
    committed: dict[str, dict[int, int]] = {}
    # A broker whose first group this is makes the topic of its groups only now.
    retries = stamina.retry_context(on=GroupCoordinatorNotAvailableError, timeout=_WAIT_SECONDS)
    async with open_admin(settings) as admin:
        for group, topic in GROUPS.items():
            partitions = partitions_of(settings, [topic])
            name = group_name(settings, group)
            async for attempt in retries:
                with attempt:
                    found = await admin.list_consumer_group_offsets(name, partitions=partitions)
            committed[group] = {
                one.partition: place.offset for one, place in found.items() if place.offset >= 0
            }
    return committed


def _find_starts(
    backup: Backup,
    settings: KafkaSettings,
    partitions: Sequence[TopicPartition],
    ends: Mapping[TopicPartition, int],
) -> dict[TopicPartition, int]:
    starts = {}
    for one in partitions:
        segments = backup.of(_short(settings, one), one.partition)
        starts[one] = segments[-1].next if segments else 0
        if starts[one] > ends[one]:
            raise BackupError(
                f"{backup.folder} holds {one.topic}/{one.partition} up to offset {starts[one]}, "
                f"and the broker's ends at {ends[one]}: it is of another log; name a new folder"
            )
    return starts


def _tell_gap(partition: TopicPartition, wanted: int, begin: int) -> None:
    if begin > wanted:
        say(f"warning: {partition.topic}/{partition.partition}: the broker has deleted "
            f"{begin - wanted} offsets since the last backup; take it more often than the topic's "
            "retention")  # fmt: skip


async def _copy(
    settings: KafkaSettings,
    backup: Backup,
    topic: str,
    starts: Mapping[TopicPartition, int],
    segment_bytes: int,
    progress: Progress,
) -> int:
    writers: dict[int, SegmentWriter] = {}
    copied = 0
    try:
        async for record in read_log(settings, starts, starts):
            writer = writers.get(record.partition)
            if writer is None:
                writer = SegmentWriter(backup.folder, topic, record.partition, record.offset)
                writers[record.partition] = writer
            writer.write(record)
            copied += 1
            progress.advance()
            if writer.size >= segment_bytes:
                backup.add(writers.pop(record.partition).finish())
        while writers:
            backup.add(writers.popitem()[1].finish())
    finally:
        for writer in writers.values():
            writer.abandon()
    return copied
