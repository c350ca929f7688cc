"""`tocsin rules`: the data files checked, and texts explained."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tocsin_classifier.domain.rules_check import Check, Problem
from tocsin_cli import rules
from tocsin_cli.main import app

TAKEN = "Russian troops captured the village of Klynove in Donetsk region."
PLAN = "Ukraine hopes to have captured the village of Klynove in Donetsk region."


def run(*arguments: str, stdin: str | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["rules", *arguments], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def line(text: str, language: str = "en") -> str:
    return json.dumps({"id": "n1", "lang": language, "text": text}) + "\n"


def test_check_says_that_all_is_right_and_how_much_there_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On standard error: there is no result to pipe."""
    monkeypatch.setattr(rules, "check", lambda: Check((), {"en": 7}))
    code, out, errors = run("check")
    assert (code, out) == (0, "")
    assert "all data files are right; entries: en 7" in errors


def test_check_fails_and_names_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line a problem, for people and for programs."""
    wrong = Check((Problem("en/x.toml", "en.a", "forms", "is empty"),), {})
    monkeypatch.setattr(rules, "check", lambda: wrong)
    code, _, errors = run("check")
    assert code == 1
    assert "error: en/x.toml: en.a: forms: is empty" in errors
    code, out, _ = run("check", "--json")
    assert code == 1
    assert json.loads(out) == {
        "file": "en/x.toml", "entry": "en.a", "field": "forms", "reason": "is empty",
    }  # fmt: skip


def explained(text: str) -> dict[str, Any]:
    code, out, _ = run("explain", "--json", "-", stdin=line(text))
    assert code == 0
    (found,) = [json.loads(one) for one in out.splitlines()]
    assert isinstance(found, dict)
    return found


def test_explain_shows_what_fired_and_the_alert_with_its_features() -> None:
    """Entry, words, outcome, score against the threshold."""
    found = explained(TAKEN)
    assert found["sentence"] == TAKEN
    assert {"words": "captured", "category": "claim", "meaning": "en.claim.capture"} in found[
        "fired"
    ]
    (verdict,) = found["verdicts"]
    assert verdict["outcome"] == "alert"
    assert verdict["score"] >= verdict["threshold"]
    assert "sides_told" in verdict["features"]


def test_explain_says_why_a_sentence_gave_none() -> None:
    """A plan is no event."""
    (verdict,) = explained(PLAN)["verdicts"]
    assert (verdict["outcome"], verdict["reason"]) == ("none", "not real")
    _, shown, _ = run("explain", "-", stdin=line(PLAN))
    assert "territorial-claim by en.claim.capture: no, not real" in shown


def test_explain_shows_words_that_give_nothing_by_themselves() -> None:
    """So that a new entry is seen to fire wherever it stands."""
    found = explained("A drone is on show in a museum of Kyiv.")
    assert found["verdicts"] == []
    assert "threat" in {one["category"] for one in found["fired"]}


def test_explain_says_when_an_article_was_left_after_the_first_pass() -> None:
    """And what fired all the same; or that the language has no rules."""
    _, out, errors = run("explain", "-", stdin=line("The troops withdrew from the city."))
    assert out == ""
    assert "left after the first pass" in errors
    assert "en.claim.withdraw" in errors
    _, _, errors = run("explain", "-", stdin=line("12 34 56 78", "und"))
    assert "has no rules" in errors


def test_a_bad_document_is_told_and_fails(tmp_path: Path) -> None:
    """As in every command."""
    code, _, errors = run("explain", str(tmp_path / "none.txt"))
    assert code == 1
    assert "none.txt" in errors
