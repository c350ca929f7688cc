"""Names of the gazetteer are found as whole words, wherever they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin_classifier.domain.folding import fold
from tocsin_classifier.domain.gazetteer import forms
from tocsin_classifier.domain.word_table import WordTable, words_of

NAMES = sorted(forms())
TABLE = WordTable(forms())


def found(text: str) -> list[str]:
    folded = fold(text)
    words = words_of(folded, 0, len(folded))
    return [folded[start:end] for start, end, _ in TABLE.find(words, folded, len(folded))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Drohnen über Charkiw.", ["charkiw"]),
        ("Взрывы в Ростове-на-Дону", ["ростове", "ростове-на-дону"]),
        ("около Kyiv¹, Херсон2", ["kyiv", "херсон"]),
        ("Charkiwowicz, неХерсон", []),
        ("nothing at all", []),
    ],
)
def test_names_are_whole_words_and_longer_names_hold_shorter_ones(
    text: str, names: list[str]
) -> None:
    """A name counts at the edges of words, a footnote's figure being one; all readings are told."""
    assert [name for name in found(text) if name in {"ростове", *names}] == names
    assert TABLE.finds_any(fold(text)) == bool(names)


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5))
def test_every_name_is_found_in_a_list_of_names(names: list[str]) -> None:
    """Whatever the gazetteer lists is found between commas."""
    assert set(names) <= set(found(", ".join(names)))
