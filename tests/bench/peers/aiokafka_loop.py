"""A bare loop over aiokafka: its own consumer and producer, nothing between."""

import asyncio
import time

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from bench.peers import work


async def run() -> None:
    """Read, classify, send, wait for the acknowledgements, and commit twice a second."""
    stop = work.Stop()
    work.load()
    bootstrap = work.SETTINGS.kafka_bootstrap
    consumer = AIOKafkaConsumer(
        work.SOURCE,
        bootstrap_servers=bootstrap,
        group_id=work.GROUP,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        acks="all",
        enable_idempotence=True,
        linger_ms=work.LINGER_MS,
        max_batch_size=256 * 1024,
    )
    committed = time.monotonic()
    async with consumer, producer:
        while not stop.asked:
            found = await consumer.getmany(
                timeout_ms=round(work.WAIT_SECONDS * 1000), max_records=work.BATCH_RECORDS
            )
            waiting = []
            for records in found.values():
                for record in records:
                    trace = work.trace_of(record.headers)
                    for key, value in work.records_of(record.value or b""):
                        sent = await producer.send(work.TARGET, value, key=key, headers=trace)
                        waiting.append(sent)
            await asyncio.gather(*waiting)
            if found and time.monotonic() - committed > work.COMMIT_SECONDS:
                await consumer.commit()
                committed = time.monotonic()


if __name__ == "__main__":
    asyncio.run(run())
