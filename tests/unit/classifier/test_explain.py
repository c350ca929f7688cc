"""What fired, and why a sentence gave or did not give a statement."""

from tocsin_classifier.domain.explain import explain
from unit.classifier.samples import article


def _reasons(text: str) -> list[str | None]:
    return [v.reason for one in explain(article(text)) for v in one.verdicts]


def test_a_sentence_that_counts_says_with_which_features() -> None:
    """And how sure it is."""
    (one,) = explain(article("Les forces russes ont pris la ville de Koupiansk."))
    verdict = next(v for v in one.verdicts if v.reason is None)
    assert verdict.confidence is not None
    assert "sides_told" in verdict.features
    assert "place" in {fired.category for fired in one.fired}


def test_a_sentence_that_does_not_count_says_why() -> None:
    """Plans, denials, other wars and words without ground."""
    assert "not real" in _reasons("Les forces russes espèrent avoir pris la ville de Koupiansk.")
    assert "negated" in _reasons("Les forces russes ne contrôlent pas la ville de Koupiansk.")
    assert "another conflict" in _reasons("Les forces russes ont pris un village en Syrie.")


def test_an_article_about_something_else_has_nothing_to_explain() -> None:
    """No trigger at all."""
    assert explain(article("Le marché aux fleurs ouvre samedi.")) == []
