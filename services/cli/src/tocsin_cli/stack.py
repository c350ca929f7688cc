"""The services as real processes on this machine: started, waited for, ended, nothing left."""

import contextlib
import ctypes
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import httpx2

from tocsin_runtime.errors import StartError

_PR_SET_PDEATHSIG = 1
"""Linux: the kernel sends a signal to the child when its parent dies (prctl(2))."""

_OTHER_PORTS = range(15_000, 30_000)
"""Below what Linux (32768) and macOS (49152) use for outgoing connections."""

_LINES_READ = 1000
_COMPLAINING = ('"level": "warning"', '"level": "error"', '"level": "critical"')

STOP_SECONDS = 5.0
"""How long a service may take to end after SIGTERM."""


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """How a service is started."""

    name: str
    """Its name, also its part of the instance id."""
    command: tuple[str, ...]
    """Console script and sub-command."""
    port: int
    """Usual port of its HTTP side."""


SERVICES = (
    ServiceSpec("ingest", ("tocsin-ingest",), 8080),
    ServiceSpec("classifier", ("tocsin-classifier",), 8081),
    ServiceSpec("notifier", ("tocsin-notifier", "correlate"), 8082),
    ServiceSpec("deliver", ("tocsin-notifier", "deliver"), 8083),
)
"""The services in the order of the way of an article."""


@dataclass
class ServiceProcess:
    """One service as a process; may be stopped, killed, paused and started again."""

    spec: ServiceSpec
    environment: Mapping[str, str]
    log_path: Path
    port: int
    instance_id: str
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Where its HTTP side answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it; its log goes on in the same file."""
        script = shutil.which(self.spec.command[0], path=str(Path(sys.executable).parent))
        if script is None:
            raise StartError(f"{self.spec.command[0]} is not installed beside {sys.executable}; "
                             "run `make setup`")  # fmt: skip
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own console script
                [script, *self.spec.command[1:]],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
            )

    def _environment(self) -> dict[str, str]:
        own = {"TOCSIN_HTTP_PORT": str(self.port), "TOCSIN_INSTANCE_ID": self.instance_id}
        return {**os.environ, **self.environment, **own}

    def is_ready(self) -> bool:
        """Whether `/readyz` says ready.

        Raises:
            StartError: the process has ended.

        """
        self.require_alive()
        try:
            answer = httpx2.get(f"{self.url}/readyz", timeout=1, trust_env=False)
        except httpx2.HTTPError:
            return False
        return answer.status_code == 200

    def require_alive(self) -> None:
        """Check that the process runs.

        Raises:
            StartError: it has ended, or was never started; the message carries its last lines.

        """
        if self.process is None or self.process.poll() is not None:
            code = "was not started" if self.process is None else f"ended ({self.process.poll()})"
            raise StartError(f"{self.spec.name} {code}; its last lines:\n{self.log_tail()}")

    def wait_ready(self, deadline_seconds: float) -> None:
        """Wait until it is ready.

        Raises:
            StartError: it ended, or was not ready in time.

        """
        end = time.monotonic() + deadline_seconds
        while not self.is_ready():
            if time.monotonic() > end:
                raise StartError(f"{self.spec.name} is not ready after {deadline_seconds:.0f} s; "
                                 f"its last lines:\n{self.log_tail()}")  # fmt: skip
            time.sleep(0.05)

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal, such as SIGTERM, SIGKILL, SIGSTOP or SIGCONT, if it still runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def wait(self, deadline_seconds: float) -> int:
        """Wait for its end.

        Returns:
            The exit code.

        Raises:
            subprocess.TimeoutExpired: it still runs.

        """
        assert self.process is not None, "not started"
        return self.process.wait(deadline_seconds)

    def stop(self) -> None:
        """End it: SIGTERM, and SIGKILL when that is not obeyed in time."""
        self.send_signal(signal.SIGTERM)
        self.await_end()

    def await_end(self) -> None:
        """Wait for the end of what was asked to end, and kill it when it takes too long."""
        if self.process is None:
            return
        try:
            self.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.send_signal(signal.SIGKILL)
            self.wait(STOP_SECONDS)

    def log_tail(self, lines: int = 15) -> str:
        """The last lines of its log."""
        if not self.log_path.exists():
            return ""
        return "\n".join(self.log_path.read_text("utf-8", "replace").splitlines()[-lines:])


class Stack:
    """All services, with a broker that somebody else runs."""

    def __init__(
        self,
        *,
        bootstrap: str,
        topic_prefix: str,
        folder: Path,
        instance_suffix: str = "local",
        usual_ports: bool = True,
        services: tuple[ServiceSpec, ...] = SERVICES,
    ) -> None:
        """Lay the services out; nothing is started yet.

        Args:
            bootstrap: address of the broker.
            topic_prefix: prefix of all topics.
            folder: where logs, ingest's index and the services' temporary files go.
            instance_suffix: makes the instance ids stable over restarts and distinct from others.
            usual_ports: take each service's usual port when it is free, else any.
            services: which services.

        """
        temporary = folder / "tmp"
        temporary.mkdir(parents=True, exist_ok=True)
        environment = {
            "TMPDIR": str(temporary),
            "TOCSIN_KAFKA_BOOTSTRAP": bootstrap,
            "TOCSIN_TOPIC_PREFIX": topic_prefix,
            "TOCSIN_INGEST_DATA_DIR": str(folder / "ingest"),
        }
        self.processes = {
            spec.name: ServiceProcess(
                spec,
                environment,
                folder / f"{spec.name}.log",
                free_port(spec.port if usual_ports else None),
                f"{spec.name}-{instance_suffix}",
            )
            for spec in services
        }

    def start(self, ready_seconds: float = 90) -> None:
        """Start all services and wait until each is ready.

        Raises:
            StartError: one ended or was not ready in time.

        """
        for process in self.processes.values():
            process.start()
        for process in self.processes.values():
            process.wait_ready(ready_seconds)
        # Somebody else may have taken a port, and answered for a service that could not.
        self.require_alive()

    def require_alive(self) -> None:
        """Check that every service runs.

        Raises:
            StartError: one has ended; the message names it and carries its last lines.

        """
        for process in self.processes.values():
            process.require_alive()

    def complaints(self) -> str:
        """What the services logged as warnings and errors, each line with the service's name."""
        return "\n".join(
            f"{name}: {line}"
            for name, process in self.processes.items()
            for line in process.log_tail(_LINES_READ).splitlines()
            if any(level in line for level in _COMPLAINING)
        )

    def stop(self) -> None:
        """End all services; returns when none is left."""
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            process.await_end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def die_with_parent() -> None:
    """In the child of a fork: ask Linux for SIGKILL when the parent dies."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port(wanted: int | None) -> int:
    """The wanted port of 127.0.0.1 when it is free, else any free one.

    Ports that the system gives to outgoing connections are left out: one of those may be taken
    before the service listens.

    Raises:
        StartError: no free port was found.

    """
    others = random.sample(_OTHER_PORTS, k=100)
    for port in others if wanted is None else [wanted, *others]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise StartError("no free port on 127.0.0.1")
