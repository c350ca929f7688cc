"""Repeated requests with one Idempotency-Key: the first answer again, nothing done twice.

As the IETF draft draft-ietf-httpapi-idempotency-key-header has it. Kept in an SQLite file; when
the file is lost, ids still keep articles from doubling, drills excepted.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tocsin_ingest.database import open_database

KEPT = timedelta(hours=24)
"""How long an answer is remembered."""

KEY_PATTERN = "^[!-~]([ -~]{0,253}[!-~])?$"
"""Printable ASCII, at most 255 characters; spaces at the ends are no part of a header's value."""

_KEY = re.compile(KEY_PATTERN)

_CREATE = """
CREATE TABLE IF NOT EXISTS answer (
    request BLOB PRIMARY KEY,
    body BLOB NOT NULL,
    status INTEGER NOT NULL,
    content BLOB NOT NULL,
    at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS answer_at ON answer (at);
"""


class RepeatError(Exception):
    """A request with a key cannot be done: the key is wrong, in use, or was used for another."""

    def __init__(self, status: int, code: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """What the first request was told."""

    status: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """A request under its key."""

    id: bytes
    """Digest of the caller and the key: one caller's keys never meet another's."""
    body: bytes
    """Digest of the body."""


def read_request(caller: str, key: str, body: bytes) -> Request:
    """The request that a key names.

    Raises:
        RepeatError: the key is empty, longer than 255 characters, or no printable ASCII.

    """
    if not _KEY.fullmatch(key):
        reason = f"{key[:40]!r} is no key; send 1 to 255 printable ASCII characters, such as a UUID"
        raise RepeatError(400, "invalid", reason)
    digest = hashlib.sha256(f"{caller}\n{key}".encode()).digest()
    return Request(digest, hashlib.sha256(body).digest())


class AnsweredRequests:
    """Remembers answers for a day in a file; used by one thread of one process."""

    def __init__(self, path: Path) -> None:
        self._connection = open_database(path, _CREATE)
        self._open: set[bytes] = set()

    def begin(self, request: Request, now: datetime) -> Answer | None:
        """The answer that the request got before; null when it is to be done now.

        Whoever gets null must call `finish` or `abandon`.

        Raises:
            RepeatError: it is being done just now, or the key was used for another body.

        """
        self._forget(now)
        if request.id in self._open:
            reason = "a request with this key is being done; ask again for its answer"
            raise RepeatError(409, "in_use", reason)
        row = self._connection.execute(
            "SELECT body, status, content FROM answer WHERE request = ?", (request.id,)
        ).fetchone()
        if row is None:
            self._open.add(request.id)
            return None
        body, status, content = row
        if body != request.body:
            reason = "this key was used for another body; take a new key"
            raise RepeatError(422, "other_body", reason)
        return Answer(status, content)

    def finish(self, request: Request, answer: Answer, now: datetime) -> None:
        """Remember the answer."""
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?)",
                (request.id, request.body, answer.status, answer.content, now.timestamp()),
            )
        self._open.discard(request.id)

    def abandon(self, request: Request) -> None:
        """The request was not done; it may be tried again under its key."""
        self._open.discard(request.id)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _forget(self, now: datetime) -> None:
        with self._connection:
            self._connection.execute("DELETE FROM answer WHERE at < ?", ((now - KEPT).timestamp(),))
