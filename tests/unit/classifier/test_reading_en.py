"""How English papers tell of the war: their turns of phrase, and what only looks so."""

import pytest

from tocsin_classifier.domain.classify import classify
from unit.classifier.samples import article, told

READ = [
    (
        "Ukraine says it has retaken two villages near Orikhiv from Russian forces.",
        {"UA recapture"},
    ),
    (
        "Ukraine has liberated a village in Donetsk region in its push against Russian forces.",
        {"UA recapture"},
    ),
    ("The village of Robotyne is being fiercely contested, Ukraine's army said.", {"contested"}),
    ("Russia's latest ceasefire proposal was rejected by Ukraine.", {"UA rejects"}),
    ("Zelensky denounces Russia's peace proposal and calls for direct talks.", {"UA supports"}),
    (
        "France and the UK have offered a truce of one month in Ukraine.",
        {"FR supports", "GB supports"},
    ),
    ("Zelensky said there must be a ceasefire before talks with Russia.", {"UA conditional"}),
    ("Moscow and Kyiv exchanged two hundred prisoners.", {"RU supports", "UA supports"}),
]

SILENT = [
    "Ukrainian marines captured a number of Russian soldiers near Orikhiv.",
    "Washington suspended military aid to Kyiv as talks with Russia went on.",
    "Russia has not confirmed any villages near Orikhiv having been recaptured.",
    "The envoys met in Kyiv to advance peace and trade.",
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_a_turn_of_phrase_is_read(text: str, expected: set[str]) -> None:
    """Agencies' usual wordings give what they tell, and to whom a proposal belongs is seen."""
    assert told(text, "en") == expected


@pytest.mark.parametrize("text", SILENT)
def test_what_only_looks_like_it_is_left(text: str) -> None:
    """Prisoners, aid and claims not confirmed are nothing."""
    assert classify(article(text, "en")) == []
