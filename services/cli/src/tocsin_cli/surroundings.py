"""What the demo runs against: a broker and services of its own, or those that run already."""

import asyncio
import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tocsin_cli.console import say
from tocsin_cli.stack import Stack
from tocsin_runtime.errors import StartError
from tocsin_runtime.kafka import create_topics, wait_for_broker
from tocsin_runtime.settings import KafkaSettings, load_settings

BROKER_SECONDS = 60.0
"""How long the broker may take to answer."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the demo runs against."""

    settings: KafkaSettings
    """Where the broker is."""
    ingest_url: str
    """Where articles are handed over."""
    require_alive: Callable[[], None]
    """Raises StartError when something that the demo started has ended."""
    complaints: Callable[[], str]
    """What the services that the demo started logged as warnings and errors."""


@dataclass(frozen=True, slots=True)
class _Broker:
    settings: KafkaSettings
    require_alive: Callable[[], None]


@contextmanager
def run_pipeline() -> Iterator[Surroundings]:
    """The pipeline, ready; what was started here is ended and cleaned up at the end.

    With TOCSIN_KAFKA_BOOTSTRAP set that broker is used; with TOCSIN_INGEST_URL set as well, the
    services that run there.

    Raises:
        StartError: something did not start; the message says what and why.
        SettingsError: a setting is wrong.

    """
    ingest_url = os.environ.get("TOCSIN_INGEST_URL")
    if ingest_url and os.environ.get("TOCSIN_KAFKA_BOOTSTRAP"):
        settings = load_settings(KafkaSettings)
        say(f"using Kafka at {settings.kafka_bootstrap} and ingest at {ingest_url}")
        asyncio.run(_reach(settings))
        yield Surroundings(settings, ingest_url, _nothing_to_watch, lambda: "")
        return
    with ExitStack() as cleanup:
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="tocsin-demo-")))
        broker = cleanup.enter_context(_run_broker())
        asyncio.run(_prepare(broker.settings))
        stack = cleanup.enter_context(_run_services(broker.settings, folder))

        def require_alive() -> None:
            broker.require_alive()
            stack.require_alive()

        url = stack.processes["ingest"].url
        yield Surroundings(broker.settings, url, require_alive, stack.complaints)


def _nothing_to_watch() -> None:
    """Whatever runs was started by others."""


@contextmanager
def _run_broker() -> Iterator[_Broker]:
    if os.environ.get("TOCSIN_KAFKA_BOOTSTRAP"):
        settings = load_settings(KafkaSettings)
        say(f"using Kafka at {settings.kafka_bootstrap}")
        yield _Broker(settings, _nothing_to_watch)
        return
    try:
        from tocsin_localkafka import LocalKafka, LocalKafkaError
    except ImportError:
        raise StartError("the local broker is not installed; run `make setup`, or set "
                         "TOCSIN_KAFKA_BOOTSTRAP to a broker that runs") from None  # fmt: skip
    say("starting a local Kafka broker")
    try:
        with LocalKafka() as local:
            settings = load_settings(KafkaSettings, kafka_bootstrap=local.bootstrap)
            yield _Broker(settings, local.require_alive)
    except LocalKafkaError as error:
        raise StartError(f"Kafka: {error}") from error


async def _reach(settings: KafkaSettings) -> None:
    try:
        async with asyncio.timeout(BROKER_SECONDS):
            await wait_for_broker(settings)
    except TimeoutError:
        raise StartError(f"no broker answered within {BROKER_SECONDS:.0f} s at "
                         f"{settings.kafka_bootstrap}; set TOCSIN_KAFKA_BOOTSTRAP to one that "
                         "runs, or unset it for a local one") from None  # fmt: skip


async def _prepare(settings: KafkaSettings) -> None:
    await _reach(settings)
    await create_topics(settings)


@contextmanager
def _run_services(settings: KafkaSettings, folder: Path) -> Iterator[Stack]:
    stack = Stack(
        bootstrap=settings.kafka_bootstrap,
        topic_prefix=settings.topic_prefix,
        folder=folder,
        # The same on each run: at a broker that stays, a new run takes its former one's place.
        instance_suffix=f"demo-{socket.gethostname()}",
    )
    with stack:
        say(f"starting {', '.join(stack.processes)}")
        stack.start()
        say(f"Kafka       {settings.kafka_bootstrap}  (topics: tocsin topics list)")
        for process in stack.processes.values():
            usual = process.spec.port
            busy = f"  (port {usual} is busy)" if process.port != usual else ""
            say(f"{process.spec.name:11} {process.url}/metrics  {process.url}/readyz{busy}")
        say(f"page        {stack.processes['deliver'].url}/")
        say(f"logs        {folder}/*.log")
        yield stack
