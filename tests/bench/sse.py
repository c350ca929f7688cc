"""A thousand listeners at five alerts a second: the slowest one's lag, and the memory of deliver.

Run it with `make bench-sse`; it brings its own broker. It fails when a figure misses its goal.
"""

import asyncio
import json
import resource
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bench.process import mebibytes_now_and_at_most
from support.alerts import make_alert, publish_alerts
from support.broker import fresh_topics, running_broker
from support.services import Fleet, ServiceProcess
from tocsin_runtime.settings import KafkaSettings

CLIENTS = 1_000
RATE = 5.0
SECONDS = 60
GOAL_LAG_SECONDS = 2.0
GOAL_MEBIBYTES = 300
DRAIN_SECONDS = 10
"""For alerts that are still on their way at the end."""
CONNECTING = 50
"""Connections that are made at one time."""

_MARK = b'"sent_at":"'


@dataclass
class Client:
    """What one listener has heard."""

    lags: list[float] = field(default_factory=list)
    bytes: int = 0

    async def listen(self, port: int, turns: asyncio.Semaphore, ready: asyncio.Event) -> None:
        """Listen until cancelled, noting how old each alert is when it arrives."""
        async with turns:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
            writer.write(b"GET /v1/stream HTTP/1.0\r\nHost: bench\r\n\r\n")
            await reader.readuntil(b"event: heartbeat\n")
        ready.set()
        try:
            while line := await reader.readuntil(b"\n"):
                self.bytes += len(line)
                at = line.find(_MARK)
                if at >= 0:
                    sent = line[at + len(_MARK) : line.index(b'"', at + len(_MARK))].decode()
                    self.lags.append(time.time() - datetime.fromisoformat(sent).timestamp())
        finally:
            writer.close()


async def measure(settings: KafkaSettings, deliver: ServiceProcess) -> dict[str, object]:
    """Connect everybody, publish for a while, and look at the slowest."""
    clients = [Client() for _ in range(CLIENTS)]
    turns, events = asyncio.Semaphore(CONNECTING), [asyncio.Event() for _ in clients]
    tasks = [
        asyncio.create_task(client.listen(deliver.port, turns, event))
        for client, event in zip(clients, events, strict=True)
    ]
    await asyncio.gather(*(event.wait() for event in events))
    published, start = 0, time.monotonic()
    while (at := time.monotonic() - start) < SECONDS:
        if published <= at * RATE:
            await publish_alerts(settings, [make_alert(published)])
            published += 1
        else:
            await asyncio.sleep(published / RATE - at)
    await asyncio.sleep(DRAIN_SECONDS)
    assert deliver.process is not None
    now, highest = mebibytes_now_and_at_most(deliver.process.pid)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    p99 = [sorted(one.lags)[int(len(one.lags) * 0.99)] for one in clients if one.lags]
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "clients": CLIENTS,
        "alerts": published,
        "alerts_a_second": round(published / SECONDS, 2),
        "missed": sum(published - len(one.lags) for one in clients),
        "slowest_client_lag_p99_seconds": round(max(p99), 3),
        "median_client_lag_p99_seconds": round(sorted(p99)[len(p99) // 2], 3),
        "highest_lag_seconds": round(max(max(one.lags) for one in clients), 3),
        "deliver_mebibytes": round(now),
        "deliver_highest_mebibytes": round(highest),
        "told_mebibytes": round(sum(one.bytes for one in clients) / 2**20),
    }


def main() -> None:
    """Measure, print, and fail when a goal is missed."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    with (
        running_broker() as broker,
        fresh_topics(broker.bootstrap) as settings,
        tempfile.TemporaryDirectory() as folder,
    ):
        fleet = Fleet(settings.kafka_bootstrap, settings.topic_prefix, Path(folder))
        deliver = fleet.deliver()
        try:
            deliver.start()
            deliver.wait_ready(120)
            found = asyncio.run(measure(settings, deliver))
        finally:
            fleet.kill_all()
    print(json.dumps(found, indent=2))
    assert found["missed"] == 0, "alerts were missed"
    assert float(str(found["slowest_client_lag_p99_seconds"])) < GOAL_LAG_SECONDS
    assert int(str(found["deliver_highest_mebibytes"])) < GOAL_MEBIBYTES


if __name__ == "__main__":
    main()
