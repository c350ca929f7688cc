"""How long the oldest record of a partition has waited is read from the broker itself."""

from aiokafka import AIOKafkaConsumer, TopicPartition

from support.topics import publish
from tocsin_runtime.kafka import topic_name
from tocsin_runtime.settings import KafkaSettings
from tocsin_runtime.waiting import FETCH_BYTES, seconds_waiting
from tocsin_schemas.topics import ARTICLES

PARTITIONS = (0, 5, 11)


async def test_each_partition_that_is_behind_tells_the_age_of_its_first_waiting_record(
    kafka: KafkaSettings,
) -> None:
    """Large records and several partitions at once included; what has no record is left out."""
    name = topic_name(kafka, ARTICLES)
    for number in PARTITIONS:
        for value in (b"x" * FETCH_BYTES * 2, b"x"):
            await publish(kafka, ARTICLES, [(b"key", value)], partition=number)
    reader = AIOKafkaConsumer(
        bootstrap_servers=kafka.kafka_bootstrap,
        isolation_level="read_committed",
        max_partition_fetch_bytes=FETCH_BYTES,
    )
    async with reader:
        behind = {TopicPartition(name, number): 0 for number in PARTITIONS}
        first = await seconds_waiting(reader, behind)
        assert first.keys() == behind.keys()
        assert all(0 <= seconds < 120 for seconds in first.values())
        later = await seconds_waiting(reader, behind)
        assert all(later[one] > first[one] for one in behind)
        nothing = {TopicPartition(name, 1): 0, TopicPartition(name, 5): 1}
        assert (await seconds_waiting(reader, nothing)).keys() == {TopicPartition(name, 5)}
        assert reader.paused() == nothing.keys()  # nothing more is fetched
