"""Archived articles in the order of their own time, however large the files are."""

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from tocsin_cli.articles import to_raw
from tocsin_cli.documents import BadDocument, Document, read_documents
from tocsin_ingest.domain.article import RawArticle
from tocsin_ingest.domain.dates import read_published_at
from tocsin_ingest.domain.refusal import RefusedError
from tocsin_schemas.vocabulary import Mode


@dataclass(frozen=True, slots=True)
class Archived:
    """One article of an archive."""

    at: datetime
    """When it was published."""
    where: str
    """File and line."""
    raw: RawArticle
    """What is posted, in mode `archive`."""


@dataclass
class Archive:
    """The articles of all files, sorted in a temporary file of its own."""

    since: datetime | None
    """Articles from before it are left out; null takes all."""
    until: datetime | None
    """Articles from then on are left out; null takes all."""
    left_out: Counter[str] = field(default_factory=Counter)
    """How many, by the reason."""

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="tocsin-replay-")
        self._connection = sqlite3.connect(Path(self._folder.name) / "archive.sqlite")
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("CREATE TABLE article (at REAL, place TEXT, raw TEXT)")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._connection.close()
        self._folder.cleanup()

    def read(self, paths: Iterable[str]) -> Iterator[BadDocument]:
        """Read the files; gives the documents that cannot be used."""
        now = datetime.now(UTC)
        for document in read_documents(paths):
            if isinstance(document, BadDocument):
                yield document
            elif bad := self._take(document, now):
                yield bad
        self._connection.execute("CREATE INDEX article_at ON article (at)")

    def _take(self, document: Document, now: datetime) -> BadDocument | None:
        if document.published_at is None:
            self.left_out["undated"] += 1
            return None
        try:
            at = read_published_at(document.published_at, now)
        except RefusedError as error:
            first = error.refusals[0]
            return BadDocument(document.where, first.field, first.reason)
        if (self.since and at < self.since) or (self.until and at >= self.until):
            self.left_out["outside"] += 1
            return None
        raw = to_raw(document)
        if isinstance(raw, BadDocument):
            return raw
        told = raw.model_copy(update={"mode": Mode.ARCHIVE}).model_dump_json(exclude_none=True)
        row = (at.timestamp(), document.where, told)
        self._connection.execute("INSERT INTO article VALUES (?, ?, ?)", row)
        return None

    def __len__(self) -> int:
        """How many articles are to be replayed."""
        count: int = self._connection.execute("SELECT count(*) FROM article").fetchone()[0]
        return count

    def __iter__(self) -> Iterator[Archived]:
        """All of them, the oldest first."""
        rows = self._connection.execute("SELECT at, place, raw FROM article ORDER BY at, rowid")
        for at, place, raw in rows:
            time = datetime.fromtimestamp(at, UTC)
            yield Archived(time, place, RawArticle.model_validate_json(raw))
