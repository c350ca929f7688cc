"""How French papers tell of the war: their turns of phrase, their spellings, and traps."""

import pytest

from tocsin_classifier.domain.classify import classify
from unit.classifier.samples import article, told

READ = [
    (
        "Les marines russes ont regagné du terrain près de Soudja, dans la région de Koursk.",
        {"RU advance"},
    ),
    ("Les Ukrainiens ont dû abandonner le village de Kourakhové.", {"UA lost"}),
    ("Selon le ministère russe, des combats se déroulaient déjà dans Vougledar.", {"contested"}),
    ("L'armée russe a pris le village de Robotyné.", {"RU capture"}),
    ("Moscou a annoncé qu'elle se retirait de l'accord céréalier avec l'Ukraine.", {"RU rejects"}),
    ("La trêve proposée par Kiev a été rejetée par Moscou.", {"UA supports", "RU rejects"}),
    ("Le Kremlin juge vide de sens toute négociation avec Kiev.", {"RU rejects"}),
    ("Zelensky s'est dit ouvert à des discussions directes avec Moscou.", {"UA supports"}),
    ("Kiev a parlé de paix, conditionnant les négociations à une trêve.", {"UA conditional"}),
    (
        "Moscou et Kiev ont échangé deux cents prisonniers samedi.",
        {"RU supports", "UA supports"},
    ),
    ("Les forces de défense aérienne sont à l'oeuvre au-dessus de Kiev.", {"active"}),
    ("Kiev a subi une attaque de drones dans la nuit.", {"reported"}),
    (
        "Emmanuel Macron et le chancelier allemand Olaf Scholz prônent une trêve à Kiev.",
        {"FR supports", "DE supports"},
    ),
]

SILENT = [
    "L'ennemi a repris ses attaques contre Pokrovsk avec de l'infanterie.",
    "Moscou a répété son exigence d'un retrait ukrainien de Kherson et de Zaporijjia.",
    "Washington a suspendu l'aide militaire à l'Ukraine pendant les négociations.",
    "La Russie, après s'être retirée de l'accord, menace la région d'Odessa.",
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_a_turn_of_phrase_is_read(text: str, expected: set[str]) -> None:
    """Agencies' usual wordings give what they tell."""
    assert told(text, "fr") == expected


@pytest.mark.parametrize("text", SILENT)
def test_what_only_looks_like_it_is_left(text: str) -> None:
    """Attacks resumed, demands, aid and deals left are no ground and no position."""
    assert classify(article(text, "fr")) == []
