"""All services with nothing to do: start-up time, memory and processor time of each."""

import argparse
import signal
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.process import processor_seconds
from bench.results import Series, Table, save
from faults.memory import megabytes_of
from support.broker import fresh_topics, running_broker
from tocsin_cli.stack import Stack

_SETTLE_SECONDS = 15
"""What runs once after the start is over by then."""


def start(stack: Stack, table: Table) -> None:
    """Start one service after another, each timed until it is ready."""
    for name, service in stack.processes.items():
        started = time.monotonic()
        service.start()
        service.wait_ready(90)
        table.add(Series(f"{name}: seconds to ready", [time.monotonic() - started]))


def measure(stack: Stack, table: Table, seconds: float) -> None:
    """Processor time over a while, and memory at its end, of each service and of all."""
    pids = {name: one.process.pid for name, one in stack.processes.items() if one.process}
    used = {name: processor_seconds(pid) for name, pid in pids.items()}
    began = time.monotonic()
    time.sleep(seconds)
    passed = time.monotonic() - began
    shares = {
        name: 100 * (processor_seconds(pid) - used[name]) / passed for name, pid in pids.items()
    }
    memory = megabytes_of(stack.processes)
    for name in pids:
        table.add(Series(f"{name}: idle, % of a core", [shares[name]]))
        table.add(Series(f"{name}: idle, MB resident", [memory[name]]))
    table.add(Series("all: idle, % of a core", [sum(shares.values())]))
    table.add(Series("all: idle, MB resident", [sum(memory.values())]))


def main() -> None:
    """Measure, print, and write the results."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long nothing happens")
    given = parser.parse_args()
    table = Table("idle", "All services with nothing to do", {"seconds": given.seconds})
    with (
        running_broker() as broker,
        fresh_topics(broker.bootstrap) as settings,
        TemporaryDirectory() as folder,
    ):
        stack = Stack(
            bootstrap=broker.bootstrap,
            topic_prefix=settings.topic_prefix,
            folder=Path(folder),
            usual_ports=False,
        )
        with stack:
            start(stack, table)
            print(f"all are ready; {_SETTLE_SECONDS + given.seconds:g} s of silence", flush=True)
            time.sleep(_SETTLE_SECONDS)
            measure(stack, table, given.seconds)
    print(table.text())
    save(table)


if __name__ == "__main__":
    main()
