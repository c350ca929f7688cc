"""The files of a backup: records as JSON Lines in zstd segments, each with its checksum.

    FOLDER/manifest.json                        what was taken, written when all of it is there
    FOLDER/segments.jsonl                       one line a finished segment, with its sha256
    FOLDER/<topic>/<partition>/<offset>.jsonl.zst   records; the offset is that of the first

A segment is written beside its place and renamed when it is whole, and only then listed: whatever
dies, what is listed is there.
"""

import base64
import hashlib
import io
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import zstandard
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from tocsin_runtime.dead_letter import Received
from tocsin_runtime.errors import TocsinError
from tocsin_schemas.topics import TOPICS

_CHUNK = 1 << 20
_LONGEST_LINE = 16 * 1024 * 1024
"""Characters of one record: far more than any topic takes, base64 included."""

Offset = Annotated[int, Field(ge=0)]


class BackupError(TocsinError):
    """A backup cannot be taken or used; the message names the file and what to do."""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Segment(_Row):
    """One finished file of records of one partition."""

    topic: str
    partition: Annotated[int, Field(ge=0, lt=1000)]
    first: Offset
    """Offset of its first record."""
    next: Offset
    """The offset behind its last record."""
    records: Annotated[int, Field(ge=1)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    """Of the file as it stands."""

    @field_validator("topic")
    @classmethod
    def _require_known(cls, topic: str) -> str:
        if topic not in TOPICS:
            raise ValueError(f"{topic!r} is no topic of ours")
        return topic

    def path(self, folder: Path) -> Path:
        """Where it stands."""
        return segment_path(folder, self.topic, self.partition, self.first)


class Manifest(_Row):
    """What a finished backup holds."""

    format: Literal[1] = 1
    topics: tuple[str, ...]
    """Names without prefix."""
    committed: Mapping[str, Mapping[int, Offset]] = {}
    """Committed offsets by consumer group (without prefix) and partition, from before the copy."""


def segment_path(folder: Path, topic: str, partition: int, first: int) -> Path:
    """Where a segment stands; made of checked parts only."""
    return folder / topic / str(partition) / f"{first:020d}.jsonl.zst"


def encode_record(record: Received) -> bytes:
    """One line: bytes that are UTF-8 as text, all others in base64."""
    row = {
        "offset": record.offset,
        "at": record.timestamp_ms,
        "key": _to_json(record.key),
        "value": _to_json(record.value),
        "headers": [[name, _to_json(value)] for name, value in record.headers],
    }
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def decode_record(line: str, topic: str, partition: int) -> Received:
    """The record of a line.

    Raises:
        ValueError: it is none.

    """
    row = json.loads(line)
    try:
        return Received(
            topic=topic,
            partition=partition,
            offset=int(row["offset"]),
            key=_from_json(row["key"]),
            value=_from_json(row["value"]),
            headers=tuple((str(name), _from_json(value) or b"") for name, value in row["headers"]),
            timestamp_ms=int(row["at"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"no record: {error!r}") from None


def _to_json(value: bytes | None) -> Any:  # noqa: ANN401 - JSON
    if value is None:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode()}


def _from_json(value: Any) -> bytes | None:  # noqa: ANN401 - JSON
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode()
    return base64.b64decode(value["base64"], validate=True)


class SegmentWriter:
    """Writes one segment; it is there, and listed, only after `finish`."""

    def __init__(self, folder: Path, topic: str, partition: int, first: int) -> None:
        self._topic, self._partition, self._first = topic, partition, first
        self._path = segment_path(folder, topic, partition, first)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._part = self._path.with_suffix(".part")
        self._file = self._part.open("wb")
        self._compressor = zstandard.ZstdCompressor(write_checksum=True).compressobj()
        self._next, self._records = first, 0
        self.size = 0
        """Bytes before compression."""

    def write(self, record: Received) -> None:
        """Add a record."""
        line = encode_record(record)
        self._file.write(self._compressor.compress(line))
        self.size += len(line)
        self._records += 1
        self._next = record.offset + 1

    def finish(self) -> Segment:
        """Put it in its place, on the disk for good."""
        self._file.write(self._compressor.flush())
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        digest = file_sha256(self._part)
        self._part.replace(self._path)
        return Segment(
            topic=self._topic,
            partition=self._partition,
            first=self._first,
            next=self._next,
            records=self._records,
            sha256=digest,
        )

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._file.close()
        self._part.unlink(missing_ok=True)


class Backup:
    """A folder of segments and the list of those that are finished."""

    def __init__(self, folder: Path, segments: list[Segment]) -> None:
        self.folder = folder
        self.segments = segments
        """Finished ones, in the order in which they were finished."""

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Read the list; a line that a crash cut off is dropped.

        Raises:
            BackupError: the list is damaged.

        """
        path = folder / "segments.jsonl"
        lines = path.read_text("utf-8").split("\n") if path.exists() else [""]
        if lines[-1]:
            path.write_text("".join(f"{line}\n" for line in lines[:-1]), "utf-8")
        segments = []
        for number, line in enumerate(lines[:-1], 1):
            try:
                segments.append(Segment.model_validate_json(line))
            except ValidationError as error:
                first = error.errors(include_url=False)[0]
                raise BackupError(f"{path}: line {number}: {first['msg']}") from None
        return cls(folder, segments)

    def add(self, segment: Segment) -> None:
        """List a finished segment."""
        with (self.folder / "segments.jsonl").open("a", encoding="utf-8") as file:
            file.write(segment.model_dump_json() + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.segments.append(segment)

    def forget(self, topic: str) -> None:
        """Drop a topic's segments, from the list first."""
        gone = [one for one in self.segments if one.topic == topic]
        self.segments = [one for one in self.segments if one.topic != topic]
        self._write("segments.jsonl", "".join(f"{s.model_dump_json()}\n" for s in self.segments))
        for segment in gone:
            segment.path(self.folder).unlink(missing_ok=True)

    def of(self, topic: str, partition: int) -> list[Segment]:
        """A partition's segments in their order."""
        found = [one for one in self.segments if (one.topic, one.partition) == (topic, partition)]
        return sorted(found, key=lambda one: one.first)

    def begin(self) -> None:
        """Take the manifest away: until `finish` this is no whole backup."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "manifest.json").unlink(missing_ok=True)

    def finish(self, manifest: Manifest) -> None:
        """Say that all is there."""
        self._write("manifest.json", manifest.model_dump_json(indent=2) + "\n")

    def manifest(self) -> Manifest:
        """What the backup holds.

        Raises:
            BackupError: there is none, or it is damaged.

        """
        path = self.folder / "manifest.json"
        if not path.exists():
            raise BackupError(
                f"{path} is missing: this is no backup, or one that was not finished; "
                "`tocsin backup` with the same folder finishes it"
            )
        try:
            return Manifest.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise BackupError(f"{path}: {error.errors(include_url=False)[0]['msg']}") from None

    def _write(self, name: str, text: str) -> None:
        part = self.folder / f"{name}.part"
        with part.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.folder / name)


def file_sha256(path: Path) -> str:
    """A file's checksum."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def check_segment(folder: Path, segment: Segment) -> None:
    """Check that a segment stands as it was written.

    Raises:
        BackupError: it is missing or was changed.

    """
    path = segment.path(folder)
    if not path.is_file():
        raise BackupError(f"{path} is missing; take it from another copy of the backup")
    if file_sha256(path) != segment.sha256:
        raise BackupError(f"{path} is damaged: its sha256 is not {segment.sha256}; "
                          "take it from another copy of the backup")  # fmt: skip


def read_segment(folder: Path, segment: Segment) -> Iterator[Received]:
    """The records of a segment.

    Raises:
        BackupError: it holds something else.

    """
    path = segment.path(folder)
    with path.open("rb") as file:
        lines = io.TextIOWrapper(
            zstandard.ZstdDecompressor().stream_reader(file), encoding="utf-8", newline="\n"
        )
        try:
            while line := lines.readline(_LONGEST_LINE):
                yield decode_record(line, segment.topic, segment.partition)
        except (ValueError, zstandard.ZstdError) as error:
            raise BackupError(f"{path}: {error}") from None
