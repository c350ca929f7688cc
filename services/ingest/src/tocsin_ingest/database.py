"""SQLite files of ingest: copies and memories whose loss costs little, begun anew when broken."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from tocsin_runtime.errors import StartError
from tocsin_runtime.logs import get_logger

_log = get_logger(__name__)


Prepare = Callable[[sqlite3.Connection], None]


def open_database(path: Path, create: str, prepare: Prepare | None = None) -> sqlite3.Connection:
    """Open a file, or begin a new one when there is none or it cannot be read.

    Args:
        path: of the file; its folder is made.
        create: SQL that makes what is not there yet.
        prepare: what has to come before.

    Raises:
        StartError: the folder cannot be written, or another process has the file to itself.

    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _connect(path, create, prepare)
    except (sqlite3.OperationalError, OSError) as error:
        raise StartError(
            f"cannot use {path}: {error}; give this ingest a TOCSIN_INGEST_DATA_DIR of its own "
            "that it can write"
        ) from error
    except sqlite3.DatabaseError as error:
        _log.warning("file cannot be read, begun anew", path=str(path), why=str(error))
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return _connect(path, create, prepare)


def _connect(path: Path, create: str, prepare: Prepare | None) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=1)
    try:
        if prepare is not None:
            prepare(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(create)
    except sqlite3.Error:
        connection.close()
        raise
    return connection
