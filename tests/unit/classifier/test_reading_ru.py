"""Russian news as it is written: whose claim it is, what is over, what nobody called off."""

import pytest

from tocsin_classifier.domain.classify import classify
from tocsin_schemas.slots import ClaimSlots, StanceSlots, WarningSlots
from unit.classifier.samples import article

ATTRIBUTED = (
    "В Липецкой области объявлена опасность атаки БПЛА, сообщил губернатор в своём канале, "
    "призвав жителей сохранять спокойствие и следить за новостями."
)
"""An alarm in few words, and many about who says so."""


def read(text: str) -> set[tuple[str, ...]]:
    """What a text tells: who and what of claims and stances, phase and area of warnings."""
    told: set[tuple[str, ...]] = set()
    for statement in classify(article(text, "ru")):
        slots = statement.slots
        if isinstance(slots, ClaimSlots):
            told.add((slots.claimant or slots.loser or "-", str(slots.action)))
        elif isinstance(slots, StanceSlots):
            told.add((slots.actor, str(slots.stance)))
        elif isinstance(slots, WarningSlots):
            told |= {(str(slots.phase), place.code or "") for place in statement.places}
    return told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Украинские части были вынуждены отступить из Авдеевки.", {"RU", "UA"}),
        ("ВСУ вынуждены оставить город Угледар.", {"RU", "UA"}),
    ],
)
def test_a_forced_retreat_is_a_loss(text: str, expected: set[str]) -> None:
    """To have to leave is to leave."""
    assert {action for _, action in read(text)} == {"withdraw"}
    assert {who for who, _ in read(text)} <= expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Киев предлагает перемирие, на что Москва не согласна.", ("RU", "rejects")),
        ("Киев выразил готовность принять план перемирия с Россией.", ("UA", "supports")),
        ("Казахстан готов принять переговоры России и Украины.", ("KZ", "mediates")),
        ("Москва не рассматривает переговоры с Киевом.", ("RU", "rejects")),
    ],
)
def test_a_position_is_its_holders(text: str, expected: tuple[str, str]) -> None:
    """A relative clause has a subject of its own; to accept a plan is not to host talks."""
    assert expected in read(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            ATTRIBUTED,
            ("active", "RU-LIP"),
        ),
        ("Утром в Курской области объявляли ракетную опасность.", ("reported", "RU-KRS")),
        ("Ранее в Тульской области была угроза атаки БПЛА.", ("reported", "RU-TUL")),
        ("Под Брянском сработала система ПВО, сбит дрон.", ("reported", "RU-BRY")),
        ("В Калуге услышали взрывы.", ("reported", "RU-KLU")),
    ],
)
def test_what_is_over_is_told_from_what_is_on(text: str, expected: tuple[str, str]) -> None:
    """An alarm told of the past is never under way; who says so does not end it."""
    assert read(text) == {expected}


def test_the_aide_who_says_so_is_not_the_one_spoken_of() -> None:
    """After "according to his aide" the name in the clause is whom he will talk to."""
    text = "Зеленский ответил утром. По словам его помощника, он готов к переговорам с Москвой."
    assert ("RU", "supports") not in read(text)


@pytest.mark.parametrize(
    "text",
    [
        "Информация о взрывах в Белгороде не подтвердилась.",
        "Сведения о погибших в Шебекино не подтвердились.",
        "Опасность миновала: паводок в Курске идёт на спад.",
        "В Кремле отрицают, что Россия готова к перемирию.",
        "В Кремле не получали из Киева писем о готовности возобновить переговоры с Россией.",
        "После призыва Турции к переговорам России и Украины рубль вырос.",
        "Жители Курска покинули свои дома из-за паводка.",
    ],
)
def test_what_nobody_says_is_no_alert(text: str) -> None:
    """A rumour not confirmed is no all-clear; what is denied is nobody's position."""
    assert read(text) == set()
