"""A bare loop over confluent-kafka (librdkafka), whose own threads fetch, send and commit."""

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer

from bench.peers import work


class UnsentError(Exception):
    """The broker did not store a record."""


def run() -> None:
    """Read, classify, send, flush, and let offsets be committed that are stored then."""
    stop = work.Stop()
    work.load()
    bootstrap = work.SETTINGS.kafka_bootstrap
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": work.GROUP,
            "enable.auto.commit": True,
            "enable.auto.offset.store": False,
            "auto.commit.interval.ms": round(work.COMMIT_SECONDS * 1000),
            "auto.offset.reset": "earliest",
        }
    )
    producer = Producer(
        {
            "bootstrap.servers": bootstrap,
            "acks": "all",
            "enable.idempotence": True,
            "linger.ms": work.LINGER_MS,
        }
    )
    consumer.subscribe([work.SOURCE])
    while not stop.asked:
        found = consumer.consume(work.BATCH_RECORDS, timeout=work.WAIT_SECONDS)
        for message in found:
            _take(message, producer)
        if producer.flush(30):
            raise UnsentError
        for message in found:
            consumer.store_offsets(message)
    consumer.close()


def _take(message: Message, producer: Producer) -> None:
    if message.error():
        raise KafkaException(message.error())
    trace = work.trace_of(message.headers())
    for key, value in work.records_of(message.value()):
        producer.produce(work.TARGET, value, key, headers=trace, on_delivery=_check)


def _check(error: KafkaError | None, _message: Message) -> None:
    if error is not None:
        raise UnsentError(error)


if __name__ == "__main__":
    run()
