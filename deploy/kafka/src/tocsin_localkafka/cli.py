"""The command line of the local broker: fetch, run, lock."""

import argparse
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from tocsin_localkafka.artefacts import PINS_FILE, Pins, verify
from tocsin_localkafka.broker import LocalKafka
from tocsin_localkafka.errors import LocalKafkaError
from tocsin_localkafka.fetching import fetch
from tocsin_localkafka.pinning import pin
from tocsin_localkafka.settings import LocalKafkaSettings

_PROGRAM = "python -m tocsin_localkafka"
_OUT = Console(soft_wrap=True, highlight=False)
_ERR = Console(stderr=True, soft_wrap=True, highlight=False)
_CHECK_SECONDS = 1.0


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
    except LocalKafkaError as error:
        _ERR.print(f"error: {error}", markup=False)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=_PROGRAM, description="A real Apache Kafka broker that needs nothing installed."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    fetching = _command(commands, "fetch", "fetch the pinned artefacts and check their digests")
    fetching.set_defaults(run=_fetch)

    running = _command(
        commands, "run", "run a broker until Ctrl-C", "run --port 9092 --data-dir ./kafka-data"
    )
    running.add_argument("--port", type=int, help="port on 127.0.0.1 (default: a free one)")
    running.add_argument(
        "--data-dir", type=Path, help="folder of the data, kept (default: temporary)"
    )
    running.add_argument("--heap", default="512m", help="maximum Java heap (default: %(default)s)")
    running.set_defaults(run=_run)

    locking = _command(
        commands, "lock", "resolve the roots in artefacts.toml anew and write all digests"
    )
    locking.add_argument(
        "--pins", type=Path, default=PINS_FILE, help="file to read and write (default: ours)"
    )
    locking.set_defaults(run=_lock)
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    help_text: str,
    example: str | None = None,
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=help_text,
        description=f"{help_text[0].upper()}{help_text[1:]}.",
        epilog=f"example: {_PROGRAM} {example or name}",
    )


def _fetch(_: argparse.Namespace) -> int:
    pins = Pins.load()
    folder = fetch(pins, console=_ERR)
    verify(pins, folder)
    _OUT.print(f"Apache Kafka {pins.kafka}: {len(pins.jar)} checked files in {folder}")
    return 0


def _run(arguments: argparse.Namespace) -> int:
    settings = LocalKafkaSettings(
        port=arguments.port, data_dir=arguments.data_dir, heap=arguments.heap
    )
    ended = threading.Event()
    with LocalKafka(settings) as kafka:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        _OUT.print(f"bootstrap: {kafka.bootstrap}")
        _OUT.print(f"log: {kafka.data_folder / 'broker.log'}\nCtrl-C ends it")
        while not ended.wait(_CHECK_SECONDS):
            kafka.require_alive()
    return 0


def _lock(arguments: argparse.Namespace) -> int:
    pins = pin(_ERR, arguments.pins)
    _OUT.print(f"{len(pins.jar)} files pinned in {arguments.pins}")
    return 0
