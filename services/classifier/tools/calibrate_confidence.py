"""Fits data/confidence.toml on labelled documents, so that a score is a share of hits.

    python services/classifier/tools/calibrate_confidence.py LABELS.jsonl... [--write]

Prints what 5-fold cross-validation by document gives; `--write` writes the file, fitted on all.
A statement is right when its key is (see `tocsin evaluate`); what only an unsure label speaks of is
left out. A warning of several regions counts once for each.
"""

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import add
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tocsin_classifier.domain.claims import claims
from tocsin_classifier.domain.confidence import Weights, share
from tocsin_classifier.domain.labels import Labels, read_labels
from tocsin_classifier.domain.merging import REPEATED, merge
from tocsin_classifier.domain.scan import read
from tocsin_classifier.domain.scoring import (
    ALL,
    MICRO,
    Counts,
    Judgement,
    Level,
    judge,
    label_keys,
    statement_keys,
    summarise,
)
from tocsin_classifier.domain.stances import stances
from tocsin_classifier.domain.warnings import warnings
from tocsin_cli.articles import to_article
from tocsin_cli.documents import BadDocument, read_documents
from tocsin_schemas.statement import Statement
from tocsin_schemas.vocabulary import AlertType

FILE = Path(__file__).parent.parent / "src/tocsin_classifier/data/confidence.toml"
FOLDS = 5
NOW = datetime.now(UTC)
PENALTY = 2.0
"""Of the squared weights; the base is free."""

OWN = "own-"
"""How the ids of tests/corpus begin."""

REAL = 3
"""How many times a real document counts as much as one of tests/corpus, which is easier."""

HEADER = """\
# How sure the classifier is. A statement's score is the estimated share of statements like it that
# are right: the log-odds of `base` plus the weights (log-odds too) of the features that hold,
# turned back into a share. Under `threshold` it is counted, not sent. See docs/confidence.md.
#
# Made by tools/calibrate_confidence.py from labelled documents, each weighed for these figures by a
# model that had not seen it. Rows of the table: score from, to | keys | mean score | share right.
# `threshold` is the best F1 of keys with a precision of 0.8 or more, found on all documents.
#"""

RARE = 8
"""Features that fewer statements have get no weight."""

LEAST_WEIGHT = 0.05
"""Log-odds; less is left out of the file."""

ROUNDS = 4
"""How often the surest of a statement's sentences is chosen anew."""

THRESHOLDS = [step / 100 for step in range(30, 71, 5)]
LEAST_PRECISION = 0.8
BUCKETS = ((0.0, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.01))

SUPPORT = {
    REPEATED,
    "sides_told",
    "place_stated",
    "voice_named",
    "number",
    "person_named",
    "speaker",
    "topic_near",
    "both_sides",
    "all_clear",
    "alarm",
    "defence",
    "threat_told",
    "short_sentence",
}
"""These never lower a score, however few the documents are."""

DOUBT = {
    "sides_assumed",
    "place_missing",
    "place_from_context",
    "country_only",
    "topic_from_context",
    "topic_apart",
    "threat_from_context",
    "conditional",
    "long_sentence",
}
"""These never raise one."""

Model = dict[AlertType, Weights]


@dataclass(frozen=True)
class Case:
    """A statement, whether each of its keys is right, and the features of its sentences."""

    statement: Statement
    rights: tuple[bool, ...]
    sentences: tuple[frozenset[str], ...]

    @property
    def kind(self) -> AlertType:
        """The alert type."""
        return self.statement.alert_type

    def surest(self, weights: Weights) -> tuple[float, frozenset[str]]:
        """The score of the statement, and the features that give it."""
        return max(
            ((share(weights, names), names) for names in self.sentences),
            key=lambda one: one[0],
        )


@dataclass(frozen=True)
class Read:
    """A labelled document and what is found in it, sure or not."""

    document: str
    language: str
    labels: Labels
    cases: tuple[Case, ...]


