"""`tocsin rules`: check the classifier's data files, and see what they make of a text."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tocsin_classifier.domain.explain import Explanation, Verdict, explain
from tocsin_classifier.domain.lexicon import LANGUAGES, LexiconError
from tocsin_classifier.domain.rules_check import check
from tocsin_classifier.domain.scan import fired
from tocsin_cli.articles import read_articles
from tocsin_cli.console import EXIT_FAILED, EXIT_OK, emit, open_console, say
from tocsin_cli.documents import BadDocument, Document
from tocsin_schemas.article import Article

if TYPE_CHECKING:
    from rich.text import Text

OUTCOMES = {True: "alert", False: "under the threshold"}
NO_VERDICT = "no alert: no word of this sentence gives one by itself"


def run_check(*, as_json: bool) -> int:
    """Check every data file and try every example.

    Returns:
        0, or 1 when anything is wrong.

    """
    result = check()
    for problem in result.problems:
        if as_json:
            told = {
                "file": problem.file, "entry": problem.entry,
                "field": problem.field, "reason": problem.reason,
            }  # fmt: skip
            emit(json.dumps(told, ensure_ascii=False))
        else:
            say(f"error: {problem}")
    if result.problems:
        say(f"{len(result.problems)} problems")
        return EXIT_FAILED
    shown = ", ".join(f"{folder} {number}" for folder, number in result.entries.items())
    say(f"all data files are right; entries: {shown}")
    return EXIT_OK


def run_explain(paths: Iterable[str], *, as_json: bool) -> int:
    """Show what fired in each document, and why sentences gave a statement or none.

    Returns:
        0, or 1 when a document was bad or the data files are.

    """
    failed = False
    for found in read_articles(paths):
        if isinstance(found, BadDocument):
            say(f"error: {found}")
            failed = True
            continue
        try:
            _explain_one(*found, as_json=as_json)
        except LexiconError as error:
            say(f"error: {error}; `tocsin rules check` lists all that is wrong")
            return EXIT_FAILED
    return EXIT_FAILED if failed else EXIT_OK


def _explain_one(document: Document, article: Article, *, as_json: bool) -> None:
    explained = explain(article)
    for one in explained:
        if as_json:
            emit(json.dumps(to_line(document.id, one), ensure_ascii=False))
        else:
            open_console().print(_panel_text(document.id, one), soft_wrap=True)
    if not explained and not as_json:
        say(f"{document.where}: {_why_nothing(article)}")


def _why_nothing(article: Article) -> str:
    if article.language not in LANGUAGES:
        return f"language {article.language!r} has no rules; there are {', '.join(LANGUAGES)}"
    ids = ", ".join(sorted(fired(article.text, article.language))) or "nothing"
    return (
        "left after the first pass: a word that can give an alert, with a place or a side of the "
        f"war somewhere in the article, is missing; fired: {ids}"
    )


def to_line(input_id: str, one: Explanation) -> dict[str, Any]:
    """A sentence's explanation as a JSON object."""
    return {
        "input_id": input_id,
        "field": str(one.field),
        "start": one.start,
        "sentence": one.sentence,
        "fired": [
            {"words": f.words, "category": f.category, "meaning": f.meaning} for f in one.fired
        ],
        "verdicts": [_verdict_line(verdict) for verdict in one.verdicts],
    }


def _verdict_line(verdict: Verdict) -> dict[str, Any]:
    confidence = verdict.confidence
    return {
        "alert_type": str(verdict.alert_type),
        "entry": verdict.entry,
        "outcome": _outcome(verdict),
        "reason": verdict.reason,
        "features": list(verdict.features),
        "score": confidence.score if confidence else None,
        "threshold": confidence.threshold if confidence else None,
    }


def _outcome(verdict: Verdict) -> str:
    if verdict.confidence is None:
        return "none"
    return OUTCOMES[verdict.confidence.score >= verdict.confidence.threshold]


def _panel_text(name: str, one: Explanation) -> "Text":
    from rich.text import Text

    text = Text()
    text.append(f"{name} {one.field} {one.start}\n", style="dim")
    text.append(f"{_one_line(one.sentence)}\n", style="bold")
    for found in one.fired:
        text.append(f"  {_one_line(found.words)}", style="cyan")
        text.append(f"  {found.category}  ", style="dim")
        text.append(f"{found.meaning}\n")
    if not one.verdicts:
        text.append(f"  {NO_VERDICT}\n", style="red")
    for verdict in one.verdicts:
        text.append(f"  {verdict.alert_type} by {verdict.entry}: ")
        if verdict.confidence is None:
            text.append(f"no, {verdict.reason}\n", style="red")
        else:
            score = f"{verdict.confidence.score:.2f} of {verdict.confidence.threshold:.2f}"
            told = f"{_outcome(verdict)}, {score} ({', '.join(verdict.features)})\n"
            text.append(told, style="green")
    return text


def _one_line(words: str) -> str:
    return " ".join(words.split())
