"""A bare transactional loop over confluent-kafka around the notifier's own correlation.

One producer for all partitions and one transaction a poll: all that exactly once takes as long as
nobody else takes a partition over. With BENCH_HOLLOW the correlation is left out, and every
record is answered by one alert of its size and one record of state.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from confluent_kafka import Consumer, KafkaException, Message, Producer

from bench.peers import work
from tocsin_notifier.correlation.batch import PartitionWork
from tocsin_notifier.correlation.clock import START
from tocsin_notifier.correlation.control import control_detection
from tocsin_notifier.correlation.restore import Restored
from tocsin_notifier.domain.correlate import correlate
from tocsin_notifier.domain.state import State
from tocsin_runtime.dead_letter import FailureBudget, Received
from tocsin_runtime.kafka import topic_name
from tocsin_runtime.outgoing import Outgoing
from tocsin_schemas.topics import ALERT_TOPICS, DETECTIONS, NOTIFIER_STATE
from tocsin_schemas.vocabulary import AlertType

POLL_RECORDS = 250
"""As many as the notifier takes at once."""

Works = dict[int, PartitionWork]


def run() -> None:
    """Read, correlate, and commit alerts, state and offsets in one transaction a poll."""
    stop = work.Stop()
    bootstrap = work.SETTINGS.kafka_bootstrap
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": work.GROUP,
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
        }
    )
    producer = Producer(
        {
            "bootstrap.servers": bootstrap,
            "transactional.id": work.GROUP,
            "linger.ms": work.LINGER_MS,
        }
    )
    producer.init_transactions(30)
    consumer.subscribe([topic_name(work.SETTINGS, DETECTIONS)])
    works: Works = {}
    while not stop.asked:
        found = consumer.consume(POLL_RECORDS, timeout=work.WAIT_SECONDS)
        if not found:
            continue
        producer.begin_transaction()
        for record in _results(works, [_received(message) for message in found]):
            _produce(producer, record)
        producer.send_offsets_to_transaction(
            consumer.position(consumer.assignment()), consumer.consumer_group_metadata()
        )
        producer.commit_transaction()
    consumer.close()


def _received(message: Message) -> Received:
    if message.error():
        raise KafkaException(message.error())
    return Received(
        topic=message.topic() or "",
        partition=message.partition() or 0,
        offset=message.offset() or 0,
        key=message.key(),
        value=message.value(),
        headers=tuple(message.headers() or ()),
        timestamp_ms=message.timestamp()[1],
    )


def _results(works: Works, records: Sequence[Received]) -> Iterable[Outgoing]:
    if work.HOLLOW:
        for record in records:
            topic = ALERT_TOPICS[AlertType.AIR_RAID_WARNING]
            yield Outgoing(topic, record.key, record.value, record.headers)
            yield Outgoing(NOTIFIER_STATE, record.key, record.value, (), record.partition)
        return
    for partition in {record.partition for record in records}:
        ours = [record for record in records if record.partition == partition]
        if partition not in works:
            works[partition] = _create_work(partition)
        made = asyncio.run(works[partition].run(ours))
        yield from made.outgoing(datetime.now(UTC))


def _create_work(partition: int) -> PartitionWork:
    restored = Restored(State(), START)
    return PartitionWork(partition, restored, correlate, FailureBudget(), control_detection())


def _produce(producer: Producer, record: Outgoing) -> None:
    producer.produce(
        topic_name(work.SETTINGS, record.topic),
        record.value,
        record.key,
        partition=-1 if record.partition is None else record.partition,
        headers=list(record.headers),
    )
    producer.poll(0)


if __name__ == "__main__":
    run()
