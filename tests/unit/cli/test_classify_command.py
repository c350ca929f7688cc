"""`tocsin classify`: statements on standard output, errors beside them, exit codes."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from tocsin_cli.main import app
from tocsin_schemas.article import MAX_TEXT_BYTES

SEED = next((Path(__file__).parents[3] / "seeds").glob("*.txt"))
FRENCH = "Des drones russes ont attaqué la région de Soumy la nuit dernière."


def run(*arguments: str, stdin: bytes | None = None) -> tuple[int, list[dict[str, Any]], str]:
    result = CliRunner().invoke(app, ["classify", *arguments], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    lines = [json.loads(line) for line in result.stdout.splitlines()] if result.stdout else []
    return result.exit_code, lines, result.stderr


def write(path: Path, *lines: dict[str, Any]) -> str:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return str(path)


def test_each_statement_is_one_line_with_the_promised_fields(tmp_path: Path) -> None:
    """Named by the input line's id, with quotes that stand at their offsets."""
    path = write(tmp_path / "a.jsonl", {"id": "n1", "lang": "fr", "text": FRENCH})
    code, lines, errors = run("--json", path)
    assert (code, errors) == (0, "")
    (line,) = lines
    assert line["input_id"] == "n1"
    assert line["alert_type"] == "air-raid-warning"
    assert line["regions"] == ["UA-59"]
    assert {"phase", "threat", "instruction", "confidence"} <= set(line)
    for evidence in line["evidence"]:
        assert FRENCH[evidence["start"] : evidence["end"]] == evidence["quote"]


def test_text_file_without_language_is_identified_and_classified() -> None:
    """The owner's own article, as it lies in seeds/."""
    code, lines, _ = run("--json", str(SEED))
    assert code == 0
    assert {line["input_id"] for line in lines} == {SEED.name}
    assert {line["alert_type"] for line in lines} == {
        "territorial-claim", "negotiation-stance", "air-raid-warning",
    }  # fmt: skip


def test_same_input_gives_the_same_bytes() -> None:
    """Quality is measured on this output: it must not depend on the run."""
    first = CliRunner().invoke(app, ["classify", "--json", str(SEED)]).stdout
    assert first == CliRunner().invoke(app, ["classify", "--json", str(SEED)]).stdout


def test_standard_input_is_read() -> None:
    """A dash takes JSON Lines from a pipe."""
    line = json.dumps({"id": "p", "lang": "fr", "text": FRENCH})
    code, lines, _ = run("--json", "-", stdin=line.encode())
    assert code == 0
    assert [one["input_id"] for one in lines] == ["p"]


def test_bad_documents_are_told_and_the_others_still_classified(tmp_path: Path) -> None:
    """Exit code 1, one error line each with file, line, field and reason; the good one is there."""
    bad: list[dict[str, Any]] = [
        {"id": "late", "lang": "fr", "text": FRENCH, "published_at": "9999-12-31T23:59:59Z"},
        {"id": "zone", "lang": "fr", "text": FRENCH, "published_at": "2024-08-20T12:00:00"},
        {"id": "big", "lang": "fr", "text": "x" * (MAX_TEXT_BYTES + 1)},
        {"id": "empty", "lang": "fr", "text": ""},
        {"id": "control", "lang": "fr", "text": "\u0000\u0001"},
        {"id": "url", "lang": "fr", "text": FRENCH, "url": "ftp://news.example"},
    ]
    path = write(tmp_path / "a.jsonl", *bad, {"id": "good", "lang": "fr", "text": FRENCH})
    code, lines, errors = run("--json", path)
    assert code == 1
    assert {line["input_id"] for line in lines} == {"good"}
    told = errors.splitlines()
    fields = ["published_at", "published_at", "text", "text", "text", "url"]
    for number, (field, line) in enumerate(zip(fields, told, strict=True), start=1):
        assert line.startswith(f"error: {path}:{number}: {field}: ")
    assert "9999" in told[0]
    assert "262144" in told[2]


def test_invalid_utf8_and_missing_file_give_a_failure(tmp_path: Path) -> None:
    """The exit code says that something was not classified."""
    (tmp_path / "a.txt").write_bytes(b"\xff\xfe")
    code, lines, errors = run("--json", str(tmp_path / "a.txt"), str(tmp_path / "none.txt"))
    assert (code, lines) == (1, [])
    assert "text: no UTF-8 at byte 0" in errors
    assert "No such file or directory" in errors


def test_for_people_the_sentence_is_shown_and_silence_is_told(tmp_path: Path) -> None:
    """Without --json a panel a statement; a document without one says so."""
    dull = tmp_path / "dull.jsonl"
    write(dull, {"id": "d", "lang": "fr", "text": "Il fait beau à Lyon."})
    shown = CliRunner().invoke(app, ["classify", str(SEED), str(dull)])
    assert shown.exit_code == 0
    assert "territorial-claim" in shown.stdout
    assert "no statement" in shown.stderr


def test_no_path_is_a_usage_error() -> None:
    """2, as for every wrong use."""
    assert CliRunner().invoke(app, ["classify"]).exit_code == 2
