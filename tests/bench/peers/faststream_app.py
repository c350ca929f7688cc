"""FastStream in batches, acknowledging after the work: its quickest way with these guarantees."""

import asyncio

from faststream import AckPolicy, FastStream
from faststream.kafka import KafkaBroker, KafkaMessage

from bench.peers import work

broker = KafkaBroker(
    work.SETTINGS.kafka_bootstrap,
    acks="all",
    enable_idempotence=True,
    linger_ms=work.LINGER_MS,
    max_batch_size=256 * 1024,
)
app = FastStream(broker)
publisher = broker.publisher(work.TARGET)


async def decode(message: KafkaMessage) -> list[bytes]:
    """Leave the bytes as they are."""
    return [one.value or b"" for one in message.raw_message]


subscribe = broker.subscriber(
    work.SOURCE,
    group_id=work.GROUP,
    batch=True,
    max_records=work.BATCH_RECORDS,
    batch_timeout_ms=round(work.WAIT_SECONDS * 1000),
    auto_offset_reset="earliest",
    ack_policy=AckPolicy.NACK_ON_ERROR,
    decoder=decode,
)


async def take(values: list[bytes], message: KafkaMessage) -> None:
    """Classify a batch, send what it leads to, and wait for the acknowledgements."""
    waiting = []
    for value, raw in zip(values, message.raw_message, strict=True):
        trace = {name: text.decode() for name, text in work.trace_of(raw.headers)}
        for key, made in work.records_of(value):
            sent = await publisher.publish(made, key=key, headers=trace, no_confirm=True)
            waiting.append(sent)
    await asyncio.gather(*waiting)


subscribe(take)

if __name__ == "__main__":
    work.load()
    asyncio.run(app.run())
