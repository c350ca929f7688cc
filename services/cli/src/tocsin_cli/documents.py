"""Documents as people keep them: text files, JSON Lines and folders, read one by one."""

import io
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from tocsin_schemas.article import MAX_TEXT_BYTES

MAX_LINE_BYTES = 8 * MAX_TEXT_BYTES
"""The most bytes of one JSON line: a text in which every character is escaped fits."""

SUFFIXES = (".txt", ".md", ".jsonl", ".ndjson")
"""What is taken from a folder."""

_LINE_SUFFIXES = (".jsonl", ".ndjson")
_FIELDS = ("id", "lang", "language", "text", "title", "published_at", "url", "publisher")
"""Fields of a JSON line that are used; others, such as labels, are ignored."""


@dataclass(frozen=True, slots=True)
class Document:
    """One article as somebody hands it over: its shape is right, the rest is ingest's to judge."""

    id: str
    """The line's `id` (else its number), or the file's name: what results are named by."""
    where: str
    """File and line, for messages."""
    text: str
    caller_id: str | None = None
    """What ingest knows it by: the file's path, or the line's `id`; null for neither."""
    title: str = ""
    language: str | None = None
    published_at: str | None = None
    url: str | None = None
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class BadDocument:
    """A document that cannot be used: where it stands, which field, and why."""

    where: str
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.field}: {self.reason}"


def read_documents(paths: Iterable[str]) -> Iterator[Document | BadDocument]:
    """Read every document of the paths in order; `-` is standard input.

    Args:
        paths: text files (one document each), JSON Lines (one document a line), folders (their
            files with a known suffix, in order of name, with sub-folders).

    Yields:
        Each document, or why it is none.

    """
    for path in paths:
        if path == "-":
            yield from _read_stream(sys.stdin.buffer, "standard input")
        elif Path(path).is_dir():
            inside = sorted(p for p in Path(path).rglob("*") if p.suffix in SUFFIXES)
            if not inside:
                yield BadDocument(path, "folder", f"holds no {', '.join(SUFFIXES)} file")
            yield from read_documents(str(p) for p in inside)
        else:
            yield from _read_file(Path(path))


def _read_file(path: Path) -> Iterator[Document | BadDocument]:
    try:
        with path.open("rb") as stream:
            if path.suffix in _LINE_SUFFIXES:
                yield from _read_lines(stream, str(path))
            else:
                yield _read_text(stream, path.name, str(path), str(path.resolve()))
    except OSError as error:
        yield BadDocument(str(path), "file", error.strerror or str(error))


def _read_stream(stream: BinaryIO, where: str) -> Iterator[Document | BadDocument]:
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)  # type: ignore[type-var]
    head = buffered.peek(1).lstrip()[:1]
    if head == b"{":
        yield from _read_lines(buffered, where)
    else:
        yield _read_text(buffered, "-", where, None)


def _read_text(
    stream: BinaryIO, name: str, where: str, caller_id: str | None
) -> Document | BadDocument:
    raw = stream.read(MAX_TEXT_BYTES + 1)
    if len(raw) > MAX_TEXT_BYTES:
        return BadDocument(where, "text", f"more than {MAX_TEXT_BYTES} bytes of UTF-8")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return BadDocument(where, "text", f"no UTF-8 at byte {error.start}")
    if not text.strip():
        return BadDocument(where, "text", "empty")
    return Document(id=name, where=where, text=text, caller_id=caller_id)


def _read_lines(stream: BinaryIO, where: str) -> Iterator[Document | BadDocument]:
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        place = f"{where}:{number}"
        if len(line) > MAX_LINE_BYTES:
            yield BadDocument(place, "line", f"more than {MAX_LINE_BYTES} bytes")
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_LINE_BYTES)
        elif line.strip():
            yield _parse_line(line, place, number)


def _parse_line(line: bytes, where: str, number: int) -> Document | BadDocument:
    try:
        given = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        return BadDocument(where, "line", f"no UTF-8 at byte {error.start}")
    except (ValueError, RecursionError) as error:
        return BadDocument(where, "line", f"no JSON: {error}")
    if not isinstance(given, dict):
        return BadDocument(where, "line", "no JSON object")
    return _check_object(given, where, number)


def _check_object(given: dict[str, Any], where: str, number: int) -> Document | BadDocument:
    wrong = [name for name in _FIELDS if not isinstance(given.get(name) or "", str)]
    if wrong:
        return BadDocument(where, wrong[0], "must be a string")
    if not (given.get("text") or "").strip():
        return BadDocument(where, "text", "missing or empty")
    return Document(
        id=given.get("id") or str(number),
        where=where,
        text=given["text"],
        caller_id=given.get("id") or None,
        title=given.get("title") or "",
        language=given.get("lang") or given.get("language"),
        published_at=given.get("published_at"),
        url=given.get("url"),
        publisher=given.get("publisher"),
    )
