"""The file of sources: read at the start, and again when it changes or SIGHUP comes."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import awatch

from tocsin_ingest.domain.source import Source, SourcesFile
from tocsin_runtime.configuration import read_configuration
from tocsin_runtime.errors import SettingsError
from tocsin_runtime.logs import get_logger
from tocsin_runtime.metrics import IngestMetrics

_log = get_logger(__name__)

SETTING = "TOCSIN_INGEST_SOURCES_FILE"


def read_sources(path: Path) -> tuple[Source, ...]:
    """The sources of the file.

    Raises:
        SettingsError: lists all that is wrong.

    """
    return read_configuration(path, SourcesFile, SETTING).sources


async def follow_file(path: Path, metrics: IngestMetrics) -> AsyncIterator[tuple[Source, ...]]:
    """The sources, now and whenever the file (an absolute path) changes.

    A file that is wrong is told in the log and in a metric, and the former sources stay.

    Raises:
        SettingsError: it is wrong from the start.

    """
    sources = read_sources(path)
    metrics.sources_file_good.set(1)
    yield sources
    async for _ in _changes(path):
        try:
            changed = read_sources(path)
        except SettingsError as error:
            metrics.sources_file_good.set(0)
            _log.error("file of sources is wrong, the former one stays", why=str(error))
            continue
        metrics.sources_file_good.set(1)
        _log.info("sources read again", sources=len(changed))
        yield changed


async def _changes(path: Path) -> AsyncIterator[None]:
    """Whenever the file may hold something else."""
    changed = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, changed.set)

    async def watch() -> None:
        # The folder, since editors and clusters replace a file by another one of its name.
        async for _ in awatch(path.parent, recursive=False):
            changed.set()

    watching = asyncio.create_task(watch())
    try:
        while True:
            await changed.wait()
            changed.clear()
            yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
