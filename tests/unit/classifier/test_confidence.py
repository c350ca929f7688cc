"""How sure the classifier says it is."""

from itertools import combinations
from pathlib import Path

import pytest

from tocsin_classifier.domain.claims import claims
from tocsin_classifier.domain.classify import classify, weigh
from tocsin_classifier.domain.confidence import Weights, score, share, table
from tocsin_classifier.domain.merging import confidence
from tocsin_schemas.vocabulary import AlertType
from unit.classifier.samples import article, reading, seed

PAGE = Path(__file__).parents[3] / "docs" / "confidence.md"
SUPPORT = {
    AlertType.TERRITORIAL_CLAIM: {"repeated", "number", "voice_named", "place_stated"},
    AlertType.NEGOTIATION_STANCE: {"repeated", "speaker", "person_named", "both_sides"},
    AlertType.AIR_RAID_WARNING: {"repeated", "defence", "all_clear", "short_sentence"},
}
TAKEN = "Les troupes russes ont pris la ville de Pokrovsk."


@pytest.mark.parametrize("kind", AlertType)
def test_scores_lie_between_nothing_and_certainty(kind: AlertType) -> None:
    """Whatever holds at once, a score is a share, never quite 0 or 1."""
    known = table()[kind].weights
    best = [name for name, weight in known.items() if weight > 0]
    worst = [name for name, weight in known.items() if weight < 0]
    for features in ([], best, worst, known, ["a feature nobody weighs"]):
        assert 0 < score(kind, features).score < 1
    assert score(kind, worst).score < score(kind, []).score < score(kind, best).score


@pytest.mark.parametrize("kind", AlertType)
def test_more_support_never_lowers_a_score(kind: AlertType) -> None:
    """A named voice, a number or a second sentence speaks for a statement, beside anything."""
    names = sorted(table()[kind].weights)
    for feature in sorted(SUPPORT[kind]):
        for others in combinations([n for n in names if n != feature], 2):
            assert score(kind, {*others, feature}).score >= score(kind, others).score


def test_a_second_sentence_never_lowers_a_statement() -> None:
    """A weaker repetition leaves the surest sentence's score, or raises it."""
    once = claims(reading(TAKEN))
    twice = claims(reading(f"{TAKEN} À Pokrovsk, la ville serait prise par les Russes."))
    assert confidence([*once, *twice]).score >= confidence(once).score


def test_the_base_is_the_share_without_any_feature() -> None:
    """And a weight is what a feature adds to the log-odds."""
    weights = Weights(base=0.5, threshold=0.5, weights={"told_twice": 1.0, "vague": -1.0})
    assert share(weights, []) == pytest.approx(0.5)
    assert share(weights, ["told_twice"]) == pytest.approx(0.731, abs=0.001)
    assert share(weights, ["told_twice", "vague"]) == pytest.approx(0.5)


@pytest.mark.parametrize("kind", AlertType)
def test_thresholds_are_documented(kind: AlertType) -> None:
    """The page names the threshold of each type that the data file holds."""
    row = f"| `{kind}` | {table()[kind].threshold:.2f} |"
    assert row in PAGE.read_text("utf-8"), f"docs/confidence.md lacks the row {row}"


def test_the_sample_article_is_sure_of_all_it_says() -> None:
    """Nothing of the owner's sample falls under its threshold, nor comes near it."""
    assert weigh(seed()) == classify(seed())
    margins = [s.confidence.score - s.confidence.threshold for s in classify(seed())]
    assert min(margins) > 0.1


def test_a_stated_place_makes_a_claim_surer_than_none() -> None:
    """What is taken is told in one, and left open in the other."""
    (told,) = weigh(article(TAKEN))
    assert told.confidence.score > 0.8
