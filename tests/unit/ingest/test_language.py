"""The language is one of five or undetermined; a caller who names it is believed."""

import pytest

from tocsin_ingest.domain.language import Identify, detect_language, read_language
from tocsin_ingest.identifier import load_identifier


@pytest.fixture(scope="module")
def identify() -> Identify:
    return load_identifier()


@pytest.mark.parametrize(
    ("given", "read"),
    [("uk", "uk"), ("uk-UA", "uk"), ("UKR", "uk"), ("fr_FR", "fr"), ("deu", "de"), ("pl", None)],
)
def test_a_named_language_is_read_as_people_write_it(given: str, read: str | None) -> None:
    """Regions and three-letter codes are understood; others do not count as named."""
    assert read_language(given) == read


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The air force reports drones over the northern region since midnight."),
        ("de", "Die Luftwaffe meldet seit Mitternacht Drohnen über der nördlichen Region."),
        ("fr", "L'armée de l'air signale des drones au-dessus de la région depuis minuit."),
        ("uk", "Повітряні сили повідомляють про дрони над північчю області з опівночі."),
        ("ru", "Военные сообщают о беспилотниках над севером области с полуночи."),
        ("uk", "Відбій!"),
        ("ru", "Объявлен отбой"),
        ("uk", "🔴 https://t.example/xyz @channel #alert Увага! Ракета на область, в укриття!"),
        ("und", "12:45 🔴🔴 +380"),
        ("und", ("Rosyjskie drony zaatakowały w nocy obwód sumski, poinformowała administracja "
                "wojskowa. W kilku miejscowościach doszło do przerw w dostawie prądu.")),
        ("und", ("Руските сили атакуваха с дронове областта през нощта, съобщи военната "
                "администрация. В няколко населени места има прекъсване на тока.")),
    ],
)  # fmt: skip
def test_texts_of_five_languages_are_told_apart(
    language: str, text: str, identify: Identify
) -> None:
    """Short posts by the letters they use; what is none of the five is not forced into one."""
    assert detect_language("", text, identify) == language
