"""How long a notifier takes to restore a state log, and how much memory the state needs."""

import argparse
import asyncio
import signal
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.process import mebibytes_now_and_at_most
from bench.states import write_state
from support.broker import fresh_topics, running_broker
from support.services import Fleet, ServiceProcess, wait_until


def measure(notifier: ServiceProcess) -> str:
    """One line about one start."""
    started = time.monotonic()
    notifier.start()
    notifier.wait_ready(300)
    ready = time.monotonic() - started
    wait_until(lambda: notifier.metric("tocsin_state_records") > 0, 10, "the state is counted")
    records = notifier.metric("tocsin_state_records")
    assert notifier.process is not None
    now, highest = mebibytes_now_and_at_most(notifier.process.pid)
    notifier.kill()
    return (
        f"{records:,.0f} records held; ready after {ready:.1f} s;"
        f" memory {now:.0f} MB, at its highest {highest:.0f} MB"
    )


def main() -> None:
    """Measure and print."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000, help="live events")
    parser.add_argument("--updates", type=int, default=10, help="of each event, uncompacted")
    parser.add_argument("--rounds", type=int, default=3, help="starts of the notifier")
    chosen = parser.parse_args()
    with (
        running_broker() as broker,
        fresh_topics(broker.bootstrap) as settings,
        TemporaryDirectory() as folder,
    ):
        written = asyncio.run(write_state(settings, chosen.events, chosen.updates))
        print(f"{chosen.events:,} live events in a log of {written:,} records", flush=True)
        fleet = Fleet(settings.kafka_bootstrap, settings.topic_prefix, Path(folder))
        notifier = fleet.notifier()
        try:
            for _ in range(chosen.rounds):
                print(measure(notifier), flush=True)
        finally:
            fleet.kill_all()


if __name__ == "__main__":
    main()
