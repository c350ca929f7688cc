"""How statements are shared out over places."""

from tocsin_classifier.domain.classify import classify
from tocsin_classifier.domain.fingerprint import POSITIONS, fingerprint
from tocsin_classifier.domain.report import to_line
from tocsin_classifier.domain.spread import detections
from unit.classifier.samples import article

WHOLE = article("Повітряна тривога по всій території України.", "uk")


def test_a_warning_for_the_country_is_one_for_each_region() -> None:
    """All with one incident."""
    (statement,) = classify(WHOLE)
    shares = detections(statement, WHOLE, "")
    assert len({share.scope for share in shares}) == 27
    assert {share.incident_id for share in shares} == {statement.statement_id}
    assert to_line("x", statement)["regions"] == ["UA"]


def test_the_same_input_gives_the_same_ids() -> None:
    """A repeat is known by them."""
    (statement,) = classify(WHOLE)
    once, again = (detections(statement, WHOLE, "") for _ in range(2))
    assert [share.detection_id for share in once] == [share.detection_id for share in again]


def test_fingerprints_of_near_duplicates_share_positions() -> None:
    """The share of equal positions estimates how alike two texts are."""
    text = " ".join(f"word{n} and more of it" for n in range(60))
    first, second = fingerprint(text), fingerprint(text + " with a short tail.")
    width = len(first) // POSITIONS
    assert 0 < len(first) <= 1024
    equal = sum(
        first[at : at + width] == second[at : at + width] for at in range(0, len(first), width)
    )
    assert equal > POSITIONS * 0.6


def test_a_short_text_has_no_fingerprint() -> None:
    """Two posts of a few words are alike by chance."""
    assert fingerprint("too short to compare") == ""
