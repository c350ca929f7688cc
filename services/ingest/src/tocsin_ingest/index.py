"""The index of revisions in SQLite: what stands on `articles`, so that nothing goes out twice.

It is a copy: when the file is lost, broken or of another log it is filled from the topic again.
"""

import sqlite3
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import UUID

from tocsin_ingest.database import open_database
from tocsin_ingest.domain.revision import Known, follow
from tocsin_runtime.errors import FatalError
from tocsin_schemas.article import Article

_LAYOUT = 1
"""Of the table; a file with another one is filled anew."""

_CREATE = f"""
CREATE TABLE IF NOT EXISTS article (
    article_id BLOB PRIMARY KEY,
    revision INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL,
    content BLOB NOT NULL,
    partition INTEGER NOT NULL,
    position INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS article_position ON article (partition, position);
PRAGMA user_version = {_LAYOUT};
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """A revision that the broker has stored, and where."""

    article: Article
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class Mark:
    """The last record of a partition that the index knows."""

    offset: int
    article_id: UUID


class Index:
    """Latest revision of every article; used by one thread of one process."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._count: int = connection.execute("SELECT count(*) FROM article").fetchone()[0]

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file, or begin a new one when there is none or it cannot be read.

        Raises:
            StartError: the folder cannot be written, or another ingest uses the file.

        """
        return cls(open_database(path, _CREATE, _prepare))

    def __len__(self) -> int:
        """How many articles are known."""
        return self._count

    def knows(self, article_id: UUID) -> bool:
        """Whether there is anything known of an article."""
        row = self._connection.execute(
            "SELECT 1 FROM article WHERE article_id = ?", (article_id.bytes,)
        ).fetchone()
        return row is not None

    def find(self, article_id: UUID) -> Known | None:
        """What is known of an article."""
        row = self._connection.execute(
            "SELECT content, revision, withdrawn FROM article WHERE article_id = ?",
            (article_id.bytes,),
        ).fetchone()
        if row is None:
            return None
        content, revision, withdrawn = row
        return Known(Article.read(zlib.decompress(content)), revision, bool(withdrawn))

    def store(self, revisions: Iterable[Stored]) -> None:
        """Note revisions that the broker has stored, all or none of them.

        Raises:
            FatalError: the file cannot be written.

        """
        try:
            with self._connection:
                for stored in revisions:
                    self._store(stored)
        except sqlite3.Error as error:
            raise FatalError(f"cannot write the index of revisions: {error}") from error

    def _store(self, stored: Stored) -> None:
        before = self.find(stored.article.article_id)
        after = follow(before, stored.article)
        self._connection.execute(
            "INSERT OR REPLACE INTO article VALUES (?, ?, ?, ?, ?, ?)",
            (
                stored.article.article_id.bytes,
                after.revision,
                after.withdrawn,
                zlib.compress(after.content.to_json()),
                stored.partition,
                stored.offset,
            ),
        )
        self._count += before is None

    def marks(self) -> dict[int, Mark]:
        """The last known record of each partition."""
        rows = self._connection.execute(
            "SELECT partition, max(position), article_id FROM article GROUP BY partition"
        )
        return {partition: Mark(offset, UUID(bytes=raw)) for partition, offset, raw in rows}

    def clear(self) -> None:
        """Forget everything."""
        with self._connection:
            self._connection.execute("DELETE FROM article")
        self._count = 0

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _prepare(connection: sqlite3.Connection) -> None:
    # One ingest for one file: a second one fails here instead of publishing twice.
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    if connection.execute("PRAGMA user_version").fetchone()[0] != _LAYOUT:
        connection.execute("DROP TABLE IF EXISTS article")
