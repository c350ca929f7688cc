"""One Java process with a session of its own, which never outlives its Python process."""

import os
import signal
import subprocess
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from tocsin_localkafka.guardian import Guardian


class JavaProcess:
    """A running Java process whose output goes to a file.

    It has a session of its own, so that Ctrl-C in the terminal reaches only the parent, which then
    ends it in order; a guardian ends it when the parent is killed.
    """

    def __init__(
        self, java: Path, arguments: Sequence[str], log: Path, remove: Path | None
    ) -> None:
        """Start it; `remove` is a folder that the guardian deletes when the parent is gone."""
        self._guardian = Guardian(remove)
        try:
            with log.open("ab") as output:
                self._process = subprocess.Popen(  # noqa: S603 - fixed program, no shell
                    [str(java), *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        except BaseException:
            self._guardian.release()
            raise
        self._guardian.watch(self._process.pid)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self._process.poll()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the whole process group; nothing happens when it has ended."""
        if self.exit_code is None:
            os.killpg(self._process.pid, number)

    def pause(self) -> None:
        """Freeze it with SIGSTOP; returns when all of its threads stand still (Linux)."""
        self.signal(signal.SIGSTOP)
        if hasattr(os, "waitid"):
            os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)

    def resume(self) -> None:
        """Let it go on with SIGCONT."""
        self.signal(signal.SIGCONT)

    def end(self, grace_seconds: float) -> None:
        """End it: SIGTERM and, after the grace, SIGKILL; at once without a grace."""
        if grace_seconds > 0:
            self.resume()
            self.signal(signal.SIGTERM)
            try:
                self._process.wait(grace_seconds)
            except subprocess.TimeoutExpired:
                self.signal(signal.SIGKILL)
        else:
            self.signal(signal.SIGKILL)
        self._process.wait()
        self._guardian.release()


def last_lines(log: Path, count: int) -> str:
    """The last lines of a log file; empty when there is none."""
    try:
        with log.open(encoding="utf-8", errors="replace") as file:
            return "".join(deque(file, count)).rstrip("\n")
    except FileNotFoundError:
        return ""
