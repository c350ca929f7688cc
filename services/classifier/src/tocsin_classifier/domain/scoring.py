"""How good the classifier is: what it gives against what careful readers say it should.

Two levels, each with precision, recall and F1. `document`: does the document have an alert of the
type at all; `key`: the right one, by claimant and group of actions, by actor and stance, by phase
and region. Of what only an unsure label speaks counts neither way.
"""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tocsin_classifier.domain.labels import Label, Labels
from tocsin_classifier.domain.report import regions
from tocsin_schemas.slots import ClaimSlots, StanceSlots
from tocsin_schemas.statement import Statement
from tocsin_schemas.vocabulary import Action, AlertType

Key = tuple[AlertType, str | None, str]
"""Type, who (claimant, actor; for a warning the phase), and what (group, stance; the region)."""

GROUPS = {
    Action.CAPTURE: "control",
    Action.RECAPTURE: "control",
    Action.ADVANCE: "control",
    Action.HOLD: "control",
    Action.WITHDRAW: "loss",
    Action.CONTESTED: "contested",
    Action.SOVEREIGNTY: "sovereignty",
}
"""Actions of one group are one alert of a document."""

ALL = "all"
"""The scope of all languages together."""

MICRO = "micro"
"""All three types together."""

ROUNDS = 500
"""How often documents are drawn for an interval."""

NOWHERE = "?"
"""Stands for the region of a warning that names none."""


class Level(StrEnum):
    """What is compared."""

    DOCUMENT = "document"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Counts:
    """Hits, false alarms and misses."""

    hits: int = 0
    extra: int = 0
    missed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.hits + other.hits, self.extra + other.extra, self.missed + other.missed)

    @property
    def support(self) -> int:
        """How many there should be."""
        return self.hits + self.missed

    @property
    def precision(self) -> float:
        """The share of what was given that is right."""
        given = self.hits + self.extra
        return self.hits / given if given else float(not self.missed)

    @property
    def recall(self) -> float:
        """The share of what there should be that was given."""
        return self.hits / self.support if self.support else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """One document: what was right, missed and too much, by type."""

    document: str
    language: str
    hits: frozenset[Key]
    missed: frozenset[Key]
    extra: frozenset[Key]
    levels: dict[tuple[AlertType, Level], Counts]
    slots: tuple[tuple[str, bool], ...]
    """Slots of the alerts that were found, and whether each is right."""
    empty: bool
    """Whether there is nothing to alert on, not even something unsure."""
    alarmed: bool
    """Whether anything was given."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All documents together."""

    documents: int
    counts: dict[tuple[str, str, Level], Counts]
    """By scope (`all` or a language), type (or `micro`) and level."""
    intervals: dict[tuple[str, Level], tuple[float, float]]
    """5th and 95th percentile of the micro F1, by scope and level."""
    slots: dict[str, tuple[int, int]]
    """How many are right, of how many, by slot."""
    empty: int
    """Documents with nothing to alert on."""
    false_alarms: int
    """Those of them that gave an alert."""
    languages: tuple[str, ...] = field(default=())


def label_keys(label: Label) -> frozenset[Key]:
    """The keys of a label; a warning has one for each region."""
    if label.action is not None and label.type is AlertType.TERRITORIAL_CLAIM:
        return frozenset({_claim_key(label.claimant, label.action)})
    if label.type is AlertType.NEGOTIATION_STANCE:
        return frozenset({(label.type, label.actor, str(label.stance))})
    return frozenset((label.type, str(label.phase), r) for r in label.regions or (NOWHERE,))


def statement_keys(statement: Statement) -> frozenset[Key]:
    """The keys of what was found; a warning has one for each region."""
    slots = statement.slots
    if isinstance(slots, ClaimSlots):
        return frozenset({_claim_key(slots.claimant, slots.action)})
    if isinstance(slots, StanceSlots):
        return frozenset({(slots.alert_type, slots.actor, str(slots.stance))})
    codes = regions(statement.places) or [NOWHERE]
    return frozenset((slots.alert_type, str(slots.phase), code) for code in codes)


def _claim_key(claimant: str | None, action: Action) -> Key:
    group = GROUPS[action]
    return (AlertType.TERRITORIAL_CLAIM, None if group == "contested" else claimant, group)


