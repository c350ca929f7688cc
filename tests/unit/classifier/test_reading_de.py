"""How German papers tell of the war: their turns of phrase, and what only looks so."""

import pytest

from tocsin_classifier.domain.classify import classify
from unit.classifier.samples import article, told

READ = [
    ("In Torezk wird weiter gekämpft, teilte der ukrainische Generalstab mit.", {"contested"}),
    ("Moskau stellt sich gegen eine Waffenruhe in der Ukraine.", {"RU rejects"}),
    ("Selenskyj: Putin will keine Waffenruhe", {"RU rejects"}),
    (
        "Die Ukraine, Polen und Frankreich pochen auf eine Waffenruhe vor Gesprächen mit Moskau.",
        {"UA conditional", "PL conditional", "FR conditional"},
    ),
    ("Deutschland hatte Russland am Montag zu einer Waffenruhe aufgefordert.", {"DE supports"}),
    (
        "Russland hat einen Vorschlag der Regierung in Kiew zu einer Waffenruhe zurückgewiesen.",
        {"RU rejects"},
    ),
    ("Moskau und Kiew haben hundert Gefangene ausgetauscht.", {"RU supports", "UA supports"}),
    (
        "Russland verweist auf den Vorschlag von Putin, direkte Verhandlungen zu führen.",
        {"RU supports"},
    ),
]

SILENT = [
    "Angriffe bei Kupjansk wurden nach Angaben der ukrainischen Armee zurückgeschlagen.",
    "Washington hat die Militärhilfe ausgesetzt, um Kiew unter Druck zu setzen.",
    "Um den Haushalt der Stadt Kiew wird noch gestritten.",
    "Der Verein aus Charkiw tauschte zwei Spieler aus.",
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_a_turn_of_phrase_is_read(text: str, expected: set[str]) -> None:
    """Agencies' usual wordings give what they tell, whoever stands next to the verb."""
    assert told(text, "de") == expected


@pytest.mark.parametrize("text", SILENT)
def test_what_only_looks_like_it_is_left(text: str) -> None:
    """Ground attacks repelled, aid, budgets and players are nothing."""
    assert classify(article(text, "de")) == []
