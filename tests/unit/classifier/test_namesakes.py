"""Which of several places of one name a sentence about ground means."""

import pytest

from tocsin_classifier.domain.classify import classify
from tocsin_schemas.slots import ClaimSlots
from unit.classifier.samples import article


def _regions(text: str, language: str) -> list[str]:
    found = [s for s in classify(article(text, language)) if isinstance(s.slots, ClaimSlots)]
    return sorted({place.code or "" for s in found for place in s.places})


@pytest.mark.parametrize(
    ("language", "text", "region"),
    [
        ("de", "Russische Truppen haben Lyman eingenommen.", "UA-14"),
        ("de", "Orichiw bleibt unter ukrainischer Kontrolle.", "UA-23"),
        ("en", "Russian troops have captured Urozhaine.", "UA-14"),
        ("fr", "L'armée russe a pris la ville de Lyman.", "UA-14"),
        ("uk", "Російські війська захопили Оріхів.", "UA-23"),
    ],
)
def test_ground_changes_hands_at_the_front_alone(language: str, text: str, region: str) -> None:
    """Namesakes elsewhere, and words that are names too, do not stand in the way."""
    assert _regions(text, language) == [region]


def test_a_village_of_no_front_is_unknown() -> None:
    """Its name is another village's, which the gazetteer lacks: only the country is sure."""
    assert _regions("Russian troops have captured the village of Yablunivka.", "en") == ["UA"]


def test_a_name_that_many_villages_share_stays_open() -> None:
    """Of five or more of one name another one may be meant."""
    assert _regions("ВСУ зашли в Каменку и подняли над ней украинский флаг.", "ru") == ["UA"]


@pytest.mark.parametrize(
    ("language", "text", "region"),
    [
        ("ru", "Бойцы освободили населённые пункты Дальнее, Новоалексеевка и Ильинка ДНР.",
         "UA-14"),
        ("en", "Russian forces captured Pisky, Vodiane and Stepove in the Zaporizhzhia region.",
         "UA-23"),
        ("de", "Russische Truppen eroberten Stepowe und Nowe im Gebiet Saporischschja.", "UA-23"),
    ],
)  # fmt: skip
def test_the_region_at_the_end_of_a_list_is_that_of_all(
    language: str, text: str, region: str
) -> None:
    """Even where the gazetteer knows one of the names only elsewhere."""
    assert _regions(text, language) == [region]


def test_a_village_lies_near_the_town_named_beside_it() -> None:
    """Of two at the front the one near Bakhmut is in the Donetsk region."""
    assert _regions("Russian forces captured Ivanivske near Bakhmut.", "en") == ["UA-14"]


@pytest.mark.parametrize(
    ("language", "text", "region"),
    [
        ("uk", "Ворог просунувся на Покровському напрямку.", "UA-14"),
        ("uk", "Ворог просунувся на Оріхівському та Гуляйпільському напрямках.", "UA-23"),
        ("ru", "Наши бойцы улучшили позиции на авдеевском и краснолиманском направлениях.",
         "UA-14"),
        ("ru", "Российские войска продвинулись на Купянском направлении.", "UA-63"),
    ],
)  # fmt: skip
def test_sectors_of_the_front_lie_in_a_region(language: str, text: str, region: str) -> None:
    """An adjective of a town beside a word for front or direction."""
    assert _regions(text, language) == [region]


def test_regions_listed_with_asides_are_all_meant() -> None:
    """A word in brackets behind a region does not end the list."""
    text = "Les Russes ont avancé dans les régions de Dnipropetrovsk (centre) et de Zaporijjia."
    assert _regions(text, "fr") == ["UA-12", "UA-23"]


def test_a_city_of_the_name_is_not_meant_in_another_region() -> None:
    """The text says in which region the list lies."""
    text = "Российские военные освободили сёла Макеевка и Невское в Луганской области."
    assert _regions(text, "ru") == ["UA-09"]


def test_a_sectors_adjective_alone_is_no_place() -> None:
    """A surname or a church called so says nothing."""
    assert _regions("Військові Покровський і Бондар захопили позиції ворога.", "uk") in ([], ["UA"])


def test_a_capital_in_the_next_clause_is_no_ground() -> None:
    """Words such as "around" before a comma do not reach the government behind it."""
    text = "Russian forces captured a village in the Donetsk region, as Moscow advances slowly."
    assert _regions(text, "en") == ["UA-14"]
    text = (
        "Les forces russes ont pris un village aux alentours de Donetsk, alors que Moscou avance."
    )
    assert _regions(text, "fr") == ["UA-14"]


def test_a_government_whose_control_it_is_is_no_ground() -> None:
    """Under Kyiv's control lies the town, not the capital."""
    assert _regions("Shells fell on Toretsk, which is under Kyiv's control.", "en") == ["UA-14"]
