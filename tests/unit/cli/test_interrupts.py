"""Being told to end raises once, and is never lost."""

import signal
import time
from collections.abc import Callable

import pytest

from tocsin_cli.interrupts import interruptible


class Dropper:
    """Its destructor runs something, and Python drops whatever that raises."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.work = work

    def __del__(self) -> None:
        self.work()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_signal_interrupts(number: signal.Signals) -> None:
    """A closed terminal and a supervisor's stop clean up like Ctrl-C."""
    with pytest.raises(KeyboardInterrupt), interruptible():
        signal.raise_signal(number)


def test_second_signal_does_not_interrupt_the_cleaning_up() -> None:
    """Impatience leaves nothing behind."""
    cleaned = []

    def work() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            signal.raise_signal(signal.SIGTERM)
            cleaned.append(True)

    with pytest.raises(KeyboardInterrupt), interruptible():
        work()
    assert cleaned


def test_interrupt_that_python_drops_is_raised_again() -> None:
    """It came inside a destructor, whose exceptions go nowhere."""

    def work() -> None:
        Dropper(lambda: signal.raise_signal(signal.SIGTERM))
        time.sleep(10)

    with pytest.raises(KeyboardInterrupt), interruptible():
        work()


def test_what_was_set_before_is_set_again() -> None:
    """The command may be one call of a longer program."""
    before = signal.getsignal(signal.SIGTERM)
    with interruptible():
        pass
    assert signal.getsignal(signal.SIGTERM) is before
