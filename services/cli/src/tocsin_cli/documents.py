"""Documents as people keep them: text files, JSON Lines, exports and folders, read one by one."""

import hashlib
import io
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from tocsin_schemas.article import MAX_TEXT_BYTES
from tocsin_schemas.vocabulary import SourceKind

MAX_LINE_BYTES = 8 * MAX_TEXT_BYTES
"""The most bytes of one JSON line: a text in which every character is escaped fits."""

SUFFIXES = (".txt", ".md", ".jsonl", ".ndjson", ".json")
"""What is taken from a folder."""

_LINE_SUFFIXES = (".jsonl", ".ndjson")
_FIELDS = ("id", "lang", "language", "text", "title", "published_at", "url", "publisher")
"""Fields of a JSON line that say what the article is."""

_BYTE_ORDER_MARK = "\ufeff".encode()
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Document:
    """One article as somebody hands it over: its shape is right, the rest is ingest's to judge."""

    id: str
    """The line's `id` (else its number), or the file's name: what results are named by."""
    where: str
    """File and line, for messages."""
    text: str
    caller_id: str | None = None
    """What ingest knows it by: a digest of the file's path and, for JSON Lines, the line's `id`."""
    title: str = ""
    language: str | None = None
    published_at: str | None = None
    url: str | None = None
    publisher: str | None = None
    source_id: str = "files"
    """What the source is called."""
    source_kind: SourceKind = SourceKind.FILE
    """What kind of source it is."""
    others: Mapping[str, Any] = field(default_factory=dict)
    """The line's further fields, such as labels."""


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
        paths: text files (one document each), JSON Lines (one document a line), channels that
            Telegram Desktop exported as JSON, folders (their files with a known suffix, in order
            of name, with sub-folders).

    Yields:
        Each document, or why it is none.

    """
    for path in paths:
        if path == "-":
            yield from _read_stream(sys.stdin.buffer)
        elif Path(path).is_dir():
            inside = sorted(p for p in Path(path).rglob("*") if p.suffix in SUFFIXES)
            if not inside:
                yield BadDocument(path, "folder", f"holds no {', '.join(SUFFIXES)} file")
            for file in inside:
                yield from _read_file(file)
        else:
            yield from _read_file(Path(path))


def _read_file(path: Path) -> Iterator[Document | BadDocument]:
    where = _printable(str(path))
    try:
        with path.open("rb") as stream:
            if path.suffix == ".json":
                # Loaded only when needed: the command starts in under a second.
                from tocsin_cli.telegram import read_export

                yield from read_export(stream, where, path)
            elif path.suffix in _LINE_SUFFIXES:
                yield from _read_lines(stream, where, path.resolve())
            else:
                yield _read_text(stream, _printable(path.name), where, path.resolve())
    except OSError as error:
        yield BadDocument(where, "file", error.strerror or str(error))


def _read_stream(stream: BinaryIO) -> Iterator[Document | BadDocument]:
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)  # type: ignore[type-var]
    head = buffered.peek(1).removeprefix(_BYTE_ORDER_MARK).lstrip()[:1]
    if head == b"{":
        yield from _read_lines(buffered, "standard input", Path("-"))
    else:
        yield _read_text(buffered, "-", "standard input", None)


def _read_text(
    stream: BinaryIO, name: str, where: str, origin: Path | None
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
    return Document(
        id=name, where=where, text=text, caller_id=_caller_id(origin) if origin else None
    )


def _read_lines(stream: BinaryIO, where: str, origin: Path) -> Iterator[Document | BadDocument]:
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        place = f"{where}:{number}"
        if len(line) > MAX_LINE_BYTES:
            yield BadDocument(place, "line", f"more than {MAX_LINE_BYTES} bytes")
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_LINE_BYTES)
        elif line.strip():
            yield _parse_line(line, place, number, origin)


def _parse_line(line: bytes, where: str, number: int, origin: Path) -> Document | BadDocument:
    try:
        given = json.loads(line.removeprefix(_BYTE_ORDER_MARK).decode("utf-8"))
    except UnicodeDecodeError as error:
        return BadDocument(where, "line", f"no UTF-8 at byte {error.start}")
    except (ValueError, RecursionError) as error:
        return BadDocument(where, "line", f"no JSON: {error}")
    if not isinstance(given, dict):
        return BadDocument(where, "line", "no JSON object")
    return _check_object(given, where, number, origin)


def _check_object(
    given: dict[str, Any], where: str, number: int, origin: Path
) -> Document | BadDocument:
    if type(given.get("id")) is int:  # databases number their rows
        given = {**given, "id": str(given["id"])}
    fields = {name: given[name] for name in _FIELDS if given.get(name) is not None}
    for name, value in fields.items():
        if not isinstance(value, str):
            return BadDocument(where, name, f"must be a string, not {type(value).__name__}")
        if _SURROGATE.search(value):
            return BadDocument(where, name, "holds a lone surrogate, which is no character")
    if not fields.get("text", "").strip():
        return BadDocument(where, "text", "empty" if "text" in fields else "missing")
    return Document(
        id=fields.get("id") or str(number),
        where=where,
        text=fields["text"],
        caller_id=_caller_id(origin, fields["id"]) if fields.get("id") else None,
        title=fields.get("title", ""),
        language=fields.get("lang") or fields.get("language"),
        published_at=fields.get("published_at"),
        url=fields.get("url"),
        publisher=fields.get("publisher"),
        others={name: value for name, value in given.items() if name not in _FIELDS},
    )


def _caller_id(origin: Path, line_id: str = "") -> str:
    # Two files may both hold a line "1": only together with the path an id is one.
    return hashlib.sha256(os.fsencode(origin) + b"\0" + line_id.encode()).hexdigest()


def _printable(name: str) -> str:
    # A file's name may be no UTF-8; what is printed must be.
    return os.fsencode(name).decode("utf-8", "backslashreplace")
