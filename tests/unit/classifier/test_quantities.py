"""Numbers as each language writes them."""

import pytest

from tocsin_classifier.domain.quantities import parse_number, quantities
from unit.classifier.samples import passage


@pytest.mark.parametrize(
    ("language", "written", "value"),
    [
        ("fr", "1.250", 1250.0),
        ("fr", "1 250", 1250.0),
        ("de", "1.250,5", 1250.5),
        ("en", "1,250", 1250.0),
        ("en", "1.25", 1.25),
        ("uk", "1 250", 1250.0),
        ("ru", "2,5", 2.5),
    ],
)
def test_figures_mean_what_the_language_means(language: str, written: str, value: float) -> None:
    """A full stop parts thousands in French and German, decimals in English."""
    assert parse_number(written, language) == value


def test_areas_and_settlements_are_told_apart() -> None:
    """Each with its unit and how exact it is."""
    _, last = passage("Les Russes ont pris plus de 300 kilomètres carrés et 12 villages.")
    found = {q.unit: (q.value, q.qualifier) for q in quantities(last, "fr")}
    assert found == {"km2": (300.0, "over"), "settlements": (12.0, "exact")}


def test_square_miles_become_square_kilometres() -> None:
    """The unit's value is its size."""
    _, last = passage("Russian forces captured about 100 square miles of territory.", "en")
    (area,) = quantities(last, "en")
    assert (round(area.value), area.qualifier) == (259, "about")


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("en", "Russian forces captured a dozen villages.", 12),
        ("fr", "Les Russes ont pris une dizaine de villages.", 10),
        ("de", "Russische Truppen nahmen ein Dutzend Dörfer ein.", 12),
        ("uk", "Ворог захопив десяток сіл.", 10),
        ("ru", "Противник захватил десяток сел.", 10),
    ],
)
def test_numbers_in_words_are_read(language: str, text: str, count: int) -> None:
    """A dozen is twelve."""
    _, last = passage(text, language)
    (counted,) = quantities(last, language)
    assert (counted.value, counted.unit) == (count, "settlements")