def documents(paths: Sequence[str]) -> list[Read]:
    """All labelled documents, read once; a bad one ends the run."""
    found = []
    for document in read_documents(paths):
        article = document if isinstance(document, BadDocument) else to_article(document, NOW)
        if isinstance(document, BadDocument) or isinstance(article, BadDocument):
            raise SystemExit(f"error: {article}")
        labels = read_labels(dict(document.others))
        wanted = frozenset(key for label in labels.alerts for key in label_keys(label))
        reading = read(article)
        drafts = [*claims(reading), *stances(reading), *warnings(reading)] if reading else []
        groups = defaultdict(list)
        for draft in drafts:
            groups[draft.key].append(draft.features)
        cases = []
        for features, statement in zip(groups.values(), merge(article, drafts), strict=True):
            more = {REPEATED} if len(features) > 1 else set()
            rights = tuple(
                key in wanted
                for key in sorted(statement_keys(statement), key=str)
                if key in wanted or key[0] not in labels.unsure_types
            )
            cases.append(Case(statement, rights, tuple(one | more for one in features)))
        found.append(Read(document.id, article.language, labels, tuple(cases)))
    return found


def fit(read_ones: Iterable[Read]) -> Model:
    """A logistic model for each type, with the threshold that is best on the same documents."""
    kept = [one for one in read_ones for _ in range(1 if one.document.startswith(OWN) else REAL)]
    return {kind: _with_threshold(kept, kind, _fitted(kept, kind)) for kind in AlertType}


def _fitted(kept: list[Read], kind: AlertType) -> Weights:
    cases = [case for one in kept for case in one.cases if case.kind is kind]
    weights = Weights(base=0.5, threshold=0.5, weights={})
    for _ in range(ROUNDS):
        rows = [(case.surest(weights)[1], right) for case in cases for right in case.rights]
        counted = Counter(name for names, _ in rows for name in names)
        names = sorted(name for name, n in counted.items() if n >= RARE and len(rows) - n >= RARE)
        table = np.array([[1.0, *(n in held for n in names)] for held, _ in rows])
        solved = _descend(table, np.array([float(right) for _, right in rows]), names)
        weights = Weights(
            base=round(float(1 / (1 + np.exp(-solved[0]))), 3),
            threshold=0.5,
            weights={
                name: round(float(weight), 2)
                for name, weight in zip(names, solved[1:], strict=True)
                if abs(weight) >= LEAST_WEIGHT
            },
        )
    return weights


def _descend(
    table: NDArray[np.float64], right: NDArray[np.float64], names: list[str]
) -> NDArray[np.float64]:
    """Projected gradient descent: the penalised logistic loss is convex, and so are the signs."""
    low = np.array([-10.0, *(0.0 if n in SUPPORT else -10.0 for n in names)])
    high = np.array([10.0, *(0.0 if n in DOUBT else 10.0 for n in names)])
    penalty = np.array([0.0, *(PENALTY for _ in names)])
    step = 1 / (0.25 * np.linalg.norm(table, 2) ** 2 + PENALTY)
    solved = np.zeros(table.shape[1])
    for _ in range(5000):
        guessed = 1 / (1 + np.exp(-table @ solved))
        slope = table.T @ (guessed - right) + penalty * solved
        solved = np.clip(solved - step * slope, low, high)
    return solved


def _with_threshold(kept: list[Read], kind: AlertType, weights: Weights) -> Weights:
    """The best key F1 among the thresholds whose precision is enough; of equals the lowest."""

    def worth(threshold: float) -> tuple[bool, float, float]:
        tried = weights.model_copy(update={"threshold": threshold})
        counts = reduce(
            add,
            (judged(one, {kind: tried}).levels[kind, Level.KEY] for one in kept),
            Counts(),
        )
        return counts.precision >= LEAST_PRECISION, round(counts.f1, 4), -threshold

    return weights.model_copy(update={"threshold": max(THRESHOLDS, key=worth)})


def judged(one: Read, model: Model) -> Judgement:
    """A document's statements that are sure enough, against its labels."""
    kept = [
        case.statement
        for case in one.cases
        if case.kind in model and case.surest(model[case.kind])[0] >= model[case.kind].threshold
    ]
    return judge(one.document, one.language, one.labels, kept)


