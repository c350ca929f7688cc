"""The life of a service's process: signals, exit codes, and the end without acknowledging."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, NoReturn, TypeVar

from tocsin_runtime.errors import SettingsError, StartError, TocsinError
from tocsin_runtime.logs import configure_logs, get_logger
from tocsin_runtime.settings import ServiceSettings, load_settings

_log = get_logger(__name__)

EXIT_CRASH = 70
"""Ended without acknowledging (EX_SOFTWARE); the supervisor starts the service again."""
EXIT_CONFIG = 78
"""Settings or surroundings are wrong (EX_CONFIG)."""

STOP_SECONDS = 8.0
"""However a service hangs, so long after the first signal it is ended; none needs more than 5."""

Service = Callable[[asyncio.Event], Awaitable[None]]
"""Runs until the event is set, then finishes its batch, commits and returns."""


SettingsT = TypeVar("SettingsT", bound=ServiceSettings)


def launch(kind: type[SettingsT], create: Callable[[SettingsT], Service]) -> int:
    """Read the settings, set logging up, create the service and run it.

    Args:
        kind: the service's settings.
        create: makes the service of them; called once.

    Returns:
        The exit code of `run_service`; 78 when the settings are wrong.

    """
    try:
        settings = load_settings(kind)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_CONFIG
    configure_logs(settings.service, settings.instance_id, settings.log_level, settings.log_format)
    return run_service(create(settings))


def run_service(service: Service) -> int:
    """Run a service until SIGTERM or SIGINT.

    The service is given an event that is set by the first signal. While it still starts (waits
    for a broker), the signal cancels it. A second signal ends the process at once.

    Returns:
        The exit code: 0 after a signal, 78 when it could not start, 70 when it failed.

    """
    try:
        asyncio.run(_run(service))
    except TocsinError as error:
        _log.critical("stopped", why=str(error), kind=type(error).__name__)
        return EXIT_CONFIG if isinstance(error, SettingsError | StartError) else EXIT_CRASH
    return 0


async def _run(service: Service) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _request_stop, stop, number)
    try:
        await service(stop)
    except TocsinError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, nothing more is acknowledged
        crash(f"{type(error).__name__}: {error}", error=error)


def _request_stop(stop: asyncio.Event, number: signal.Signals) -> None:
    if stop.is_set():
        crash(f"second {number.name}")
    _log.info("stopping", signal=number.name)
    stop.set()
    # A Kafka client was seen to swallow its cancellation and to go on for ever.
    why = f"not ended {STOP_SECONDS:g} s after {number.name}"
    asyncio.get_running_loop().call_later(STOP_SECONDS, partial(crash, why, exit_code=0))


async def unless_stopped(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Do work that may take for ever, such as waiting for a broker, unless asked to stop.

    Returns:
        True when the work was done, False when the stop came first.

    """
    task = asyncio.create_task(work)
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if task.done():
        await task
        return True
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return False


async def until_first(stop: asyncio.Event, *watches: Awaitable[None]) -> None:
    """Wait for the stop while watches run that never end by themselves.

    A watch that raises or returns ends the process without acknowledging.
    """
    stopped = asyncio.ensure_future(stop.wait())
    tasks: list[asyncio.Future[Any]] = [asyncio.ensure_future(watch) for watch in watches]
    await asyncio.wait({stopped, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        if task.done() and not stop.is_set():
            error = task.exception()
            why = f"{type(error).__name__}: {error}" if error else "the work ended by itself"
            crash(why, error=error)
    for task in (stopped, *tasks):
        task.cancel()
    await asyncio.gather(stopped, *tasks, return_exceptions=True)


async def finish_within(seconds: float, *steps: Awaitable[object]) -> None:
    """Do the last steps of a service in their order, then return for exit code 0.

    When they fail or take longer the process ends at once, with 70 or 0: what was not acknowledged
    is read again.
    """
    try:
        async with asyncio.timeout(seconds):
            for step in steps:
                await step
    except TimeoutError:
        crash(f"not finished {seconds:g} s after the signal", exit_code=0)
    except Exception as error:  # noqa: BLE001 - whatever it is, nothing more is acknowledged
        crash(f"{type(error).__name__}: {error}", error=error)


def crash(why: str, *, exit_code: int = EXIT_CRASH, error: BaseException | None = None) -> NoReturn:
    """End the process at once, acknowledging nothing: what was in flight is read again."""
    _log.critical("crashed on purpose, nothing acknowledged", why=why, exc_info=error)
    sys.stderr.flush()
    os._exit(exit_code)
