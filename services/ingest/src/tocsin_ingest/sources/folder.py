"""Watches folders: what is put there is published, then moved to where its fate can be seen."""

import asyncio
import heapq
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from tocsin_ingest.domain.article import Defaults
from tocsin_ingest.domain.source import FolderSource
from tocsin_ingest.publish import Publisher, Status
from tocsin_ingest.push.body import Intake, Taken
from tocsin_ingest.push.lines import MAX_LINE_BYTES
from tocsin_ingest.sources.poll import Poll, PollError
from tocsin_runtime.metrics import IngestMetrics
from tocsin_schemas.article import MAX_TEXT_BYTES
from tocsin_schemas.vocabulary import SourceKind

PUBLISHED, REFUSED = "published", "refused"
"""Folders inside the watched one."""

TEXTS = (".txt", ".md")
LINES = (".jsonl", ".ndjson")

_SETTLED = timedelta(seconds=2)
"""A file that was written later may not be whole yet."""
_PIECE_LINES = 200
_PIECE_BYTES = 4 * 1024 * 1024
"""A piece ends at the first of both, so that memory stays the same however large a file is."""
_MAX_REASONS = 1000
"""Refused lines that are named one by one; the rest is counted."""
_MAX_FILES = 1000
"""Files that are taken at one look."""


@dataclass(frozen=True, slots=True)
class FolderReader:
    """Publishes the files of folders."""

    publisher: Publisher
    intake: Intake
    metrics: IngestMetrics

    async def read(self, source: FolderSource) -> Poll:
        """Publish every file that is whole, in order of name.

        Raises:
            PollError: the folder cannot be read, or files cannot be moved out of it.
            UnavailableError: the broker takes nothing now; the file stays where it is.

        """
        folder = Path(source.path)
        try:
            files = await asyncio.to_thread(_find_files, folder)
            published = 0
            for file in files:
                published += await self._publish(source, folder, file)
        except OSError as error:
            raise PollError("folder", f"{error.filename or folder}: {error.strerror}") from None
        return Poll(items=len(files), published=published)

    async def _publish(self, source: FolderSource, folder: Path, file: Path) -> int:
        published, refused, reasons = 0, 0, list[str]()
        pieces = _read_pieces(file, source)
        while piece := await asyncio.to_thread(next, pieces, None):
            taken = await asyncio.to_thread(self._take, source, [line for _, line in piece])
            for (number, _), one in zip(piece, taken, strict=True):
                refused += bool(one.refusals)
                if len(reasons) < _MAX_REASONS:
                    reasons += [f"line {number}: {r.field}: {r.reason}" for r in one.refusals]
                for refusal in one.refusals:
                    self.metrics.articles_rejected_total.labels("body", refusal.code).inc()
            articles = [one.article for one in taken if one.article is not None]
            outcomes = await self.publisher.submit(articles)
            published += sum(outcome.status is Status.PUBLISHED for outcome in outcomes)
        self.metrics.source_items_total.labels(source.id, "published").inc(published)
        self.metrics.source_items_total.labels(source.id, "refused").inc(refused)
        if len(reasons) >= _MAX_REASONS:
            reasons.append(f"{refused} lines were refused in all")
        await asyncio.to_thread(_move, folder, file, reasons)
        return published

    def _take(self, source: FolderSource, lines: list[bytes]) -> list[Taken]:
        terms = Defaults(
            publisher=source.publisher or self.intake.defaults.publisher,
            active_for_seconds=source.active_for,
            time_zone=source.time_zone,
            archive_allowed=self.intake.defaults.archive_allowed,
        )
        return replace(self.intake, defaults=terms).take_lines(lines, datetime.now(UTC))


def _find_files(folder: Path) -> list[Path]:
    settled = (datetime.now(UTC) - _SETTLED).timestamp()
    whole = (
        file
        for file in folder.iterdir()
        if file.suffix in (*TEXTS, *LINES)
        and not file.name.startswith(".")
        and file.is_file()
        and file.stat().st_mtime <= settled
    )
    return heapq.nsmallest(_MAX_FILES, whole)


def _read_pieces(file: Path, source: FolderSource) -> Iterator[list[tuple[int, bytes]]]:
    """Numbered lines as they would be pushed; a text file is one."""
    with file.open("rb") as stream:
        lines = _read_text(stream, file.name) if file.suffix in TEXTS else _read_lines(stream)
        piece: list[tuple[int, bytes]] = []
        size = 0
        for number, line in lines:
            piece.append((number, _name_source(line, source)))
            size += len(line)
            if len(piece) == _PIECE_LINES or size >= _PIECE_BYTES:
                yield piece
                piece, size = [], 0
        if piece:
            yield piece


def _read_text(stream: BinaryIO, name: str) -> Iterator[tuple[int, bytes]]:
    raw = stream.read(MAX_TEXT_BYTES + 1)
    try:
        # One that is too large is refused as that, not for the character that it was cut in.
        text = raw.decode("utf-8", "replace" if len(raw) > MAX_TEXT_BYTES else "strict")
        yield 1, json.dumps({"id": name, "text": text}).encode()
    except UnicodeDecodeError:
        yield 1, raw  # refused, as what it is


def _read_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES:
            yield number, b'"longer than a line may be"'
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_LINE_BYTES)
        elif line.strip():
            yield number, line


def _name_source(line: bytes, source: FolderSource) -> bytes:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        return line
    if not isinstance(given, dict) or "source" in given:
        return line
    named = {**given, "source": {"id": source.id, "kind": SourceKind.FILE}}
    return json.dumps(named).encode()


def _move(folder: Path, file: Path, reasons: list[str]) -> None:
    """Move a file to where its fate can be seen; the reasons of a refusal stand beside it."""
    target = folder / (REFUSED if reasons else PUBLISHED)
    target.mkdir(exist_ok=True)
    if reasons:
        told = "\n".join(reasons) + "\n"
        target.joinpath(f"{file.name}.reasons").write_text(told, "utf-8", "backslashreplace")
    file.replace(target / file.name)
