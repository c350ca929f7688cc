"""A real Apache Kafka broker for the demo, the tests and the fault runs."""

import atexit
import os
import shutil
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tocsin_localkafka import fetching, ports, probe, storage
from tocsin_localkafka.artefacts import Pins, verify
from tocsin_localkafka.errors import BrokerDiedError, BrokerNotReadyError
from tocsin_localkafka.java import find_java
from tocsin_localkafka.process import JavaProcess, last_lines
from tocsin_localkafka.properties import NODE_ID, server_properties
from tocsin_localkafka.settings import LocalKafkaSettings

_LOG4J = Path(__file__).with_name("log4j2.properties")
_READY_SECONDS = 90.0
_GRACE_SECONDS = 20.0
_POLL_SECONDS = 0.05
_DATA_BYTES = 256_000_000
_SHORT_LIVED = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
_HINTS = {
    "No space left on device": "the disk is full: free some space or give another data_dir",
    "Address already in use": "another process took the port: start again or give another port",
    "OutOfMemoryError": "the heap is too small: give a larger one, such as heap 1g",
}


class LocalKafka:
    """One Kafka node (KRaft, no replication) on 127.0.0.1, owned by this process.

    Use it as a context manager, or call `start`, `wait_ready` and `stop`. Ports and data stay the
    same over `kill`, `halt`, `start` and `restart`, until `stop`. However this process ends, the
    broker ends with it. Linux and macOS.
    """

    def __init__(self, settings: LocalKafkaSettings | None = None) -> None:
        """Start nothing yet."""
        self._settings = settings or LocalKafkaSettings()
        self._process: JavaProcess | None = None
        self._ports: tuple[int, int] | None = None
        self._secured_port: int | None = None
        self._folder: Path | None = None

    def __enter__(self) -> Self:
        """Start and wait until the broker serves."""
        try:
            self.start()
            self.wait_ready()
        except BaseException:
            self.stop(graceful=False)
            raise
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop, in order."""
        self.stop()

    @property
    def bootstrap(self) -> str:
        """Address for clients, such as `127.0.0.1:41234`; the secured one where there is one."""
        return f"127.0.0.1:{self._secured_port or self._assigned_ports()[0]}"

    @property
    def data_folder(self) -> Path:
        """Folder of storage, server.properties and broker.log."""
        if self._folder is None:
            raise RuntimeError("the broker was not started yet: call start() first")
        return self._folder

    @property
    def pid(self) -> int | None:
        """Process id of the running broker, else None."""
        return self._process.pid if self._process and self.running else None

    @property
    def running(self) -> bool:
        """Whether the broker process is alive (paused counts as alive)."""
        return self._process is not None and self._process.exit_code is None

    def start(self) -> None:
        """Fetch what is missing, check every jar, format new storage, start the broker.

        Raises:
            LocalKafkaError: one of these failed; the message says what to do.

        """
        if self.running:
            return
        pins = Pins.load()
        jars = fetching.fetch(pins, self._settings.cache_dir)
        verify(pins, jars)
        java = find_java()
        self._claim_place()
        folder, properties = self.data_folder, self._write_properties()
        options = _java_options(jars, pins, folder)
        if not storage.is_formatted(folder / "storage"):
            security = self._settings.security
            further = security.format_options() if security else []
            storage.format_storage(java, [*options, *_SHORT_LIVED], properties, further)
        options += [f"-Xmx{self._settings.heap}", "kafka.Kafka", str(properties)]
        temporary = folder if self._settings.data_dir is None else None
        self._process = JavaProcess(java, options, folder / "broker.log", temporary)

    def wait_ready(self, deadline_seconds: float = _READY_SECONDS) -> None:
        """Wait until the broker answers and takes part in its cluster.

        Raises:
            BrokerDiedError: it ended; the message carries the last lines of its log.
            BrokerNotReadyError: it did not answer within `deadline_seconds`.

        """
        deadline = time.monotonic() + deadline_seconds
        port = self._assigned_ports()[0]
        while True:
            self.require_alive()
            if probe.is_serving(port, NODE_ID):
                return
            if time.monotonic() >= deadline:
                raise BrokerNotReadyError(
                    f"the broker on {self.bootstrap} did not answer within {deadline_seconds:.0f} "
                    f"s: give it more time, or read its log. Last lines:\n{self.log_tail()}"
                )
            time.sleep(_POLL_SECONDS)

    def halt(self, *, graceful: bool = True) -> None:
        """End the broker process and keep ports and data; graceful lets Kafka shut down."""
        if self._process is not None:
            self._process.end(_GRACE_SECONDS if graceful else 0)
            self._process = None

    def kill(self) -> None:
        """End the broker process with SIGKILL and keep ports and data."""
        self.halt(graceful=False)

    def restart(self, *, graceful: bool = True, deadline_seconds: float = _READY_SECONDS) -> None:
        """End the broker, start it on the same port and data, wait until it serves."""
        self.halt(graceful=graceful)
        self.start()
        self.wait_ready(deadline_seconds)

    def pause(self) -> None:
        """Freeze the broker (SIGSTOP): connections stay open and nothing is answered."""
        self._living().pause()

    def resume(self) -> None:
        """Let a frozen broker go on (SIGCONT)."""
        self._living().resume()

    def stop(self, *, graceful: bool = True) -> None:
        """End the broker for good: a temporary data folder is removed, the port given up."""
        atexit.unregister(self._stop_at_exit)
        self.halt(graceful=graceful)
        if self._folder is not None and self._settings.data_dir is None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = self._ports = self._secured_port = None

    def require_alive(self) -> None:
        """Check that the broker process lives.

        Raises:
            BrokerDiedError: it ended; the message carries the last lines of its log.

        """
        self._living()

    def log_tail(self, lines: int = 30) -> str:
        """The last lines of the broker's log."""
        return last_lines(self.data_folder / "broker.log", lines)

    def _claim_place(self) -> None:
        if self._ports is None:
            self._ports = ports.choose_ports(self._settings.port)
            if self._settings.security is not None:
                self._secured_port = ports.choose_ports(None)[0]
        else:
            ports.require_free(self._ports[0])
        if self._folder is None:
            self._folder = storage.make_data_folder(self._settings.data_dir)
            atexit.register(self._stop_at_exit)
        fetching.require_space(self._folder, _DATA_BYTES)

    def _write_properties(self) -> Path:
        port, controller_port = self._assigned_ports()
        path = self.data_folder / "server.properties"
        log_dir = self.data_folder / "storage"
        extra = {**self._settings.extra_properties}
        if self._settings.security is not None and self._secured_port is not None:
            extra |= self._settings.security.properties(port, controller_port, self._secured_port)
        path.write_text(server_properties(port, controller_port, log_dir, extra), encoding="utf-8")
        return path

    def _assigned_ports(self) -> tuple[int, int]:
        if self._ports is None:
            raise RuntimeError("the broker was not started yet: call start() first")
        return self._ports

    def _living(self) -> JavaProcess:
        if self._process is None:
            raise RuntimeError("the broker is not running: call start() first")
        if self._process.exit_code is not None:
            tail = self.log_tail()
            hint = next((hint for sign, hint in _HINTS.items() if sign in tail), "read its log")
            raise BrokerDiedError(
                f"the broker ended with exit code {self._process.exit_code}: {hint}. "
                f"Last lines of {self.data_folder / 'broker.log'}:\n{tail}"
            )
        return self._process

    def _stop_at_exit(self) -> None:
        self.stop(graceful=False)


def _java_options(jars: Path, pins: Pins, folder: Path) -> list[str]:
    """Options of every Java process here; what Java and its native libraries leave stays inside."""
    scratch = folder / "tmp"
    scratch.mkdir(exist_ok=True)
    return [
        "-cp",
        os.pathsep.join(str(jars / jar.filename) for jar in pins.jar),
        "-XX:-UsePerfData",
        f"-Djava.io.tmpdir={scratch}",
        f"-Dlog4j2.configurationFile={_LOG4J}",
    ]
