"""Being told to end: once, whatever the signal, and never lost."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from tocsin_cli.console import say

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SECONDS_TO_NEXT_TRY = 0.05


@contextmanager
def interruptible() -> Iterator[None]:
    """The first SIGINT, SIGTERM or SIGHUP raises KeyboardInterrupt; later ones are ignored.

    So that the cleaning up, which the interrupt brings about, is not interrupted itself. An
    interrupt that Python drops, because it came inside a destructor or a fork's callback, is raised
    again a moment later. For the main thread only.
    """
    numbers = (*_ENDING, signal.SIGALRM)
    before = {number: signal.getsignal(number) for number in numbers}
    hook = sys.unraisablehook
    signal.signal(signal.SIGALRM, _raise)
    for number in _ENDING:
        signal.signal(number, _interrupt)
    sys.unraisablehook = _raise_dropped_again
    try:
        yield
    finally:
        sys.unraisablehook = hook
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)
    say("stopping; this takes a few seconds")
    raise KeyboardInterrupt


def _raise(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _raise_dropped_again(dropped: "sys.UnraisableHookArgs") -> None:
    if issubclass(dropped.exc_type, KeyboardInterrupt):
        signal.setitimer(signal.ITIMER_REAL, _SECONDS_TO_NEXT_TRY)
    else:
        sys.__unraisablehook__(dropped)
