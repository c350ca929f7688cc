"""Alerts that were given up on, as dead letters that name the subscription."""

from datetime import datetime

from aiokafka import AIOKafkaProducer

from tocsin_notifier.delivery.domain.backlog import Waiting
from tocsin_runtime.dead_letter import REPLAY_FOR, SUBSCRIPTION, DeadLetter, Received, dead_letter
from tocsin_runtime.metrics import DeliverMetrics
from tocsin_runtime.outgoing import send_records, to_dead_letters
from tocsin_runtime.settings import ServiceSettings
from tocsin_schemas.topics import DELIVERIES_DEAD_LETTER


class Letters:
    """Writes to `deliveries.dead-letter`."""

    def __init__(
        self, settings: ServiceSettings, producer: AIOKafkaProducer, metrics: DeliverMetrics
    ) -> None:
        self._settings = settings
        self._producer = producer
        self._metrics = metrics

    async def bury(
        self, one: Waiting, subscription: str, *, reason: str, detail: str, at: datetime
    ) -> None:
        """Keep an alert that could not be delivered, bytes untouched.

        Raises:
            aiokafka.errors.KafkaError: it was not stored; it may not be taken as dealt with.

        """
        topic, partition, offset = one.spot
        own = tuple(pair for pair in one.headers if pair[0] != REPLAY_FOR)
        record = Received(topic, partition, offset, one.key, one.value, own)
        letter = dead_letter(
            record, reason=reason, detail=detail, service=self._settings.service, at=at
        )
        named = (*letter.headers, (SUBSCRIPTION, subscription.encode()))
        whole = DeadLetter(letter.key, letter.value, named)
        outgoing = to_dead_letters(DELIVERIES_DEAD_LETTER, whole)
        await send_records(self._producer, self._settings, [outgoing])
        self._metrics.dead_letters_total.labels(DELIVERIES_DEAD_LETTER, reason).inc()
        self._metrics.deliveries_total.labels(subscription, "dead-letter").inc()
