"""The files of a backup: every record comes back as it was, and damage is noticed."""

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin_cli.backup_files import (
    Backup,
    BackupError,
    Manifest,
    Segment,
    SegmentWriter,
    check_segment,
    decode_record,
    encode_record,
    read_segment,
)
from tocsin_runtime.dead_letter import Received

bytes_or_none = st.none() | st.binary(max_size=40)
records = st.builds(
    Received,
    topic=st.just("articles"),
    partition=st.just(3),
    offset=st.integers(0, 2**62),
    key=bytes_or_none,
    value=bytes_or_none,
    headers=st.lists(st.tuples(st.text(max_size=9), st.binary(max_size=9)), max_size=3).map(tuple),
    timestamp_ms=st.integers(0, 2**45),
)


def record(offset: int, value: bytes = b'{"kind":"article"}') -> Received:
    return Received("articles", 3, offset, b"key", value, (("traceparent", b"\xff\x00"),), 1_000)


def write(backup: Backup, first: int, count: int) -> Segment:
    writer = SegmentWriter(backup.folder, "articles", 3, first)
    for offset in range(first, first + count):
        writer.write(record(offset))
    segment = writer.finish()
    backup.add(segment)
    return segment


@pytest.fixture
def backup(tmp_path: Path) -> Backup:
    return Backup.open(tmp_path)


@given(records)
def test_a_record_comes_back_as_it_was(one: Received) -> None:
    """Text or not, empty or missing: key, value, headers, offset and time are the same bytes."""
    line = encode_record(one)
    assert line.count(b"\n") == 1
    assert decode_record(line.decode(), "articles", 3) == one


def test_a_segment_gives_its_records_back(backup: Backup) -> None:
    """What was written is read, and the list says what it holds."""
    segment = write(backup, 7, 5)
    assert (segment.first, segment.next, segment.records) == (7, 12, 5)
    assert list(read_segment(backup.folder, segment)) == [record(n) for n in range(7, 12)]


def test_people_can_read_a_segment_without_us(backup: Backup) -> None:
    """The zstd program and any reader of JSON Lines are enough."""
    path = write(backup, 0, 2).path(backup.folder)
    text = subprocess.run(["zstd", "-dc", path], capture_output=True, check=True).stdout
    rows = [json.loads(line) for line in text.splitlines()]
    assert [row["offset"] for row in rows] == [0, 1]
    assert rows[0]["value"] == '{"kind":"article"}'
    assert rows[0]["headers"] == [["traceparent", {"base64": "/wA="}]]


def test_a_changed_bit_is_noticed(backup: Backup) -> None:
    """The checksum tells, by the name of the file."""
    segment = write(backup, 0, 3)
    path = segment.path(backup.folder)
    check_segment(backup.folder, segment)
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(BackupError, match=f"{path.name} is damaged"):
        check_segment(backup.folder, segment)


def test_a_lost_file_is_noticed(backup: Backup) -> None:
    """A listed segment must be there."""
    segment = write(backup, 0, 3)
    segment.path(backup.folder).unlink()
    with pytest.raises(BackupError, match="is missing"):
        check_segment(backup.folder, segment)


def test_what_was_not_finished_is_not_listed(backup: Backup) -> None:
    """A crash leaves no half segment behind that counts, and a torn line is dropped."""
    first = write(backup, 0, 3)
    writer = SegmentWriter(backup.folder, "articles", 3, 3)
    writer.write(record(3))
    writer.abandon()
    with (backup.folder / "segments.jsonl").open("a") as file:
        file.write('{"topic": "arti')
    again = Backup.open(backup.folder)
    assert again.segments == [first]
    assert write(again, 3, 1) in Backup.open(backup.folder).segments


def test_an_unfinished_backup_is_none(backup: Backup) -> None:
    """Without the manifest it is refused, with what to do; a new run takes the manifest away."""
    with pytest.raises(BackupError, match="finishes it"):
        backup.manifest()
    backup.finish(Manifest(topics=("articles",), committed={"classifier": {3: 2}}))
    assert backup.manifest().committed == {"classifier": {3: 2}}
    backup.begin()
    with pytest.raises(BackupError, match="finishes it"):
        backup.manifest()


@pytest.mark.parametrize(
    "change",
    [{"topic": "../../etc"}, {"first": -1}, {"partition": "a/b"}, {"sha256": "x"}, {"records": 0}],
)
def test_a_list_that_was_tampered_with_is_refused(
    backup: Backup, change: dict[str, object]
) -> None:
    """No path leads out of the folder, and the line is named."""
    segment = write(backup, 0, 1)
    row = {**segment.model_dump(), **change}
    (backup.folder / "segments.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    with pytest.raises(BackupError, match="line 1"):
        Backup.open(backup.folder)