def judge(
    document: str, language: str, labels: Labels, statements: Sequence[Statement]
) -> Judgement:
    """Compare one document's statements with its labels."""
    wanted = _union(map(label_keys, labels.alerts))
    given = _union(map(statement_keys, statements))
    unsure = labels.unsure_types
    extra = frozenset(key for key in given - wanted if key[0] not in unsure)
    levels = {}
    for kind in AlertType:
        asked, got = _of(kind, wanted), _of(kind, given)
        levels[kind, Level.KEY] = Counts(len(asked & got), len(_of(kind, extra)), len(asked - got))
        levels[kind, Level.DOCUMENT] = Counts(
            bool(asked and got),
            bool(got and not asked and kind not in unsure),
            bool(asked and not got),
        )
    return Judgement(
        document,
        language,
        hits=wanted & given,
        missed=wanted - given,
        extra=extra,
        levels=levels,
        slots=tuple(_slots(labels, statements)),
        empty=not labels.alerts and not unsure,
        alarmed=bool(given),
    )


def _union(sets: Iterable[frozenset[Key]]) -> frozenset[Key]:
    return frozenset().union(*sets)


def _of(kind: AlertType, found: frozenset[Key]) -> frozenset[Key]:
    return frozenset(key for key in found if key[0] is kind)


def _slots(labels: Labels, statements: Sequence[Statement]) -> Iterable[tuple[str, bool]]:
    for label in labels.alerts:
        same = [one for one in statements if statement_keys(one) & label_keys(label)]
        if not same:
            continue
        if label.type is AlertType.TERRITORIAL_CLAIM and label.regions:
            found = {code for one in same for code in regions(one.places)}
            yield "regions", found == set(label.regions)
        if label.type is AlertType.NEGOTIATION_STANCE:
            yield "topic", any(label.topic == getattr(one.slots, "topic", None) for one in same)
        if label.type is AlertType.AIR_RAID_WARNING:
            yield "threat", any(label.threat == getattr(one.slots, "threat", None) for one in same)
        yield "quote", any(_overlaps(label, one) for one in same)


def _overlaps(label: Label, statement: Statement) -> bool:
    start, end = label.start, label.end
    if start is None or end is None:
        return any(
            label.quote in piece.quote or piece.quote in label.quote for piece in statement.evidence
        )
    return any(piece.start < end and start < piece.end for piece in statement.evidence)


def summarise(judgements: Sequence[Judgement]) -> Evaluation:
    """The figures of all documents, by language and type."""
    languages = tuple(sorted({one.language for one in judgements}))
    counts: dict[tuple[str, str, Level], Counts] = {}
    intervals = {}
    for scope in (ALL, *languages):
        inside = [one for one in judgements if scope in (ALL, one.language)]
        for level in Level:
            for kind in AlertType:
                counts[scope, kind, level] = _total(one.levels[kind, level] for one in inside)
            rows = [_total(one.levels[kind, level] for kind in AlertType) for one in inside]
            counts[scope, MICRO, level] = _total(rows)
            intervals[scope, level] = interval(rows)
    right, total = Counter[str](), Counter[str]()
    for one in judgements:
        for slot, ok in one.slots:
            total[slot] += 1
            right[slot] += ok
    return Evaluation(
        documents=len(judgements),
        counts=counts,
        intervals=intervals,
        slots={slot: (right[slot], total[slot]) for slot in sorted(total)},
        empty=sum(one.empty for one in judgements),
        false_alarms=sum(one.empty and one.alarmed for one in judgements),
        languages=languages,
    )


def _total(counts: Iterable[Counts]) -> Counts:
    return sum(counts, Counts())


def interval(rows: Sequence[Counts]) -> tuple[float, float]:
    """5th and 95th percentile of F1 when documents are drawn with replacement; always the same."""
    if not rows:
        return 0.0, 1.0
    draw = random.Random(1)  # noqa: S311 - a repeatable draw, nothing secret
    plain = [(one.hits, one.extra, one.missed) for one in rows]
    values = []
    for _ in range(ROUNDS):
        drawn = zip(*draw.choices(plain, k=len(plain)), strict=True)
        values.append(Counts(*map(sum, drawn)).f1)
    values.sort()
    return values[ROUNDS // 20], values[-ROUNDS // 20]
