"""The pipeline under test: a broker behind a proxy, services as processes, and their articles."""

import asyncio
import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from faults.broker import ProxiedBroker, free_ports, running_broker
from faults.injection import SPARE
from faults.logs import Logs, read_logs
from faults.stream import Stream
from faults.supervisor import Supervisor
from faults.writing import ACTIVE_FOR_SECONDS, Author
from support.services import Fleet, ServiceProcess
from tocsin_cli.progress import wait_until_processed
from tocsin_runtime.kafka import create_topics
from tocsin_runtime.settings import KafkaSettings, load_settings

PREFIX = "soak."
_READY_SECONDS = 300.0
_DRAIN_SECONDS = 900.0


@dataclass(frozen=True)
class Pipeline:
    """Everything that runs."""

    settings: KafkaSettings
    """The harness's own way to the topics."""
    broker: ProxiedBroker
    supervisor: Supervisor
    spares: dict[str, ServiceProcess]
    stream: Stream
    """Not running yet."""
    _watching: "asyncio.Task[None]"

    async def drain(self) -> list[str]:
        """Wait until all that was posted has become alerts, and end the services.

        Returns:
            Which services did not end in order.

        """
        await self.supervisor.wait_ready(_READY_SECONDS)
        unruly = await self.supervisor.stop("ingest")  # no more probes
        # Whoever dies over the rest is started again, as in life.
        await wait_until_processed(self.settings, _DRAIN_SECONDS)
        self._watching.cancel()
        with suppress(asyncio.CancelledError):
            await self._watching
        return unruly + await self.supervisor.stop("")

    async def read(self) -> Logs:
        """What stands on the topics."""
        return await read_logs(self.settings)


@asynccontextmanager
async def running_pipeline(
    folder: Path, dice: random.Random, per_second: float, bug: str = "", *, deliver: bool = False
) -> AsyncIterator[Pipeline]:
    """Start everything and wait until it is ready; end it whatever happens.

    Args:
        folder: where the services' logs and ingest's index go.
        dice: decides what is written.
        per_second: articles a second.
        bug: one of `planted.BUGS`, put into the notifiers; empty for the product as it is.
        deliver: whether `notifier deliver` runs, too.

    """
    with running_broker() as broker:
        settings = load_settings(KafkaSettings, kafka_bootstrap=broker.direct, topic_prefix=PREFIX)
        await create_topics(settings)
        await broker.proxy.start()
        fleet = Fleet(broker.proxied, PREFIX, folder)
        services, spares = _lay_out(fleet, bug, deliver=deliver)
        supervisor = Supervisor(services, broker)
        stream = Stream(
            f"http://127.0.0.1:{services['ingest'].port}", Author(dice), per_second, dice
        )
        watching = None
        try:
            supervisor.start()
            watching = asyncio.create_task(supervisor.watch())
            await supervisor.wait_ready(_READY_SECONDS)
            yield Pipeline(settings, broker, supervisor, spares, stream, watching)
        finally:
            if watching is not None:
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)
            fleet.kill_all()
            await broker.proxy.stop()


def _lay_out(
    fleet: Fleet, bug: str, *, deliver: bool
) -> tuple[dict[str, ServiceProcess], dict[str, ServiceProcess]]:
    correlate = ("python", "-m", "faults.planted", bug) if bug else ("tocsin-notifier", "correlate")
    commands = {
        "ingest": ("tocsin-ingest",),
        "classifier-1": ("tocsin-classifier",),
        "classifier-2": ("tocsin-classifier",),
        "notifier-1": correlate,
        "notifier-2": correlate,
        SPARE["classifier"]: ("tocsin-classifier",),
        SPARE["notifier"]: correlate,
    }
    if deliver:
        commands["deliver-1"] = ("tocsin-notifier", "deliver")
    environment = {
        "TOCSIN_INGEST_DATA_DIR": str(fleet.folder / "ingest"),
        "TOCSIN_INGEST_ACTIVE_FOR_SECONDS": str(ACTIVE_FOR_SECONDS),
        "TMPDIR": os.fspath(fleet.folder),
    }
    services = {
        name: fleet.service(name, *command, **environment) for name, command in commands.items()
    }
    # A port that the system may give to an outgoing connection could be taken at a restart.
    for service, port in zip(services.values(), free_ports(len(services)), strict=True):
        service.port = port
    spares = {role: services.pop(name) for role, name in SPARE.items()}
    return services, spares
