"""How agencies and channels tell of ground taken, held and lost, and what only looks so."""

import pytest

from tocsin_classifier.domain.classify import classify
from tocsin_classifier.domain.forms import GAP_WORDS, WIDE_GAP_WORDS, split_form
from unit.classifier.samples import article, told

READ = [
    ("en", "Avdiivka falls to Russia after months of fighting.", {"RU capture"}),
    ("en", "Russian forces made marginal gains northwest of Kupiansk.", {"RU advance"}),
    ("en", "Kyiv says its army has cleared Russian troops from Kupiansk.", {"UA recapture"}),
    ("fr", "La région de Louhansk est entièrement contrôlée par les forces russes.", {"RU hold"}),
    (
        "de",
        (
            "Ukrainische Soldaten eroberten in den vergangenen Tagen nach Angaben des "
            "Generalstabs mehrere kleine Dörfer nordwestlich von Kupjansk zurück."
        ),
        {"UA recapture"},
    ),
    ("de", "Wuhledar fällt nach zwei Jahren an Russland.", {"RU capture"}),
    ("uk", "Бахмут упав.", {"RU capture"}),
    ("ru", "Бахмут пал.", {"RU capture"}),
    ("ru", "Штурмовые группы закрепились в северной части Торецка.", {"RU capture"}),
]

SILENT = [
    ("en", "Two of the injured were taken to hospital in Kharkiv."),
    ("en", "Ukraine works for the peaceful de-occupation of Crimea."),
    ("uk", "Уламки дрона впали у Києві."),
    ("uk", "Дрон упав на будинок у Харкові."),
    ("uk", "Противник зосереджує зусилля на недопущенні просування наших військ під Оріховом."),
    ("ru", "Падение обломков зафиксировано в Воронежской области."),
    ("ru", "Взятие Покровска откроет дорогу на Днепропетровск."),
]


@pytest.mark.parametrize(("language", "text", "expected"), READ)
def test_a_way_to_put_it_is_read(language: str, text: str, expected: set[str]) -> None:
    """Headlines, passives and verbs that end the sentence give what they tell."""
    assert told(text, language) == expected


@pytest.mark.parametrize(("language", "text"), SILENT)
def test_the_same_words_of_other_things_are_left(language: str, text: str) -> None:
    """Debris that falls, people taken to hospital, and what is only hoped for are no claims."""
    kinds = [s.alert_type for s in classify(article(text, language))]
    assert "territorial-claim" not in kinds


def test_a_wide_gap_reaches_further() -> None:
    """Two plus signs stand for more words than one."""
    assert split_form("nahm + ein") == [("nahm", GAP_WORDS), ("ein", GAP_WORDS)]
    assert split_form("nahm ++ ein")[1] == ("ein", WIDE_GAP_WORDS)
