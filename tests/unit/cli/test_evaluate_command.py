"""`tocsin evaluate`: figures on standard output, bad lines beside them, exit codes."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from tocsin_cli.main import app

TAKEN = "Les forces russes ont pris la ville de Koupiansk."
GOOD = {
    "id": "n1", "lang": "fr", "text": TAKEN, "unsure": [],
    "alerts": [{"type": "territorial_claim", "claimant": "RU", "action": "capture",
                "regions": ["UA-63"], "quote": TAKEN}],
}  # fmt: skip
MISSED = {**GOOD, "id": "n2", "text": "Le marché aux fleurs ouvre samedi."}


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["evaluate", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def write(path: Path, *lines: dict[str, Any]) -> str:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return str(path)


def test_scores_come_one_a_line_with_support_and_interval(tmp_path: Path) -> None:
    """One of two is found: recall one half."""
    code, out, _ = run("--json", write(tmp_path / "a.jsonl", GOOD, MISSED))
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    (micro,) = [
        line
        for line in lines
        if (line["kind"], line.get("scope"), line.get("type"), line.get("level"))
        == ("score", "fr", "micro", "key")
    ]
    assert (micro["recall"], micro["precision"], micro["support"]) == (0.5, 1.0, 2)
    assert {line["kind"] for line in lines} == {"score", "interval", "slot", "documents"}


def test_errors_are_shown_in_context_when_asked(tmp_path: Path) -> None:
    """With the document, the expectation and the reason."""
    path = write(tmp_path / "a.jsonl", GOOD, MISSED)
    code, out, _ = run("--json", "--errors", path)
    (error,) = [one for one in map(json.loads, out.splitlines()) if one["kind"] == "error"]
    assert code == 0
    assert (error["document"], error["error"], error["expected"]) == (
        "n2",
        "missed",
        ["RU control"],
    )
    _, shown, _ = run("--errors", path)
    assert "n2 fr territorial-claim missed: RU control" in shown
    assert "document level" in shown


def test_lines_without_labels_are_told_and_fail(tmp_path: Path) -> None:
    """The others are measured all the same."""
    plain = {"id": "n3", "lang": "fr", "text": TAKEN}
    code, out, errors = run("--json", write(tmp_path / "a.jsonl", GOOD, plain))
    assert code == 1
    assert out
    assert "a.jsonl:2: labels: alerts: Field required" in errors


def test_a_folder_gives_its_labels_and_not_its_readme(tmp_path: Path) -> None:
    """Only JSON Lines can hold labels."""
    write(tmp_path / "a.jsonl", GOOD)
    (tmp_path / "README.md").write_text("How these were labelled.")
    code, _, errors = run("--json", str(tmp_path))
    assert (code, errors) == (0, "")


def test_no_labelled_document_at_all_is_an_error(tmp_path: Path) -> None:
    """Nothing is no success."""
    code, out, errors = run(write(tmp_path / "a.jsonl"))
    assert (code, out) == (1, "")
    assert "no labelled document" in errors
