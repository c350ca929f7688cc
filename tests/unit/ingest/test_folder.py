"""Files of a watched folder: which are taken, in what pieces, and where they go."""

import json
import os
import time
from pathlib import Path

from tocsin_ingest.domain.source import FolderSource
from tocsin_ingest.push.lines import MAX_LINE_BYTES
from tocsin_ingest.sources.folder import _find_files, _move, _read_pieces
from tocsin_schemas.article import MAX_TEXT_BYTES


def put(folder: Path, name: str, content: bytes, age: float = 60) -> Path:
    file = folder / name
    file.write_bytes(content)
    os.utime(file, (time.time() - age,) * 2)
    return file


def pieces(file: Path) -> list[list[tuple[int, bytes]]]:
    source = FolderSource(id="inbox", type="folder", path=str(file.parent))
    return list(_read_pieces(file, source))


def test_only_whole_files_of_a_known_kind_are_taken(tmp_path: Path) -> None:
    """Not what is still written, hidden, a folder or of another kind; in order of name."""
    for name in ("b.txt", "a.jsonl", ".c.txt", "d.pdf"):
        put(tmp_path, name, b"x")
    put(tmp_path, "e.txt", b"x", age=0)
    (tmp_path / "f.txt").mkdir()
    assert [file.name for file in _find_files(tmp_path)] == ["a.jsonl", "b.txt"]


def test_lines_come_in_pieces_of_bounded_size(tmp_path: Path) -> None:
    """By their number and by their bytes, numbered as in the file."""
    many = pieces(put(tmp_path, "many.jsonl", b'{"text": "x"}\n\n' * 500))
    assert [len(piece) for piece in many] == [200, 200, 100]
    assert many[1][0][0] == 401
    line = json.dumps({"text": "x" * 200_000}).encode() + b"\n"
    large = pieces(put(tmp_path, "large.jsonl", line * 50))
    assert max(sum(len(text) for _, text in piece) for piece in large) < 5 * 1024 * 1024


def test_each_line_belongs_to_the_folder_unless_it_says_otherwise(tmp_path: Path) -> None:
    """Lines that are no objects stay as they are, to be refused as what they are."""
    file = put(tmp_path, "a.jsonl", b'{"text": "x"}\n{"text": "y", "source": {"id": "z"}}\nno\n')
    ((_, first), (_, second), (_, third)) = pieces(file)[0]
    assert json.loads(first)["source"] == {"id": "inbox", "kind": "file"}
    assert json.loads(second)["source"] == {"id": "z"}
    assert third.strip() == b"no"


def test_a_line_that_is_too_long_is_passed_over(tmp_path: Path) -> None:
    """The next one is read."""
    file = put(tmp_path, "a.jsonl", b'"' + b"x" * (MAX_LINE_BYTES + 9) + b'"\n{"text": "y"}\n')
    ((first, long), (second, good)) = pieces(file)[0]
    assert (first, second, len(long) < 100) == (1, 2, True)
    assert json.loads(good)["text"] == "y"


def test_a_text_that_is_too_large_is_refused_as_that(tmp_path: Path) -> None:
    """Not as broken UTF-8, though it was cut inside a character."""
    file = put(tmp_path, "a.txt", ("x" + "ї" * MAX_TEXT_BYTES).encode())
    ((_, line),) = pieces(file)[0]
    assert len(json.loads(line)["text"].encode()) > MAX_TEXT_BYTES


def test_what_was_refused_lies_beside_its_reasons(tmp_path: Path) -> None:
    """And what was published apart."""
    _move(tmp_path, put(tmp_path, "a.txt", b"x"), [])
    _move(tmp_path, put(tmp_path, "b.txt", b"x"), ["line 1: text: empty"])
    assert (tmp_path / "published" / "a.txt").exists()
    assert (tmp_path / "refused" / "b.txt.reasons").read_text() == "line 1: text: empty\n"
