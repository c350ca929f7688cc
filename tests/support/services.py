"""Services of ours as real processes: started, killed, paused, waited for."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

SCRIPTS = Path(sys.executable).parent
TESTS = Path(__file__).resolve().parents[1]


class ConditionNotMetError(AssertionError):
    """Something that was waited for did not come true in time."""


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> float:
    """Wait for a condition.

    Returns:
        The seconds that it took.

    Raises:
        ConditionNotMetError: it did not come true in time.

    """
    start = time.monotonic()
    while not condition():
        if time.monotonic() - start > seconds:
            raise ConditionNotMetError(f"not within {seconds:g} s: {what}")
        time.sleep(0.02)
    return time.monotonic() - start


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class ServiceProcess:
    """One service; its log goes to one file over all its lives."""

    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; does not wait."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                list(self.command),
                env={**os.environ, **self.environment, "TOCSIN_HTTP_PORT": str(self.port)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of an HTTP request; 0 when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def metric(self, name: str) -> float:
        """Sum of a metric's samples over their labels."""
        _, body = self.get("/metrics")
        lines = [line for line in body.splitlines() if not line.startswith("#")]
        values = [line for line in lines if line.split("{")[0].split(" ")[0] == name]
        return sum(float(line.rsplit(" ", 1)[1]) for line in values)

    def wait_ready(self, seconds: float = 60) -> float:
        """Wait until `/readyz` says ready; returns the seconds."""

        def ready() -> bool:
            assert self.running, f"{self.command} has ended:\n{self.log_text()[-3000:]}"
            return self.get("/readyz")[0] == 200

        return wait_until(ready, seconds, f"{self.command} ready; log:\n{self.log_text()[-3000:]}")

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self.process is not None and self.process.poll() is None

    def send(self, number: signal.Signals) -> None:
        """Send a signal."""
        assert self.process is not None
        self.process.send_signal(number)

    def wait(self, seconds: float) -> int:
        """Wait for its end and give the exit code.

        Raises:
            subprocess.TimeoutExpired: it still runs.

        """
        assert self.process is not None
        return self.process.wait(seconds)

    def kill(self) -> None:
        """End it with SIGKILL, if it runs."""
        if self.process is not None and self.running:
            self.process.kill()
            self.process.wait(10)

    def log_text(self) -> str:
        """All that it logged."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""


@dataclass
class Fleet:
    """Starts services against one broker and prefix, and ends what is left of them."""

    bootstrap: str
    prefix: str
    folder: Path
    started: list[ServiceProcess] = field(default_factory=list)

    def service(
        self, name: str, *command: str, instance: str | None = None, **environment: str
    ) -> ServiceProcess:
        """A service that is started with the command; not started yet.

        Args:
            name: of the log file, and of the instance unless that is given.
            command: a console script of ours with its arguments, or `python -m` and a module.
            instance: the instance id.
            environment: further variables.

        """
        program = sys.executable if command[0] == "python" else str(SCRIPTS / command[0])
        process = ServiceProcess(
            (program, *command[1:]),
            {
                "TOCSIN_KAFKA_BOOTSTRAP": self.bootstrap,
                "TOCSIN_TOPIC_PREFIX": self.prefix,
                "TOCSIN_INSTANCE_ID": instance or name,
                "PYTHONPATH": os.pathsep.join(
                    filter(None, [str(TESTS), os.environ.get("PYTHONPATH")])
                ),
                **environment,
            },
            self.folder / f"{name}.log",
        )
        self.started.append(process)
        return process

    def classifier(self, name: str = "classifier-1", **environment: str) -> ServiceProcess:
        """A classifier that classifies by plan (see `planned_classifier`)."""
        return self.service(name, "python", "-m", "support.planned_classifier", **environment)

    def notifier(self, name: str = "notifier-1", **environment: str) -> ServiceProcess:
        """A notifier as it is released."""
        return self.service(name, "tocsin-notifier", "correlate", **environment)

    def deliver(self, name: str = "deliver-1") -> ServiceProcess:
        """A delivery as it is released."""
        return self.service(name, "tocsin-notifier", "deliver")

    def kill_all(self) -> None:
        """End everything that still runs."""
        for process in self.started:
            process.kill()


@asynccontextmanager
async def supervised(services: Iterable[ServiceProcess]) -> AsyncIterator[Counter[str]]:
    """Start again whatever ends, as a supervisor does; gives the number of starts by log file."""
    starts: Counter[str] = Counter()

    async def watch() -> None:
        while True:
            for service in services:
                if not service.running:
                    service.start()
                    starts[service.log.stem] += 1
            await asyncio.sleep(0.1)

    task = asyncio.create_task(watch())
    try:
        yield starts
    finally:
        task.cancel()
