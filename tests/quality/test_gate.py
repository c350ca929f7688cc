"""The quality gate: on the project's own labelled corpus nothing may fall under its floor.

The floors stand in floors.toml; whoever makes the classifier better raises them.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tocsin_classifier.domain.lexicon import LANGUAGES
from tocsin_classifier.domain.scoring import Evaluation, Level, summarise
from tocsin_cli.evaluate import Judged, judge_documents
from tocsin_schemas.vocabulary import AlertType

HERE = Path(__file__).parent
CORPUS = HERE.parent / "corpus"
FLOORS: dict[str, Any] = tomllib.loads((HERE / "floors.toml").read_text("utf-8"))
MEND = "see `tocsin evaluate --errors tests/corpus`"


@cache
def judged() -> Judged:
    found = judge_documents([str(CORPUS)])
    assert found.problems == []
    return found


@cache
def evaluation() -> Evaluation:
    return summarise(judged().judgements)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", AlertType)
@pytest.mark.parametrize("level", Level)
def test_no_type_of_a_language_falls_under_its_floor(
    level: Level, kind: AlertType, language: str
) -> None:
    """F1 of every type, language and level."""
    floor = FLOORS[level][language][kind]
    counts = evaluation().counts[language, kind, level]
    assert counts.support >= 10, f"too few {kind} in {language} to measure: {counts.support}"
    assert counts.f1 >= floor, (
        f"{level} F1 of {kind} in {language} is {counts.f1:.3f}, its floor {floor}: "
        f"{counts.hits} right, {counts.extra} too much, {counts.missed} missed; {MEND}"
    )


@pytest.mark.parametrize("slot", sorted(FLOORS["slots"]))
def test_the_rest_of_what_is_found_is_right(slot: str) -> None:
    """Regions, topic, threat and quote of the alerts whose key was found."""
    right, total = evaluation().slots[slot]
    assert right / total >= FLOORS["slots"][slot], f"{slot}: {right} right of {total}; {MEND}"


def test_documents_with_nothing_to_alert_on_stay_quiet() -> None:
    """The share of traps that give an alert."""
    found = evaluation()
    share = found.false_alarms / found.empty
    assert share <= FLOORS["limits"]["false_alarm_share"], (
        f"{found.false_alarms} of {found.empty} give an alert; {MEND}"
    )


def test_ordinary_news_stays_quiet() -> None:
    """Sport, strikes, markets, weather and other wars, with the words that alerts are made of."""
    found = judge_documents([str(HERE / "ordinary.jsonl")])
    assert found.problems == []
    assert len(found.judgements) >= 10 * len(LANGUAGES)
    alarmed = [one.document for one in found.judgements if one.alarmed]
    assert len(alarmed) <= FLOORS["limits"]["ordinary_alarms"], alarmed


def test_figures_do_not_depend_on_the_order_of_documents() -> None:
    """What the gate measures is the classifier alone."""
    backwards = summarise(judged().judgements[::-1])
    assert backwards.counts == evaluation().counts
