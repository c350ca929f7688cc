"""A process whose processor time and memory are measured from outside."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.services import ServiceProcess

_TICKS = os.sysconf("SC_CLK_TCK")


class Measured(ServiceProcess):
    """A process that is measured, one of ours or one that it is compared with."""

    @property
    def pid(self) -> int:
        """Its number."""
        assert self.process is not None, "not started"
        return self.process.pid

    def require_alive(self) -> None:
        """Check that it runs.

        Raises:
            RuntimeError: it has ended; the message carries its last lines.

        """
        if not self.running:
            raise RuntimeError(f"{' '.join(self.command)} has ended:\n{self.log_text()[-3000:]}")

    def stop(self) -> None:
        """End it: SIGTERM, and SIGKILL after ten seconds."""
        if not self.running:
            return
        self.send(signal.SIGTERM)
        try:
            self.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def running(process: Measured) -> Iterator[None]:
    """The process runs while the context is open."""
    process.start()
    try:
        yield
    finally:
        process.stop()


def processor_seconds(pid: int) -> float:
    """Processor time of a process and its threads so far, of user and system (Linux)."""
    # The second field is a name in parentheses that may hold anything.
    fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def mebibytes_now_and_at_most(pid: int) -> tuple[float, float]:
    """Resident memory of a process now and at its highest (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    held = {line.split(":")[0]: line.split()[1] for line in lines if line.startswith("Vm")}
    return int(held["VmRSS"]) / 1024, int(held["VmHWM"]) / 1024
