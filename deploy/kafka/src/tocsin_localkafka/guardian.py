"""Ends the broker when the process that started it is gone, however that one ended.

Run as a process of its own that holds the read end of a pipe. The parent writes the broker's
process id; the pipe ends when the parent does, also after `kill -9`. The kernel's parent-death
signal is no way out: it fires when the parent's thread ends, and only Linux has it.
Imports the standard library only, so that it starts in milliseconds.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

_TRIES = 50


class Guardian:
    """The parent's side: holds the pipe of the guarding process."""

    def __init__(self, remove: Path | None) -> None:
        """Start guarding; `remove` is a folder to delete after a broker was ended."""
        self._process = subprocess.Popen(  # noqa: S603 - fixed program, no shell
            [sys.executable, "-I", "-S", __file__, str(remove or "")],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def watch(self, pid: int) -> None:
        """Name the process group to end."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{pid}\n".encode())
        self._process.stdin.flush()

    def release(self) -> None:
        """End the guarding process; the broker is left alone."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None
        self._process.stdin.close()


def guard(remove: str) -> None:
    """Wait for the parent's end, then end the process group that it named."""
    line = sys.stdin.readline().strip()
    sys.stdin.read()
    if line:
        _end(int(line))
    if remove:
        shutil.rmtree(remove, ignore_errors=True)


def _end(group: int) -> None:
    for _ in range(_TRIES):
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            return
        sleep(0.1)


if __name__ == "__main__":
    guard(sys.argv[1])
