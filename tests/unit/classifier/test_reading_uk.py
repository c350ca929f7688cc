"""Ukrainian news as it is written: whose claim it is, what is over, what nobody called off."""

import pytest

from tocsin_classifier.domain.classify import classify
from tocsin_schemas.slots import ClaimSlots, StanceSlots, WarningSlots
from unit.classifier.samples import article


def read(text: str) -> set[tuple[str, ...]]:
    """What a text tells: who and what of claims and stances, phase and area of warnings."""
    told: set[tuple[str, ...]] = set()
    for statement in classify(article(text, "uk")):
        slots = statement.slots
        if isinstance(slots, ClaimSlots):
            told.add((slots.claimant or "-", slots.loser or "-", str(slots.action)))
        elif isinstance(slots, StanceSlots):
            told.add((slots.actor, str(slots.stance)))
        elif isinstance(slots, WarningSlots):
            told |= {(str(slots.phase), place.code or "") for place in statement.places}
    return told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "ЗСУ спинили просування російських військ і продовжують утримувати місто Куп'янськ.",
            ("UA", "-", "hold"),
        ),
        ("Українські підрозділи змушені були відійти з Авдіївки.", ("RU", "UA", "withdraw")),
        ("Наші бригади відвойовують територію на Сумщині.", ("UA", "-", "recapture")),
    ],
)
def test_a_claim_is_the_doers(text: str, expected: tuple[str, str, str]) -> None:
    """The side that acts is told from the one whose advance it stops."""
    assert {(told[0], told[2]) for told in read(text)} <= {
        (expected[0], expected[2]),
        ("-", expected[2]),
    }
    assert read(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Київ наполягає на перемир'ї, на що Москва не погоджується.", ("RU", "rejects")),
        ("Київ і Москва домовилися про обмін полоненими.", ("UA", "supports")),
        ("Єгипет готовий прийняти переговори України та Росії.", ("EG", "mediates")),
    ],
)
def test_a_position_is_its_holders(text: str, expected: tuple[str, str]) -> None:
    """A relative clause has a subject of its own; to receive talks is to host them."""
    assert expected in read(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Уранці в Чернігові було чути кілька гучних вибухів.", ("reported", "UA-74")),
        ("У Черкаській області сигнал триває з півночі.", ("active", "UA-71")),
        ("Зранку в Полтаві оголошували ракетну небезпеку.", ("reported", "UA-53")),
        ("Раніше повідомляли про загрозу дронів для Сумської області.", ("reported", "UA-59")),
    ],
)
def test_what_is_over_is_told_from_what_is_on(text: str, expected: tuple[str, str]) -> None:
    """An alarm told of the past is never under way."""
    assert read(text) == {expected}


@pytest.mark.parametrize(
    "text",
    [
        "Інформація про влучання в Одесі не підтвердилася.",
        "Це чисто українська мова, кажуть у Полтаві.",
        "Загрози немає: радіаційний фон у Запоріжжі звичайний.",
        "Окупанти закріплюють владу на раніше захоплених землях Херсонщини.",
        "У Москві заперечили, що Росія готова до перемир'я.",
        "Після заклику Туреччини до переговорів України з Росією ціни впали.",
        "У Києві не отримували жодних листів про готовність Росії до перемир'я.",
        "Мешканці Сум покинули свої домівки через повінь.",
    ],
)
def test_what_nobody_says_is_no_alert(text: str) -> None:
    """A rumour not confirmed is no all-clear; what is denied is nobody's position."""
    assert read(text) == set()
