"""A limit on the time that one piece of pure work may take, kept by the interval timer."""

import signal
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

ResultT = TypeVar("ResultT")

_TICKS = 8
"""The limit is counted in this many beats of the timer."""


class CutOffError(Exception):
    """The work took too long."""


class _CutOff(BaseException):
    """Raised inside the work; a BaseException, so that no `except Exception` in it stops this."""


class CutOff:
    """Runs work in the main thread and cuts it off after a time in which the process ran.

    SIGALRM beats eight times within the limit, and the beats are counted: while the process is
    stopped or gets no processor, missed beats become one, so that a pause of the machine is not
    held against the article. Python runs the handler between two of its instructions; work inside
    a C function is cut off when that function returns.
    """

    def __init__(self, limit_seconds: float) -> None:
        """Take over SIGALRM of this process.

        Args:
            limit_seconds: how long a piece of work may take.

        """
        self._limit_seconds = limit_seconds
        self._left = 0
        signal.signal(signal.SIGALRM, self._beat)

    def run(self, work: Callable[[], ResultT]) -> ResultT:
        """Do the work.

        Raises:
            CutOffError: it took too long; whatever the work itself raises goes through.

        """
        interval = self._limit_seconds / _TICKS
        try:
            self._left = _TICKS
            signal.setitimer(signal.ITIMER_REAL, interval, interval)
            try:
                return work()
            finally:
                self._left = 0
                signal.setitimer(signal.ITIMER_REAL, 0)
        except _CutOff:
            raise CutOffError(f"cut off after {self._limit_seconds:g} s") from None

    def _beat(self, _number: int, _frame: FrameType | None) -> None:
        if self._left > 0:
            self._left -= 1
            if self._left == 0:
                raise _CutOff
