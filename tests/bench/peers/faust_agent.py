"""Faust as its guide shows it: one event at a time, `send()` awaited, default settings."""

import sys

import faust

from bench.peers import work

app = faust.App(
    work.GROUP,
    broker=[f"kafka://{address}" for address in work.SETTINGS.kafka_bootstrap.split(",")],
    consumer_auto_offset_reset="earliest",
    topic_allow_declare=False,
    topic_disable_leader=True,
)
articles = app.topic(
    work.SOURCE, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw"
)
detections = app.topic(
    work.TARGET, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw"
)


@app.agent(articles)
async def take(stream: faust.StreamT[bytes]) -> None:
    """Classify an article, and wait for the acknowledgement of each record."""
    assert isinstance(stream, faust.Stream)
    async for event in stream.events():
        trace = dict(work.trace_of(list(event.headers.items())))
        for key, value in work.records_of(event.message.value or b""):
            await (await detections.send(key=key, value=value, headers=trace))


if __name__ == "__main__":
    work.load()
    sys.argv = [sys.argv[0], "worker", "--without-web", "--loglevel", "warn"]
    app.main()
