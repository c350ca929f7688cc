"""Documents are read one by one; a bad one is told with its place, field and reason."""

import io
import json
import os
import sys
from pathlib import Path

import pytest

from tocsin_cli.documents import (
    MAX_LINE_BYTES,
    BadDocument,
    Document,
    read_documents,
)
from tocsin_schemas.article import MAX_TEXT_BYTES


def read(*paths: Path | str) -> list[Document | BadDocument]:
    return list(read_documents(map(str, paths)))


def read_good(*paths: Path | str) -> list[Document]:
    found = read(*paths)
    assert all(isinstance(one, Document) for one in found), found
    return [one for one in found if isinstance(one, Document)]


def read_bad(*paths: Path | str) -> list[BadDocument]:
    found = read(*paths)
    assert all(isinstance(one, BadDocument) for one in found), found
    return [one for one in found if isinstance(one, BadDocument)]


def write_lines(path: Path, *lines: object) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def feed_stdin(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    stream = io.TextIOWrapper(io.BufferedReader(io.BytesIO(content)))
    monkeypatch.setattr(sys, "stdin", stream)


def test_text_file_is_one_document_named_by_its_file(tmp_path: Path) -> None:
    """The whole file is the text; the file's name names the results."""
    (tmp_path / "night.txt").write_text("Ніч.\nТихо.", encoding="utf-8")
    (one,) = read_good(tmp_path / "night.txt")
    assert (one.id, one.text) == ("night.txt", "Ніч.\nТихо.")


def test_caller_id_is_stable_and_differs_by_file_and_line(tmp_path: Path) -> None:
    """Two files may both hold a line "1"; the same line of the same file is the same article."""
    first = write_lines(tmp_path / "a.jsonl", {"id": "1", "text": "x"}, {"id": "2", "text": "x"})
    second = write_lines(tmp_path / "b.jsonl", {"id": "1", "text": "x"})
    ids = [one.caller_id for one in read_good(first, second)]
    assert len(set(ids)) == 3
    assert ids == [one.caller_id for one in read_good(first, second)]


def test_line_without_id_is_named_by_its_number_and_has_no_caller_id(tmp_path: Path) -> None:
    """A line number is no id: an edit above would shift it."""
    (one,) = read_good(write_lines(tmp_path / "a.jsonl", {"text": "x"}))
    assert (one.id, one.caller_id) == ("1", None)


def test_fields_of_a_line_are_taken_and_others_ignored(tmp_path: Path) -> None:
    """Known fields come through, a numeric id as text; labels beside them are nobody's business."""
    line = {
        "id": 17, "lang": "uk", "title": "T", "text": "x", "published_at": "2024-08-20T12:00:00Z",
        "url": "https://news.example/1", "publisher": "Desk", "labels": [1, 2],
    }  # fmt: skip
    (one,) = read_good(write_lines(tmp_path / "a.jsonl", line))
    assert (one.id, one.language, one.title, one.publisher) == ("17", "uk", "T", "Desk")
    assert (one.url, one.published_at) == ("https://news.example/1", "2024-08-20T12:00:00Z")


def test_folder_gives_known_files_in_order_with_sub_folders(tmp_path: Path) -> None:
    """Files of other kinds inside a folder are left alone."""
    (tmp_path / "b").mkdir()
    for name in ("b/one.txt", "a.md", "picture.png"):
        (tmp_path / name).write_text("words", encoding="utf-8")
    write_lines(tmp_path / "c.jsonl", {"id": "line", "text": "x"})
    assert [one.id for one in read_good(tmp_path)] == ["a.md", "one.txt", "line"]


def test_empty_folder_and_missing_file_are_told(tmp_path: Path) -> None:
    """Nothing to read is an error, not silence."""
    folder, missing = read_bad(tmp_path, tmp_path / "none.txt")
    assert folder.field == "folder"
    assert ".jsonl" in folder.reason
    assert str(missing) == f"{tmp_path}/none.txt: file: No such file or directory"


def test_standard_input_is_text_or_json_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """What begins with a brace is JSON Lines, all else one text."""
    feed_stdin(monkeypatch, b"\n  plain words")
    (text,) = read_good("-")
    feed_stdin(monkeypatch, b'{"id": "a", "text": "x"}\n{"id": "b", "text": "y"}\n')
    lines = read_good("-")
    assert text.id == "-"
    assert [one.id for one in lines] == ["a", "b"]


def test_byte_order_mark_before_json_is_no_error(tmp_path: Path) -> None:
    """Files from Windows begin with one."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"text": "x"}\n')
    assert len(read_good(path)) == 1


def test_invalid_utf8_is_told_with_its_byte(tmp_path: Path) -> None:
    """The offset of the first bad byte, in the file or in the line."""
    text, lines = tmp_path / "a.txt", tmp_path / "a.jsonl"
    text.write_bytes(b"abc\xff")
    lines.write_bytes(b'{"text": "fine"}\n{"text": "\xc3("}\n')
    (bad,) = read_bad(text)
    good, worse = read(lines)
    assert str(bad) == f"{text}: text: no UTF-8 at byte 3"
    assert isinstance(good, Document)
    assert str(worse) == f"{lines}:2: line: no UTF-8 at byte 10"


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        (b"{not json}", "line", "no JSON: "),
        (b'["a list"]', "line", "no JSON object"),
        (b'{"id": "1"}', "text", "missing"),
        (b'{"text": "  "}', "text", "empty"),
        (b'{"text": null}', "text", "missing"),
        (b'{"text": ["x"]}', "text", "must be a string, not list"),
        (b'{"text": "x", "id": 1.5}', "id", "must be a string, not float"),
        (b'{"text": "x", "id": true}', "id", "must be a string, not bool"),
        (b'{"text": "half \\ud83d"}', "text", "holds a lone surrogate"),
        (b'{"text": "x", "id": "\\udc00"}', "id", "holds a lone surrogate"),
        (b"[" * 100_000, "line", "no JSON: "),
        (b'{"a": ' + b"1" * 5000 + b"}", "line", "no JSON: "),
    ],
)
def test_bad_line_is_told_and_the_next_is_read(
    tmp_path: Path, line: bytes, field: str, reason: str
) -> None:
    """File, line, field and reason; whatever stands on a line, the next one counts."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(line + b'\n{"text": "fine"}\n')
    bad, good = read(path)
    assert isinstance(bad, BadDocument)
    assert (bad.where, bad.field) == (f"{path}:1", field)
    assert bad.reason.startswith(reason)
    assert isinstance(good, Document)


def test_text_file_over_the_limit_is_refused_and_one_at_it_taken(tmp_path: Path) -> None:
    """256 KiB of UTF-8 and not a byte more."""
    path = tmp_path / "a.txt"
    path.write_text("я" * (MAX_TEXT_BYTES // 2), encoding="utf-8")
    assert len(read_good(path)) == 1
    path.write_text("я" * (MAX_TEXT_BYTES // 2) + "!", encoding="utf-8")
    (bad,) = read_bad(path)
    assert str(bad) == f"{path}: text: more than 262144 bytes of UTF-8"


def test_blank_text_file_is_refused(tmp_path: Path) -> None:
    """White space is no text."""
    (tmp_path / "a.txt").write_text(" \n\t", encoding="utf-8")
    (bad,) = read_bad(tmp_path / "a.txt")
    assert (bad.field, bad.reason) == ("text", "empty")


def test_huge_line_is_skipped_without_being_held(tmp_path: Path) -> None:
    """A line without end is refused at the limit; the next line has its own number."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "' + b"x" * (3 * MAX_LINE_BYTES) + b'"}\n{"text": "fine"}\n')
    bad, good = read(path)
    assert str(bad) == f"{path}:1: line: more than {MAX_LINE_BYTES} bytes"
    assert isinstance(good, Document)
    assert good.where == f"{path}:2"


def test_escaped_text_of_the_largest_size_fits_into_a_line(tmp_path: Path) -> None:
    """Escapes make a line longer than the text that it holds."""
    path = write_lines(tmp_path / "a.jsonl", {"text": "я" * (MAX_TEXT_BYTES // 2)})
    assert len(read_good(path)) == 1


def test_json_file_is_told_how_to_write_it(tmp_path: Path) -> None:
    """A JSON document read as prose would be classified as nonsense."""
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    (bad,) = read_bad(tmp_path / "a.json")
    assert ".jsonl" in bad.reason


def test_file_name_that_is_no_utf8_can_be_printed(tmp_path: Path) -> None:
    """Linux allows any bytes in a name; results are UTF-8."""
    name = os.fsencode(tmp_path) + b"/\xff.txt"
    try:
        with open(name, "wb") as file:  # noqa: PTH123 - the name is bytes on purpose
            file.write(b"words")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (one,) = read_good(tmp_path)
    assert one.id == "\\xff.txt"
