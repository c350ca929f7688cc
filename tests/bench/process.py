"""A process whose processor time and memory are measured from outside."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
_TICKS = os.sysconf("SC_CLK_TCK")
_MEGABYTE = 1_000_000


@dataclass
class Measured:
    """A process that is started, measured and ended; its log goes to a file."""

    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it; does not wait."""
        path = os.pathsep.join(filter(None, [str(TESTS), os.environ.get("PYTHONPATH")]))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                list(self.command),
                env={**os.environ, "PYTHONPATH": path, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

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
        if self.process is None or self.process.poll() is not None:
            text = self.log.read_text("utf-8", "replace")[-3000:]
            raise RuntimeError(f"{' '.join(self.command)} has ended:\n{text}")

    def stop(self) -> None:
        """End it: SIGTERM, and SIGKILL after ten seconds."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)


def script(name: str) -> str:
    """The path of a console script beside this Python."""
    return str(Path(sys.executable).parent / name)


def processor_seconds(pid: int) -> float:
    """Processor time of a process and its threads so far, of user and system (Linux)."""
    # The second field is a name in parentheses that may hold anything.
    fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident_megabytes(pid: int) -> float:
    """Resident memory of a process now (Linux)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE
