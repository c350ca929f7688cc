"""What is known of each feed from its last polls, kept over restarts in SQLite."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from tocsin_ingest.database import open_database

_CREATE = """
CREATE TABLE IF NOT EXISTS feed (
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    succeeded_at REAL
);
CREATE TABLE IF NOT EXISTS item (
    feed TEXT NOT NULL,
    guid BLOB NOT NULL,
    digest BLOB NOT NULL,
    article BLOB,
    PRIMARY KEY (feed, guid)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class FeedState:
    """Of one feed, after its last poll that succeeded."""

    url: str
    """The address that it was read from; another one in the file begins anew."""
    etag: str | None = None
    last_modified: str | None = None
    succeeded_at: datetime | None = None
    """Null before the first poll."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An item of a feed that was dealt with."""

    guid: bytes
    """Digest of what the feed calls it."""
    digest: bytes
    """Of all that the feed says of it."""
    article_id: UUID | None
    """What it became; null when it was refused."""


class FeedStates:
    """The states of all feeds in a file; used by one thread of one process.

    Without the file everything is looked at again, and what is known publishes nothing.
    """

    def __init__(self, path: Path) -> None:
        self._connection = open_database(path, _CREATE)

    def find(self, feed: str, url: str) -> FeedState:
        """What is known of a feed; nothing when it was read from another address before."""
        row = self._connection.execute(
            "SELECT url, etag, last_modified, succeeded_at FROM feed WHERE id = ?", (feed,)
        ).fetchone()
        if row is None or row[0] != url:
            return FeedState(url)
        at = datetime.fromtimestamp(row[3], UTC) if row[3] is not None else None
        return FeedState(url, row[1], row[2], at)

    def seen(self, feed: str) -> dict[bytes, Seen]:
        """The items that the feed held at its last poll, by the digest of what it calls them."""
        rows = self._connection.execute(
            "SELECT guid, digest, article FROM item WHERE feed = ?", (feed,)
        )
        return {
            guid: Seen(guid, digest, UUID(bytes=article) if article else None)
            for guid, digest, article in rows
        }

    def store(self, feed: str, state: FeedState, seen: Iterable[Seen] | None) -> None:
        """Note a poll whose articles are stored by the broker.

        Args:
            feed: its id.
            state: what it answered.
            seen: the items that it holds now; null when it did not change.

        """
        at = state.succeeded_at.timestamp() if state.succeeded_at else None
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO feed VALUES (?, ?, ?, ?, ?)",
                (feed, state.url, state.etag, state.last_modified, at),
            )
            if seen is not None:
                self._connection.execute("DELETE FROM item WHERE feed = ?", (feed,))
                self._connection.executemany(
                    "INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?)",
                    [
                        (feed, s.guid, s.digest, s.article_id.bytes if s.article_id else None)
                        for s in seen
                    ],
                )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
