"""The life of a process: what ends it, and with which exit code."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap

import pytest

from tocsin_runtime.errors import FatalError, StartError
from tocsin_runtime.process import EXIT_CONFIG, EXIT_CRASH, run_service, unless_stopped


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own, since it is meant to end it."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_signal_stops_a_service_with_exit_code_0() -> None:
    """SIGTERM sets the event that the service waits for."""

    async def serve(stop: asyncio.Event) -> None:
        asyncio.get_running_loop().call_soon(os.kill, os.getpid(), signal.SIGTERM)
        await stop.wait()

    assert run_service(serve) == 0


@pytest.mark.parametrize(("error", "code"), [(StartError, EXIT_CONFIG), (FatalError, EXIT_CRASH)])
def test_errors_have_their_exit_codes(error: type[Exception], code: int) -> None:
    """What an operator must mend is told apart from a crash that a restart mends."""

    async def serve(_: asyncio.Event) -> None:
        raise error("reason")

    assert run_service(serve) == code


async def test_a_stop_cancels_what_may_take_for_ever() -> None:
    """Waiting for a broker ends when the service is told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().call_soon(stop.set)
    assert not await unless_stopped(stop, _wait_for_ever())


async def test_work_that_is_done_goes_on() -> None:
    """Without a stop the work is waited for."""

    async def work() -> None:
        return

    assert await unless_stopped(asyncio.Event(), work())


def test_a_watch_that_fails_crashes_the_process() -> None:
    """The process ends at once with the reason and nothing acknowledged."""
    done = run_python("""
        import asyncio
        from tocsin_runtime.errors import StuckError
        from tocsin_runtime.process import run_service, until_first

        async def watch():
            raise StuckError("5 records wait")

        async def serve(stop):
            await until_first(stop, watch(), asyncio.sleep(60))

        run_service(serve)
    """)
    assert done.returncode == EXIT_CRASH
    assert "5 records wait" in done.stdout + done.stderr


def test_last_steps_that_take_too_long_are_left() -> None:
    """The signal is obeyed in time, also when the last batch hangs: it is read again."""
    done = run_python("""
        import asyncio
        from tocsin_runtime.process import finish_within, run_service

        async def serve(stop):
            await finish_within(0.1, asyncio.sleep(60))

        run_service(serve)
    """)
    assert done.returncode == 0
    assert "not finished 0.1 s" in done.stdout + done.stderr


def test_a_watch_that_swallows_its_cancellation_is_ended_with_the_process() -> None:
    """Nothing keeps a service alive after a signal."""
    done = run_python("""
        import asyncio, os, signal
        from tocsin_runtime import process

        async def watch():
            while True:
                try:
                    await asyncio.sleep(60)
                except asyncio.CancelledError:
                    pass

        async def serve(stop):
            asyncio.get_running_loop().call_soon(os.kill, os.getpid(), signal.SIGTERM)
            await process.until_first(stop, watch())

        process.STOP_SECONDS = 0.2
        process.run_service(serve)
    """)
    assert done.returncode == 0
    assert "not ended 0.2 s after SIGTERM" in done.stdout + done.stderr


async def _wait_for_ever() -> None:
    await asyncio.Event().wait()
