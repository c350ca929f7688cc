"""The figures of an evaluation, against a small case that was reckoned by hand."""

from typing import Any

import pytest

from tocsin_classifier.domain.classify import classify
from tocsin_classifier.domain.labels import LabelError, Labels, read_labels
from tocsin_classifier.domain.mistakes import Mistake, mistakes
from tocsin_classifier.domain.scoring import Counts, Evaluation, Level, interval, judge, summarise
from tocsin_schemas.vocabulary import AlertType
from unit.classifier.samples import article

TAKEN = "Les forces russes ont pris la ville de Koupiansk."
DRONES = "Des drones ont attaqué la région de Soumy la nuit dernière."
FLOWERS = "Le marché aux fleurs ouvre samedi."
KURSK = "L'armée ukrainienne contrôle Soudja, dans la région de Koursk."


def claim(text: str, claimant: str, action: str, *regions: str) -> dict[str, Any]:
    return {
        "type": "territorial_claim", "claimant": claimant, "action": action,
        "regions": list(regions), "quote": text,
    }  # fmt: skip


def warning(text: str, status: str, *regions: str, threat: str = "drone") -> dict[str, Any]:
    return {
        "type": "air_raid_warning", "status": status, "threat": threat,
        "regions": list(regions), "quote": text,
    }  # fmt: skip


CASES: list[tuple[str, str, list[dict[str, Any]], list[dict[str, Any]]]] = [
    # Right, all of it.
    ("a", TAKEN, [claim(TAKEN, "RU", "capture", "UA-63")], []),
    # The document is right; one region of two is missed, and the threat is another.
    ("b", DRONES, [warning(DRONES, "reported", "UA-59", "UA-53", threat="missile")], []),
    # Nothing to alert on, nothing given.
    ("c", FLOWERS, [], []),
    # Nothing to alert on, but an alert is given.
    ("d", KURSK, [], []),
    # Only unsure: what is given counts neither way.
    ("e", TAKEN, [], [{"type": "territorial_claim", "why": "in passing", "quote": TAKEN}]),
    # The wrong side: right on the level of documents, one missed and one too much on that of keys.
    ("f", TAKEN, [claim(TAKEN, "UA", "capture", "UA-63")], []),
    # Another type is missed.
    ("g", FLOWERS, [
        {"type": "negotiation_stance", "actor": "UA", "stance": "supports",
         "topic": "ceasefire", "quote": FLOWERS},
    ], []),
]  # fmt: skip


def labels_of(alerts: list[dict[str, Any]], unsure: list[dict[str, Any]]) -> Labels:
    return read_labels({"alerts": alerts, "unsure": unsure})


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return summarise(
        [
            judge(name, "fr", labels_of(alerts, unsure), classify(article(text)))
            for name, text, alerts, unsure in CASES
        ]
    )


def test_counts_by_type_and_level_are_those_reckoned_by_hand(evaluation: Evaluation) -> None:
    """Documents a to g, one line a case above."""
    counts = evaluation.counts
    claims, stances, warnings = AlertType
    assert counts["fr", claims, Level.DOCUMENT] == Counts(hits=2, extra=1, missed=0)
    assert counts["fr", claims, Level.KEY] == Counts(hits=1, extra=2, missed=1)
    assert counts["fr", stances, Level.KEY] == Counts(hits=0, extra=0, missed=1)
    assert counts["fr", warnings, Level.DOCUMENT] == Counts(hits=1, extra=0, missed=0)
    assert counts["fr", warnings, Level.KEY] == Counts(hits=1, extra=0, missed=1)
    assert counts["all", "micro", Level.KEY] == Counts(hits=2, extra=2, missed=3)
    assert counts["all", "micro", Level.DOCUMENT] == Counts(hits=3, extra=1, missed=1)


def test_ratios_are_those_reckoned_by_hand(evaluation: Evaluation) -> None:
    """Precision 2/4, recall 2/5, F1 4/9; and nothing asked, nothing given is perfect."""
    micro = evaluation.counts["all", "micro", Level.KEY]
    assert micro.support == 5
    assert micro.precision == pytest.approx(0.5)
    assert micro.recall == pytest.approx(0.4)
    assert micro.f1 == pytest.approx(4 / 9)
    assert (Counts().precision, Counts().recall, Counts().f1) == (1.0, 1.0, 1.0)
    assert (Counts(missed=1).precision, Counts(missed=1).f1) == (0.0, 0.0)


def test_slots_and_false_alarms_are_counted_apart(evaluation: Evaluation) -> None:
    """Slots of the alerts whose key was found; documents without labels, of which d gave one."""
    assert evaluation.slots == {"quote": (2, 2), "regions": (1, 1), "threat": (0, 1)}
    assert (evaluation.false_alarms, evaluation.empty, evaluation.documents) == (1, 2, 7)


def test_interval_holds_the_value_and_is_the_same_every_time(evaluation: Evaluation) -> None:
    """Documents are drawn with replacement from a fixed seed."""
    low, high = evaluation.intervals["all", Level.KEY]
    assert low <= evaluation.counts["all", "micro", Level.KEY].f1 <= high
    rows = [Counts(hits=1), Counts(missed=1), Counts(extra=1)]
    assert interval(rows) == interval(rows)
    assert interval([Counts(hits=1)] * 5) == (1.0, 1.0)


def wrong(name: str) -> list[Mistake]:
    _, text, alerts, unsure = next(case for case in CASES if case[0] == name)
    one, labels = article(text), labels_of(alerts, unsure)
    given = classify(one)
    return list(mistakes(one, labels, given, judge(name, "fr", labels, given)))


def test_an_error_shows_sentence_expectation_and_reason() -> None:
    """What was expected, what came, and which entry made it so."""
    missed, extra = wrong("f")
    assert (missed.kind, missed.key, missed.expected) == ("missed", "UA control", ("UA control",))
    assert (extra.kind, extra.key, extra.given) == ("extra", "RU control", ("RU control",))
    assert extra.sentence == TAKEN
    assert any(reason.startswith("fr.claim.") for reason in extra.reasons)
    (silent,) = wrong("g")
    assert silent.reasons == ("no entry fired in this sentence",)
    assert wrong("a") == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"type": "weather"}, "type"),
        ({"action": "grab"}, "action"),
        ({"action": None}, "needs `action`"),
        ({"quote": ""}, "quote"),
    ],
)
def test_a_wrong_label_is_told_by_field(change: dict[str, Any], message: str) -> None:
    """So that whoever labels can mend it."""
    with pytest.raises(LabelError, match=message):
        labels_of([{**claim(TAKEN, "RU", "capture"), **change}], [])


def test_labels_may_use_the_words_of_the_output() -> None:
    """`phase` for `status`, and a hyphen in the type."""
    label = {"type": "air-raid-warning", "phase": "ended", "regions": ["UA-59"], "quote": "x"}
    assert read_labels({"alerts": [label]}).alerts[0].phase == "ended"
