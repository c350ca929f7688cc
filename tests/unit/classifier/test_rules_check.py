"""The check of the data files: what is shipped is right, and what is wrong is named."""

import pytest

from tocsin_classifier.domain.forms import GAP_WORDS, split_form
from tocsin_classifier.domain.lexicon import Category, entries
from tocsin_classifier.domain.rules_check import (
    check,
    confidence_problems,
    read_entries,
    repeated_ids,
    silent_examples,
    silent_forms,
    toml_problems,
)
from tocsin_classifier.domain.scan import fired
from tocsin_classifier.domain.settlement_table import ExtraTable

GOOD = """
[[entry]]
id = "en.claim.test"
category = "claim"
action = "capture"
frame = "active"
forms = ["took the hill"]
means = "take a hill"
example = "The soldiers took the hill."
"""
WEIGHTS = """
[territorial-claim]
base = 0.5
threshold = 0.5
weights = {}
[negotiation-stance]
base = 0.5
threshold = 0.5
weights = {}
[air-raid-warning]
base = 0.5
threshold = 0.5
weights = {}
"""


def test_what_is_shipped_is_right() -> None:
    """Every file is valid, and every example makes its entry fire in its language."""
    found = check()
    assert [str(problem) for problem in found.problems] == []
    assert all(number > 50 for number in found.entries.values())


def test_a_good_entry_gives_no_problem() -> None:
    """The example of the documentation is one."""
    found, problems = read_entries(GOOD, "en/claims.toml")
    assert [entry.id for entry in found] == ["en.claim.test"]
    assert problems == []


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        (("action", "acton"), "acton", "no such field"),
        (('"capture"', '"grab"'), "action", "seen: 'grab'"),
        (('forms = ["took the hill"]', "forms = []"), "forms", "at least 1"),
        (('"took the hill"', '"took", "Took"'), "forms", "twice"),
        (('"took the hill"', '"to*k the hill"'), "forms", "edge of a word only"),
        (('"took the hill"', '"took+the hill"'), "forms", "between spaces"),
        (('"took the hill"', '"took + *"'), "forms", "no letter"),
        (('means = "take a hill"', ""), "means", "required"),
        (('example = "The soldiers took the hill."', ""), "example", "missing"),
    ],
)
def test_a_problem_names_file_entry_field_and_reason(
    change: tuple[str, str], field: str, reason: str
) -> None:
    """So that it can be mended without reading code."""
    _, problems = read_entries(GOOD.replace(*change), "en/claims.toml")
    (problem,) = problems
    assert (problem.file, problem.entry, problem.field) == (
        "en/claims.toml",
        "en.claim.test",
        field,
    )
    assert reason in problem.reason
    assert str(problem).startswith("en/claims.toml: en.claim.test: ")


@pytest.mark.parametrize(
    ("toml", "field"),
    [("[[entry", "file"), ("[[entries]]\nid = 1", "entries"), ("entry = 3", "entry")],
)
def test_a_file_that_is_no_lexicon_is_told_by_name(toml: str, field: str) -> None:
    """Also when there is no entry to name."""
    _, problems = read_entries(toml, "en/x.toml")
    assert [(problem.file, problem.field) for problem in problems] == [("en/x.toml", field)]


def test_all_wrong_entries_are_told_at_once() -> None:
    """Nobody should have to mend one to see the next."""
    twice = (GOOD + GOOD.replace("en.claim.test", "en.claim.other")).replace("capture", "grab")
    _, problems = read_entries(twice, "en/claims.toml")
    assert [problem.entry for problem in problems] == ["en.claim.test", "en.claim.other"]


def test_an_id_that_is_there_twice_names_both_files() -> None:
    """Ids are how entries are found again."""
    (entry,), _ = read_entries(GOOD, "en/claims.toml")
    pairs = [("en/claims.toml", entry), ("en/more.toml", entry)]
    (problem,) = repeated_ids(pairs)
    assert (problem.file, problem.reason) == ("en/more.toml", "is there already in en/claims.toml")


def test_an_example_in_which_its_entry_is_silent_is_told() -> None:
    """With what fires there instead."""
    (entry,), _ = read_entries(GOOD, "en/claims.toml")
    found = {"en": [("en/claims.toml", entry)]}
    assert list(silent_examples(found, lambda *_: frozenset({"en.claim.test"}))) == []
    (problem,) = silent_examples(found, lambda *_: frozenset({"en.ground"}))
    assert problem.field == "example"
    assert "fires: en.ground" in problem.reason


def test_a_form_that_another_entry_always_hides_is_told() -> None:
    """It would be dead weight that looks like knowledge."""
    (entry,), _ = read_entries(GOOD, "en/claims.toml")
    found = {"en": [("en/claims.toml", entry)]}
    assert list(silent_forms(found, lambda *_: frozenset({entry.id}))) == []
    (problem,) = silent_forms(found, lambda *_: frozenset({"en.idiom"}))
    assert problem.reason == "'took the hill' never fires, also standing alone (fires: en.idiom)"


def test_a_form_is_found_part_by_part() -> None:
    """A gap leaves room for some words, a star inside a form for none."""
    assert split_form("took + under control") == [("took", GAP_WORDS), ("under control", GAP_WORDS)]
    assert split_form("обмен* пленными") == [("обмен*", GAP_WORDS), ("пленными", 0)]


def test_what_fires_in_a_sentence_includes_what_only_hides_others() -> None:
    """An idiom gives no alert, but its example must show it at work."""
    idioms = [entry for entry in entries("en") if entry.category is Category.IDIOM]
    assert idioms
    for idiom in idioms:
        assert idiom.id in fired(f"It was a {idiom.forms[0]}.", "en")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (("base = 0.5", "base = 1.5"), "territorial_claim.base"),
        (("[air-raid-warning]", "[weather]"), "weather"),
        (("threshold = 0.5", "treshold = 0.5"), "territorial_claim.threshold"),
    ],
)
def test_weights_are_checked(change: tuple[str, str], field: str) -> None:
    """A type that is missing or a weight that is none would silence the classifier."""
    assert list(confidence_problems(WEIGHTS)) == []
    problems = list(confidence_problems(WEIGHTS.replace(*change, 1)))
    assert field in {problem.field for problem in problems}


def test_tables_of_places_are_checked() -> None:
    """A region must be a code, and a village a pair of names."""
    lists = "correct = []\namend = []\nlandmark = []\n[caution]\n"
    toml = lists + '[[village]]\nregion = "Sumy"\nnames = ["X"]'
    problems = list(toml_problems(toml, "places/settlements_extra.toml", ExtraTable))
    assert {problem.field for problem in problems} == {"village.0.region", "village.0.names.0"}
