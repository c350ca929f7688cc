"""Where the reading of a partition begins: at the group's offset, or where a new group starts."""

from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition

from tocsin_notifier.delivery.domain.marks import Marks, read_marks
from tocsin_runtime.kafka import open_admin
from tocsin_runtime.settings import KafkaSettings


class Starts:
    """The beginnings of one group."""

    def __init__(self, settings: KafkaSettings, group: str, *, kept: bool, letters: str) -> None:
        """Prepare.

        Args:
            settings: where the broker is.
            group: full name of the group.
            kept: a new group begins with all that Kafka has, not with what comes from now on.
            letters: topic of the dead letters: what was asked for before is over in any case.

        """
        self._settings = settings
        self._group = group
        self._kept = kept
        self._letters = letters

    async def find(
        self, consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition]
    ) -> dict[TopicPartition, tuple[int, Marks]]:
        """The offset that is read first in each partition, and what is remembered of it.

        Raises:
            aiokafka.errors.KafkaError: the broker does not answer.

        """
        async with open_admin(self._settings) as admin:
            known = await admin.list_consumer_group_offsets(
                self._group, partitions=list(partitions)
            )
        begins = await consumer.beginning_offsets(partitions)
        ends = await consumer.end_offsets(partitions)
        starts = {}
        for one in partitions:
            if one in known and known[one].offset >= 0:
                marks = read_marks(known[one].metadata, known[one].offset)
                starts[one] = max(known[one].offset, begins[one]), marks
            else:
                kept = self._kept and one.topic != self._letters
                starts[one] = (begins if kept else ends)[one], Marks()
        return starts
