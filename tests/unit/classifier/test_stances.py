"""Who holds which position on talks: subjects, speakers, prices, mediators and traps."""

import pytest

from tocsin_classifier.domain.classify import classify
from tocsin_schemas.slots import StanceSlots
from unit.classifier.samples import article


def found(text: str, language: str) -> set[tuple[str, str]]:
    """The actor and stance of every stance in a text."""
    statements = classify(article(text, language=language))
    return {
        (s.slots.actor, str(s.slots.stance)) for s in statements if isinstance(s.slots, StanceSlots)
    }


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The Kremlin ruled out talks with Ukraine.", {("RU", "rejects")}),
        ("en", "Kyiv will negotiate with Moscow only if troops leave.", {("UA", "conditional")}),
        ("en", "Turkey offered to host talks between Russia and Ukraine.", {("TR", "mediates")}),
        ("en", "Moscow and Kyiv agreed on a ceasefire.", {("RU", "supports"), ("UA", "supports")}),
        ("fr", "Kiev se dit prête à négocier avec Moscou.", {("UA", "supports")}),
        ("fr", "La proposition de trêve a été rejetée par Moscou.", {("RU", "rejects")}),
        ("de", "Moskau lehnt eine Waffenruhe mit der Ukraine ab.", {("RU", "rejects")}),
        ("de", "Verhandlungen mit Russland schließt Selenskyj aus.", {("UA", "rejects")}),
        ("uk", "У Кремлі відкинули перемир'я з Україною.", {("RU", "rejects")}),
        ("uk", "Анкара пропонує майданчик для переговорів з росією.", {("TR", "mediates")}),
        ("ru", "Киев согласился на перемирие с Россией.", {("UA", "supports")}),
        ("ru", "Оснований для переговоров с Киевом нет — Кремль", {("RU", "rejects")}),
    ],
)  # fmt: skip
def test_a_position_is_read(language: str, text: str, expected: set[tuple[str, str]]) -> None:
    """A clause gives the position of its subject, or of whoever speaks."""
    assert found(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The former prime minister urged Ukraine to accept a ceasefire."),
        ("en", "If Ukraine agreed to a ceasefire, Russia could rearm."),
        ("en", "Germany supports Ukraine with new air defence systems."),
        ("fr", "L'ancien ministre a appelé l'Ukraine à négocier avec Moscou."),
        ("de", "Der frühere Kanzler rief die Ukraine zu Verhandlungen auf."),
        ("uk", "Експерт закликав Україну до переговорів з Росією."),
        ("ru", "Бывший посол призвал Киев к переговорам с Россией."),
        ("ru", "Если Киев согласится на перемирие, бои стихнут."),
    ],
)
def test_what_binds_no_state_is_no_position(language: str, text: str) -> None:
    """Former ministers, analysts, assumptions and arms deliveries are no stance."""
    assert found(text, language) == set()


def test_a_pronoun_stands_for_whoever_was_named_before() -> None:
    """A pronoun takes the leader of the sentence before."""
    text = "Zelensky spoke in Kyiv on Monday. He is ready for talks with Russia."
    assert found(text, "en") == {("UA", "supports")}


def test_two_positions_in_one_sentence_are_told_apart() -> None:
    """Each clause has its own subject."""
    text = "Kyiv accepted a ceasefire, but Moscow rejected any truce."
    assert found(text, "en") == {("UA", "supports"), ("RU", "rejects")}


def test_the_proposal_stands_for_the_topic_named_before() -> None:
    """A refusal of "the proposal" is about what the sentence before proposes."""
    text = "Kyiv proposed a ceasefire. The Kremlin dismissed the proposal."
    assert ("RU", "rejects") in found(text, "en")


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The Kremlin says it sees no reason to extend the truce.", {("RU", "rejects")}),
        ("en", "Europe will not accept a peace deal made without Ukraine.", {("EU", "rejects")}),
        ("en", "The foreign ministry in Moscow said talks can resume.", {("RU", "supports")}),
        ("fr", "Kiev n'exclut pas de négocier avec Moscou.", {("UA", "supports")}),
        ("fr", "L'Europe n'acceptera pas un accord de paix sans l'Ukraine.", {("EU", "rejects")}),
        ("de", "Kiew schließt Verhandlungen mit Moskau nicht aus.", {("UA", "supports")}),
        ("de", "Kiew ist zu Gesprächen mit Moskau noch nicht bereit.", {("UA", "rejects")}),
        ("de", "Das Weiße Haus will eine Waffenruhe in der Ukraine.", {("US", "supports")}),
        ("uk", "Росія не підтримала жодної пропозиції щодо перемир'я.", {("RU", "rejects")}),
        ("uk", "Білий дім хоче припинення вогню в Україні.", {("US", "supports")}),
        ("ru", "В Кремле не видят оснований продлевать перемирие.", {("RU", "rejects")}),
        ("ru", "Путин объявил перемирие на Украине.", {("RU", "supports")}),
        ("fr", "Paris ne montre aucune envie de négocier avec Moscou.", {("FR", "rejects")}),
    ],
)  # fmt: skip
def test_offices_and_double_negations(
    language: str, text: str, expected: set[tuple[str, str]]
) -> None:
    """An office speaks for its state, and a negation counts only where it is not the word's own."""
    assert found(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Is Russia ready for talks with Ukraine? The spokesman gave no answer."),
        ("en", '"Will Kyiv accept a ceasefire?" asked the journalist from Paris.'),
        ("fr", "« Kiev acceptera-t-il un cessez-le-feu ? », a demandé la présentatrice."),
        ("de", "Ist Russland zu Gesprächen mit der Ukraine bereit?, fragte eine Journalistin."),
        ("uk", "Чи готова Росія до переговорів з Україною? — запитала журналістка."),
        ("ru", "Готова ли Россия к переговорам с Украиной? — спросила журналистка."),
    ],
)
def test_a_question_is_no_position(language: str, text: str) -> None:
    """What is only asked nobody holds."""
    assert found(text, language) == set()


def test_a_refusal_with_its_own_object_is_not_of_the_first_verbs_topic() -> None:
    """The second verb of a clause may refuse something else."""
    text = "Zelensky agreed to a ceasefire with Russia and rejected giving up the Donbas."
    assert ("UA", "rejects") not in found(text, "en")
    assert ("UA", "supports") in found(text, "en")
