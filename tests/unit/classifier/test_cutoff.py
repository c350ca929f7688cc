"""The cut-off: work that takes too long ends, a pause of the process does not count."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tocsin_classifier.cutoff import CutOff, CutOffError


@pytest.fixture
def cut_off() -> CutOff:
    """A limit of a fifth of a second."""
    return CutOff(0.2)


def test_quick_work_gives_its_result(cut_off: CutOff) -> None:
    """Work within the limit is not touched, and its own errors go through."""
    assert cut_off.run(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        cut_off.run(lambda: 1 // 0)


def spin() -> None:
    """Works for ever."""
    while True:
        pass


def stubborn() -> None:
    """Works for ever and catches every error on its way."""
    while True:
        try:
            spin()
        except Exception:  # noqa: BLE001
            continue


class Swallowing:
    """Spends the time until the first cut in a destructor, out of which no exception comes."""

    def __del__(self) -> None:
        end = time.process_time() + 0.4
        while time.process_time() < end:
            pass


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_cut_that_a_destructor_swallows_is_made_again(cut_off: CutOff) -> None:
    """An exception in `__del__` goes no further, but the next beat raises it anew."""

    def work() -> None:
        Swallowing()
        spin()

    with pytest.raises(CutOffError):
        cut_off.run(work)


def test_a_busy_machine_is_not_held_against_the_work(cut_off: CutOff) -> None:
    """Only processor time counts: waiting somewhat longer than the limit is no reason to cut."""
    assert cut_off.run(lambda: time.sleep(0.5)) is None


@pytest.mark.parametrize("work", [spin, stubborn, lambda: time.sleep(30)])
def test_endless_work_is_cut_off(cut_off: CutOff, work: object) -> None:
    """Computing, catching everything or sleeping: it ends soon after the limit."""
    started = time.monotonic()
    with pytest.raises(CutOffError, match=r"after 0\.2 s"):
        cut_off.run(work)  # type: ignore[arg-type]
    assert time.monotonic() - started < 20


def test_nothing_is_cut_off_afterwards(cut_off: CutOff) -> None:
    """The timer is off when the work is done."""
    cut_off.run(lambda: None)
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)


def test_a_pause_of_the_process_is_not_held_against_the_work() -> None:
    """A process that was stopped for longer than the limit finishes its work when it goes on."""
    code = (
        "import time\n"
        "from tocsin_classifier.cutoff import CutOff\n"
        "def work():\n"
        "    print('begun', flush=True)\n"
        "    end = time.process_time() + 0.05\n"
        "    while time.process_time() < end: pass\n"
        "CutOff(4).run(work)\n"
        "print('done', flush=True)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    os.kill(process.pid, signal.SIGSTOP)
    time.sleep(4.5)  # longer than the limit: this is the pause itself
    os.kill(process.pid, signal.SIGCONT)
    assert process.communicate(timeout=60)[0] == "done\n"
    assert process.returncode == 0
