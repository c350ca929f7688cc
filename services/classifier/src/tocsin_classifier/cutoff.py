"""A limit on the time that one piece of pure work may take, kept by the interval timers."""

import signal
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

ResultT = TypeVar("ResultT")

_TICKS = 8
"""The limit is counted in this many beats of a timer."""

_ASLEEP = 8
"""Work that waits instead of computing is cut off after so many times the limit."""


class CutOffError(Exception):
    """The work took too long."""


class _CutOff(BaseException):
    """Raised inside the work; a BaseException, so that no `except Exception` in it stops this."""


class CutOff:
    """Runs work in the main thread and cuts it off after a time in which it computed.

    SIGPROF beats eight times within the limit of processor time, so that neither a pause of the
    machine nor other processes are held against the article; SIGALRM beats much more slowly by the
    clock, for work that computes nothing. The beats are counted: while the process is stopped,
    missed ones become one. From the limit on every further beat raises again, since an exception
    that Python meets in a destructor or a callback goes no further. Python runs the handler between
    two of its instructions; work inside a C function is cut off when that function returns.
    """

    def __init__(self, limit_seconds: float) -> None:
        """Take over SIGPROF and SIGALRM of this process.

        Args:
            limit_seconds: how long a piece of work may compute.

        """
        self._limit_seconds = limit_seconds
        self._running = False
        self._computed = 0
        self._waited = 0
        signal.signal(signal.SIGPROF, self._beat)
        signal.signal(signal.SIGALRM, self._beat)

    def run(self, work: Callable[[], ResultT]) -> ResultT:
        """Do the work.

        Raises:
            CutOffError: it took too long; whatever the work itself raises goes through.

        """
        interval = self._limit_seconds / _TICKS
        try:
            self._computed = self._waited = 0
            self._running = True
            signal.setitimer(signal.ITIMER_PROF, interval, interval)
            signal.setitimer(signal.ITIMER_REAL, interval * _ASLEEP, interval * _ASLEEP)
            try:
                return work()
            finally:
                self._running = False
                signal.setitimer(signal.ITIMER_PROF, 0)
                signal.setitimer(signal.ITIMER_REAL, 0)
        except _CutOff:
            raise CutOffError(f"cut off after {self._limit_seconds:g} s") from None

    def _beat(self, number: int, _frame: FrameType | None) -> None:
        if not self._running:
            return
        if number == signal.SIGPROF:
            self._computed += 1
        else:
            self._waited += 1
        if self._computed >= _TICKS or self._waited >= _TICKS:
            raise _CutOff
