"""What a place name means where it stands."""

import pytest

from tocsin_classifier.domain.places import context_region, places, regions_of
from unit.classifier.samples import passage


def _codes(text: str, language: str) -> list[str | None]:
    reading, last = passage(text, language)
    return [found.place.code for found in places(reading, last)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "Des drones ont visé la ville de Kiev.", ["UA-30"]),
        ("fr", "Des drones ont visé les environs de Kiev.", ["UA-32"]),
        ("fr", "Des drones ont visé les régions de Tcherkassy et Poltava.", ["UA-71", "UA-53"]),
        ("en", "Drones hit the Sumy and Kharkiv regions.", ["UA-59", "UA-63"]),
        ("de", "Drohnen trafen die Region Kursk.", ["RU-KRS"]),
        ("uk", "БпЛА на Київщині та Черкащині.", ["UA-32", "UA-71"]),
        ("ru", "БПЛА сбиты над Тульской, Рязанской и Орловской областями.",
         ["RU-TUL", "RU-RYA", "RU-ORL"]),
        ("uk", "Ракети на Полтаву.", ["UA-53"]),
    ],
)  # fmt: skip
def test_names_resolve_to_regions(language: str, text: str, expected: list[str]) -> None:
    """Towns, their surroundings, lists headed or closed by a word for region, adjectives."""
    assert _codes(text, language) == expected


def test_a_town_of_the_region_is_of_the_region_level() -> None:
    """In a list headed by "regions" a town's name means its region."""
    reading, last = passage("Des drones ont visé les régions de Soumy et Poltava.")
    assert [found.place.level for found in places(reading, last)] == ["region", "region"]


def test_the_only_region_before_is_the_context() -> None:
    """A sentence without a place takes it; of two there is none."""
    reading, last = passage("Combats dans la région de Soumy. Ils ont pris un village.")
    found = context_region(reading, last)
    assert found is not None
    assert found.found.place.code == "UA-59"
    assert found.found.place.basis == "context"
    reading, last = passage("Combats près de Soumy et près de Poltava. Ils ont pris un village.")
    assert context_region(reading, last) is None


def test_ukraine_has_27_regions() -> None:
    """A warning for the whole country is spread over all of them."""
    assert len({place.code for place in regions_of("UA")}) == 27
