"""How much a good webhook endpoint is delayed by bad ones beside it: the ratio of its p99.

    python tests/bench/webhooks.py [--rounds 3] [--alerts 300] [--rate 10]

Rounds with seven bad endpoints beside the good one, and with seven that are well, take turns: the
same number of subscriptions, and the same noise of the machine. The exit code is 1 when the ratio
is over 1.5.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer

from support.alerts import make_alert
from support.broker import fresh_topics, running_broker
from support.endpoint import Reply, Request, running_endpoint
from support.services import Fleet, free_port, wait_until
from support.subscriptions import delivering, webhook
from tocsin_runtime.kafka import producer_options, topic_name
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.envelope import encode_alert

ALLOWED = 1.5

BAD = {
    "silent": Reply(wait_seconds=60),
    "error": Reply(500),
    "busy": Reply(429, {"retry-after": "1"}),
    "redirect": Reply(302, {"location": "http://169.254.169.254/"}),
    "endless": Reply(200, endless=True),
    "refusing": Reply(400),
}
"""What the bad endpoints answer; a seventh is not there at all."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when the ratio is over what is allowed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--alerts", type=int, default=300)
    parser.add_argument("--rate", type=float, default=10, help="alerts a second")
    parser.add_argument("--serve", choices=("bad", "good"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.serve:
        _serve(bad=options.serve == "bad")
        return 0
    among_good: list[float] = []
    among_bad: list[float] = []
    with running_broker() as broker:
        for number in range(options.rounds):
            for bad, found in ((False, among_good), (True, among_bad)):
                delays = _measure(broker.bootstrap, options.alerts, options.rate, bad=bad)
                found.extend(delays)
                among = "among bad ones" if bad else "among good ones"
                print(f"round {number + 1}, {among}: {_say(delays)}")
    ratio = _p99(among_bad) / _p99(among_good)
    print(f"among good ones: {_say(among_good)}\namong bad ones: {_say(among_bad)}")
    print(f"ratio of p99: {ratio:.2f}")
    return 1 if ratio > ALLOWED else 0


def _measure(bootstrap: str, count: int, rate: float, *, bad: bool) -> list[float]:
    with ExitStack() as stack:
        kafka = stack.enter_context(fresh_topics(bootstrap))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        fleet = Fleet(bootstrap, kafka.topic_prefix, folder)
        stack.callback(fleet.kill_all)
        good = stack.enter_context(running_endpoint())
        others = stack.enter_context(_others(bad=bad))
        deliver = delivering(fleet, webhook("good", good), *others)
        before = deliver.metric("process_cpu_seconds_total")
        asyncio.run(_publish(kafka, count, rate))
        wait_until(lambda: len(good.accepted) >= count, 60, "all alerts at the good endpoint")
        cpu_seconds = deliver.metric("process_cpu_seconds_total") - before
        print(f"  deliver used {cpu_seconds / (count / rate):.0%} of a core")
        return [_delay(one.at, one.alert) for one in good.accepted]


@contextmanager
def _others(*, bad: bool) -> Iterator[list[dict[str, Any]]]:
    """Seven endpoints in a process of their own, so that only the product can be delayed by them.

    With the schedule of the product, as an operator would leave it.
    """
    command = [sys.executable, __file__, "--serve", "bad" if bad else "good"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        urls = json.loads(process.stdout.readline())
        yield [webhook(name, url, retry={}) for name, url in urls.items()]
        process.communicate(b"end")


def _serve(*, bad: bool) -> None:
    replies = BAD if bad else dict.fromkeys([*BAD, "absent"], Reply())
    with ExitStack() as stack:
        urls = {
            name: stack.enter_context(running_endpoint(partial(_answer, reply))).url
            for name, reply in replies.items()
        }
        urls.setdefault("absent", f"http://127.0.0.1:{free_port()}/")
        print(json.dumps(urls), flush=True)
        sys.stdin.read()


def _answer(reply: Reply, _: Request) -> Reply:
    return reply


async def _publish(kafka: KafkaSettings, count: int, rate: float) -> None:
    loop = asyncio.get_running_loop()
    start = loop.time()
    async with AIOKafkaProducer(**producer_options(kafka, "bench")) as producer:
        for number in range(count):
            await asyncio.sleep(max(0, start + number / rate - loop.time()))
            message = encode_alert(make_alert(number))
            await producer.send_and_wait(
                topic_name(kafka, message.topic), message.value,
                key=message.key, headers=list(message.headers),
            )  # fmt: skip


def _delay(at: datetime, alert: dict[str, Any]) -> float:
    return (at - datetime.fromisoformat(alert["sent_at"]).astimezone(UTC)).total_seconds()


def _p99(delays: Sequence[float]) -> float:
    return statistics.quantiles(delays, n=100)[98]


def _say(delays: Sequence[float]) -> str:
    p50, p99 = statistics.median(delays), _p99(delays)
    return f"p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, {len(delays)} alerts"


if __name__ == "__main__":
    sys.exit(main())
