"""Fetches the pinned jars once into the cache folder; a jar is there whole and checked, or not."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from rich.console import Console

from tocsin_localkafka.artefacts import Jar, Pins, check_digest, jars_folder, missing_jars
from tocsin_localkafka.errors import DiskFullError, FetchError
from tocsin_localkafka.maven import MavenRepositories
from tocsin_localkafka.progress import FetchProgress

_LOCK_SECONDS = 900.0


def fetch(
    pins: Pins,
    cache_dir: Path | None = None,
    console: Console | None = None,
    lock_seconds: float = _LOCK_SECONDS,
) -> Path:
    """Make sure that all pinned jars are in the cache folder and return that folder.

    Safe when several processes fetch at once: one does, the others wait for up to `lock_seconds`.

    Raises:
        FetchError: a jar could not be fetched, or another process holds the lock too long.
        DigestMismatchError: a fetched jar is not the pinned one; it is not kept.
        DiskFullError: the folder has too little free space.

    """
    folder = jars_folder(pins, cache_dir)
    if not missing_jars(pins, folder):
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    console = console or Console(stderr=True)
    with _locked(folder, lock_seconds, console):
        missing = missing_jars(pins, folder)
        if missing:
            require_space(folder, sum(jar.bytes for jar in missing))
            _fetch_into(folder, missing, pins.kafka, console)
    return folder


def require_space(folder: Path, needed_bytes: int) -> None:
    """Check that a folder has room.

    Raises:
        DiskFullError: it has not.

    """
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        raise DiskFullError(
            f"{folder} has {free / 1e6:.0f} MB free, {needed_bytes / 1e6:.0f} MB are needed: "
            "free some space or choose another folder (TOCSIN_CACHE_DIR for the artefacts, "
            "data_dir or TMPDIR for the broker's data)"
        )


@contextmanager
def _locked(folder: Path, seconds: float, console: Console) -> Iterator[None]:
    lock = FileLock(folder / ".fetch.lock")
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            console.print(f"waiting for another process that fetches into {folder}")
            lock.acquire(timeout=seconds)
    except Timeout as error:
        raise FetchError(
            f"another process has been fetching into {folder} for {seconds:.0f} s: "
            "wait for it or end it, then start again"
        ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """An empty folder for downloads; what a killed fetch left in it is removed first."""
    staging = folder / ".staging"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _fetch_into(folder: Path, missing: list[Jar], version: str, console: Console) -> None:
    progress = FetchProgress(console, sum(jar.bytes for jar in missing))
    title = f"Fetching Apache Kafka {version} ({len(missing)} files)"
    with progress.shown(title), _staging(folder) as staging:
        repositories = MavenRepositories(staging, progress.file)
        for jar in missing:
            try:
                fetched = repositories.download(jar.coordinate)
            except OSError as error:
                if error.errno == errno.ENOSPC:
                    raise DiskFullError(f"{folder} is full: free some space") from error
                raise
            check_digest(jar, fetched, "check which repository or proxy answered, then fetch again")
            fetched.replace(folder / jar.filename)