def cross_validated(found: list[Read]) -> list[tuple[Read, Model]]:
    """Each document with the model that was fitted on the other folds."""
    order = sorted(found, key=lambda one: one.document)
    random.Random(1).shuffle(order)  # noqa: S311 - a repeatable draw, nothing secret
    pairs = []
    for fold in range(FOLDS):
        model = fit(one for at, one in enumerate(order) if at % FOLDS != fold)
        pairs += [(one, model) for one in order[fold::FOLDS]]
    return pairs


def scored(pairs: Iterable[tuple[Read, Model]], kind: AlertType) -> list[tuple[float, bool]]:
    """Each key of the type: the score it goes out with, and whether it is right."""
    return [
        (case.surest(model[kind])[0], right)
        for one, model in pairs
        for case in one.cases
        if case.kind is kind
        for right in case.rights
    ]


def reliability(rows: Sequence[tuple[float, bool]]) -> tuple[list[str], float, float]:
    """The table by buckets of score, the Brier score and the expected calibration error."""
    lines, gaps = [], 0.0
    for low, high in BUCKETS:
        inside = [(score, right) for score, right in rows if low <= score < high]
        if inside:
            mean = sum(score for score, _ in inside) / len(inside)
            hits = sum(right for _, right in inside) / len(inside)
            gaps += abs(mean - hits) * len(inside)
            lines.append(
                f"{low:.2f} to {min(high, 1):.2f} | {len(inside):4} | {mean:.2f} | {hits:.2f}"
            )
    brier = sum((score - right) ** 2 for score, right in rows) / len(rows)
    return lines, brier, gaps / len(rows)


def report(pairs: list[tuple[Read, Model]], title: str) -> list[str]:
    """The figures of documents that were each weighed by a model that had not seen them."""
    kinds = {str(kind): scored(pairs, kind) for kind in AlertType}
    kinds["all"] = [row for rows in kinds.values() for row in rows]
    lines = [f"{title}: {len(pairs)} documents, {len(kinds['all'])} keys"]
    for name, rows in kinds.items():
        table, brier, error = reliability(rows)
        lines.append(f"{name}: Brier {brier:.3f}, calibration error {error:.3f}")
        lines += [f"  {line}" for line in table] if name == "all" else []
    found = summarise([judged(one, model) for one, model in pairs])
    for level in Level:
        for kind in (*AlertType, MICRO):
            one = found.counts[ALL, kind, level]
            figures = f"P {one.precision:.3f} R {one.recall:.3f} F1 {one.f1:.3f}"
            low, high = found.intervals[ALL, level]
            span = f" (90 %: {low:.2f} to {high:.2f})" if kind == MICRO else ""
            lines.append(f"{level} {kind}: {figures}{span}")
    lines.append(f"false alarms: {found.false_alarms} of {found.empty}")
    return lines


def to_toml(model: Model, head: Sequence[str]) -> str:
    """The data file: what it means, how it was made, and the weights, strongest first."""
    lines = [HEADER, *(f"# {line}" for line in head)]
    for kind, weights in model.items():
        lines += ["", f"[{kind}]", f"base = {weights.base}", f"threshold = {weights.threshold}"]
        lines += ["", f"[{kind}.weights]"]
        ordered = sorted(weights.weights.items(), key=lambda one: (-one[1], one[0]))
        lines += [f"{name} = {weight}" for name, weight in ordered]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Read, cross-validate, print, and write if asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("labels", nargs="+")
    parser.add_argument("--write", action="store_true", help="write confidence.toml")
    given = parser.parse_args()
    found = documents(given.labels)
    pairs = cross_validated(found)
    lines = report(pairs, "5-fold cross-validation, all")
    own = [pair for pair in pairs if pair[0].document.startswith(OWN)]
    others = [pair for pair in pairs if pair not in own]
    for some, title in ((others, "of these, real documents"), (own, "of these, own corpus")):
        if some:
            lines += ["", *report(some, title)]
    print("\n".join(lines))
    if given.write:
        FILE.write_text(to_toml(fit(found), lines[: lines.index("")]), "utf-8")


if __name__ == "__main__":
    main()
