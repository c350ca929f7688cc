"""`tocsin evaluate`: how good the classifier is on labelled documents, and where it is wrong."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tocsin_classifier.domain.classify import classify
from tocsin_classifier.domain.labels import LabelError, read_labels
from tocsin_classifier.domain.mistakes import Mistake, mistakes
from tocsin_classifier.domain.scoring import (
    ALL,
    MICRO,
    Counts,
    Evaluation,
    Judgement,
    Level,
    judge,
    summarise,
)
from tocsin_cli.articles import read_articles
from tocsin_cli.console import EXIT_FAILED, EXIT_OK, emit, open_console, say
from tocsin_cli.documents import BadDocument, Document
from tocsin_schemas.article import Article
from tocsin_schemas.vocabulary import AlertType

if TYPE_CHECKING:
    from rich.table import Table


@dataclass
class Judged:
    """All documents of a run, judged."""

    judgements: list[Judgement] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    problems: list[BadDocument] = field(default_factory=list)


def run_evaluate(paths: Iterable[str], *, as_json: bool, errors: bool) -> int:
    """Classify labelled documents, compare, and print the figures.

    Returns:
        0, or 1 when a document was bad or there was none.

    """
    judged = judge_documents(paths)
    for problem in judged.problems:
        say(f"error: {problem}")
    if not judged.judgements:
        say("error: no labelled document: give JSON Lines with `text`, `lang` and `alerts`")
        return EXIT_FAILED
    evaluation = summarise(judged.judgements)
    if as_json:
        for line in to_lines(evaluation, judged.mistakes if errors else []):
            emit(json.dumps(line, ensure_ascii=False))
    else:
        _show(evaluation, judged.mistakes if errors else [])
    return EXIT_FAILED if judged.problems else EXIT_OK


def judge_documents(paths: Iterable[str]) -> Judged:
    """Classify every labelled document of the paths and compare; bad ones are set apart."""
    judged = Judged()
    for found in read_articles(_label_files(paths)):
        problem = found if isinstance(found, BadDocument) else _judge_one(*found, judged)
        if problem is not None:
            judged.problems.append(problem)
    return judged


def _label_files(paths: Iterable[str]) -> Iterator[str]:
    # A folder of labels may hold a README, which is a document to every other command.
    for path in paths:
        inside = Path(path).rglob("*.jsonl") if Path(path).is_dir() else None
        yield from [path] if inside is None else map(str, sorted(inside))


def _judge_one(document: Document, article: Article, judged: Judged) -> BadDocument | None:
    try:
        labels = read_labels(dict(document.others))
    except LabelError as error:
        return BadDocument(document.where, "labels", str(error))
    statements = classify(article)
    judgement = judge(document.id, article.language, labels, statements)
    judged.judgements.append(judgement)
    judged.mistakes.extend(mistakes(article, labels, statements, judgement))
    return None


def to_lines(evaluation: Evaluation, wrong: Iterable[Mistake]) -> Iterable[dict[str, Any]]:
    """The figures as JSON objects; `kind` is score, interval, slot, documents or error."""
    for (scope, name, level), counts in evaluation.counts.items():
        yield {"kind": "score", "scope": scope, "type": name, "level": level, **_figures(counts)}
    for (scope, level), (low, high) in evaluation.intervals.items():
        interval = {"low": round(low, 4), "high": round(high, 4), "confidence": 0.9}
        yield {"kind": "interval", "scope": scope, "type": MICRO, "level": level, **interval}
    for slot, (right, total) in evaluation.slots.items():
        share = round(right / total, 4)
        yield {"kind": "slot", "slot": slot, "right": right, "of": total, "share": share}
    yield {
        "kind": "documents",
        "documents": evaluation.documents,
        "nothing_to_alert_on": evaluation.empty,
        "false_alarms": evaluation.false_alarms,
    }
    for one in wrong:
        told = asdict(one)
        yield {"kind": "error", "error": told.pop("kind"), **told}


def _figures(counts: Counts) -> dict[str, float]:
    return {
        "precision": round(counts.precision, 4),
        "recall": round(counts.recall, 4),
        "f1": round(counts.f1, 4),
        "support": counts.support,
        "hits": counts.hits,
        "extra": counts.extra,
        "missed": counts.missed,
    }


def _show(evaluation: Evaluation, wrong: Iterable[Mistake]) -> None:
    console = open_console()
    for one in wrong:
        console.print(_mistake_lines(one), markup=False, soft_wrap=True)
    for level in Level:
        console.print(_table(evaluation, level))
    for slot, (right, total) in evaluation.slots.items():
        console.print(f"right {slot}: {right / total:.3f} of {total} alerts whose key was found")
    console.print(
        f"false alarms: {evaluation.false_alarms} of {evaluation.empty} documents with nothing to "
        f"alert on; {evaluation.documents} documents in all"
    )


def _table(evaluation: Evaluation, level: Level) -> "Table":
    from rich.table import Table

    # Narrow enough for 80 columns.
    table = Table(
        title=f"{level} level", title_justify="left", box=None, pad_edge=False, padding=(0, 1, 0, 0)
    )
    table.add_column("lang")
    table.add_column("type")
    for name in ("prec", "recall", "F1", "90 %", "support", "hits", "extra", "missed"):
        table.add_column(name, justify="right")
    for scope in (ALL, *evaluation.languages):
        for kind in (*AlertType, MICRO):
            counts = evaluation.counts[scope, kind, level]
            low, high = evaluation.intervals[scope, level]
            table.add_row(
                scope,
                kind,
                *(f"{value:.3f}" for value in (counts.precision, counts.recall, counts.f1)),
                f"{low:.2f}-{high:.2f}" if kind == MICRO else "",
                *(str(n) for n in (counts.support, counts.hits, counts.extra, counts.missed)),
            )
    return table


def _mistake_lines(one: Mistake) -> str:
    return "\n".join(
        (
            f"{one.document} {one.language} {one.alert_type} {one.kind}: {one.key}",
            f"  sentence: {one.sentence}",
            f"  quote:    {one.quote}",
            f"  expected: {', '.join(one.expected) or 'nothing'}",
            f"  given:    {', '.join(one.given) or 'nothing'}",
            *(f"  because:  {reason}" for reason in one.reasons),
            "",
        )
    )
