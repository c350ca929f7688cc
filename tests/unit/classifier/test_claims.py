"""Territorial claims in five languages: who takes, holds or loses which ground."""

from datetime import UTC, datetime

import pytest

from tocsin_classifier.domain.classify import classify
from tocsin_schemas.slots import ClaimSlots
from tocsin_schemas.statement import Statement
from tocsin_schemas.vocabulary import EvidenceRole
from unit.classifier.samples import article

NOON = datetime(2024, 8, 20, 9, 0, tzinfo=UTC)


def claims(text: str, language: str, *, published_at: datetime | None = NOON) -> list[Statement]:
    """The claims of a text."""
    found = classify(article(text, language, published_at=published_at))
    return [s for s in found if isinstance(s.slots, ClaimSlots)]


def told(text: str, language: str) -> list[tuple[str | None, str | None, str, list[str]]]:
    """Claimant, loser, action and regions of each claim of a text."""
    return [
        (
            s.slots.claimant,
            s.slots.loser,
            str(s.slots.action),
            sorted({p.code or "" for p in s.places}),
        )
        for s in claims(text, language)
        if isinstance(s.slots, ClaimSlots)
    ]


@pytest.mark.parametrize(
    ("language", "text", "claimant", "action", "region"),
    [
        ("en", "Russian troops have captured the town of Vuhledar.", "RU", "capture", "UA-14"),
        ("en", "Ukrainian forces hold the city of Kupiansk.", "UA", "hold", "UA-63"),
        ("fr", "Les forces russes ont pris la ville de Vouhledar.", "RU", "capture", "UA-14"),
        ("fr", "La ville de Koupiansk reste sous contrôle ukrainien.", "UA", "hold", "UA-63"),
        ("de", "Russische Truppen haben Wuhledar erobert.", "RU", "capture", "UA-14"),
        ("de", "Kupjansk steht unter Kontrolle der Ukrainer.", "UA", "hold", "UA-63"),
        ("uk", "Російські війська захопили місто Вугледар.", "RU", "capture", "UA-14"),
        ("uk", "Місто Куп'янськ залишається під контролем України.", "UA", "hold", "UA-63"),
        ("ru", "Российские войска взяли под контроль Угледар.", "RU", "capture", "UA-14"),
        ("ru", "ВСУ удерживают город Купянск.", "UA", "hold", "UA-63"),
    ],
)
def test_the_taker_is_told_from_the_speaker_and_the_ground(
    language: str, text: str, claimant: str, action: str, region: str
) -> None:
    """Active and passive, in each language."""
    assert told(text, language) == [(claimant, None, action, [region])]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "The Russian army said it had liberated the town: Russian troops liberated Vuhledar.",
        ),
        ("de", "Der Truppenverband «Süd» hat die Stadt Wuhledar «befreit»."),
        ("ru", "Российские войска освободили город Угледар."),
    ],
)
def test_a_liberation_of_the_others_land_is_a_capture(language: str, text: str) -> None:
    """The doer's own framing counts only for its own land."""
    assert [(c, a) for c, _, a, _ in told(text, language)] == [("RU", "capture")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Russian troops will capture the town of Vuhledar."),
        ("en", "Russian forces failed to capture Vuhledar."),
        ("en", "Ukraine's forces captured the town of Vuhledar in 2014."),
        ("fr", "Les forces russes veulent s'emparer de Vouhledar."),
        ("fr", "La prise de Vouhledar ouvrirait la route aux forces russes."),
        ("de", "Die ukrainischen Truppen müssten aus Cherson abgezogen werden."),
        ("de", "Russische Truppen wollen Wuhledar erobern."),
        ("uk", "Ворог намагався захопити місто Вугледар."),
        ("ru", "Чиновник Херсонской области освобождён от должности."),
        ("ru", "Противник планирует взять под контроль Купянск."),
        ("fr", "La chute d'un drone a endommagé une maison à Kherson."),
        ("en", "The army of Syria captured the city, not far from the Russian base."),
    ],
)
def test_what_did_not_happen_is_no_claim(language: str, text: str) -> None:
    """Plans, failed attempts, demands, background, other wars and other meanings of the words."""
    assert told(text, language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Kiev dément la prise de Myrnohrad par les forces russes."),
        ("en", "Kyiv denied that Russian troops had captured Myrnohrad."),
    ],
)
def test_a_denial_by_a_side_is_its_own_hold(language: str, text: str) -> None:
    """The rival's claim is denied, and nobody says that he took it."""
    (claim,) = claims(text, language)
    assert isinstance(claim.slots, ClaimSlots)
    assert (claim.slots.claimant, claim.slots.action, claim.slots.assertion) == (
        "UA",
        "hold",
        "denied",
    )
    assert {voice.side for voice in claim.slots.voices} == {"UA"}


def test_a_loss_names_no_winner_that_the_text_does_not_name() -> None:
    """Own troops that leave an own town: who came is not told."""
    assert told("Ukrainian troops withdrew from Vuhledar.", "en") == [
        (None, "UA", "withdraw", ["UA-14"])
    ]


def test_a_loss_beside_the_rivals_gain_is_his() -> None:
    """The article says who came."""
    text = "Ukrainian troops withdrew from Vuhledar. Russian forces captured the town of Vuhledar."
    assert {(c, a) for c, _, a, _ in told(text, "en")} == {("RU", "withdraw"), ("RU", "capture")}


def test_the_ground_is_what_the_word_governs() -> None:
    """Neither the speaker's town nor a direction nor an army's name is the place of a claim."""
    text = "Nach Angaben aus Moskau haben russische Truppen Wuhledar im Gebiet Donezk erobert."
    assert [regions for *_, regions in told(text, "de")] == [["UA-14"]]


def test_a_repetition_without_a_place_joins_the_claim_that_has_one() -> None:
    """One key, one statement."""
    text = (
        "Russian troops captured Vuhledar on Monday. "
        "The Russian troops captured the town after months of fighting."
    )
    assert [regions for *_, regions in told(text, "en")] == [["UA-14"]]


def test_annexed_crimea_is_background_but_whose_it_is_is_news() -> None:
    """The act is of 2014; a word on whose land it is counts."""
    assert told("The annexation of Crimea by Russia worries the neighbours.", "en") == []
    assert told("Crimea was and will remain Ukrainian.", "en") == [
        ("UA", None, "sovereignty", ["UA-43"])
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Russia's Defence Ministry denied that Ukrainian troops control Sudzha."),
        (
            "fr",
            "Moscou dément que les forces ukrainiennes contrôlent Soudja.",
        ),
        (
            "de",
            "Moskau bestritt, dass ukrainische Truppen Sudscha kontrollieren.",
        ),
        ("uk", "Міноборони Росії спростувало, що українські війська контролюють Суджу."),
        ("ru", "Минобороны России опровергло, что украинские войска контролируют Суджу."),
    ],
)
def test_an_enemy_hold_that_a_side_denies_is_its_own(language: str, text: str) -> None:
    """The denied claim is put into nobody's mouth."""
    assert told(text, language) == [("RU", None, "hold", ["RU-KRS"])]


@pytest.mark.parametrize(
    "text",
    [
        "Kyiv denied the report, saying that its troops still hold Sudzha.",
        "Moscow denied the strike on the depot while Ukrainian troops hold Sudzha.",
    ],
)
def test_a_hold_that_only_stands_beside_a_denial_is_not_denied(text: str) -> None:
    """It is the holder's, whoever denies something else."""
    assert told(text, "en") == [("UA", None, "hold", ["RU-KRS"])]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        # An adjective beside a noun of gaining, not the one who reports it.
        ("de", "Kiew: Russische Geländegewinne bei Pokrowsk", ("RU", "advance")),
        ("fr", "Kiev admet l'avancée des troupes de Moscou près de Bakhmout.", ("RU", "advance")),
        # A word in scare quotes ends no clause.
        ("de", "Ukrainische Soldaten hätten das Dorf Robotyne «befreit», hieß es.",
         ("UA", "recapture")),
        # Those who held it before are no takers.
        ("uk", "На Сумщині вже звільнено шість захоплених росіянами сіл.", ("UA", "recapture")),
        ("de", "In der Region Donezk sind drei von Russland besetzte Orte zurückerobert worden.",
         ("UA", "recapture")),
        ("fr", "Vingt villages ont été repris aux Russes près d'Izioum.", ("UA", "recapture")),
        # Those who are fought against do not act.
        ("en", "Ukrainian troops struck at Russian soldiers near Kupiansk, retaking two villages.",
         ("UA", "recapture")),
        # A border or a clause about whose control it is names no taker.
        ("de", "Ukrainische Truppen sind bei Woltschansk bis zur russischen Grenze vorgestoßen.",
         ("UA", "advance")),
        ("fr", "Izioum retourne sous le contrôle de Kiev.", ("UA", "recapture")),
        ("de", "Wuhledar wird von Beobachtern der Ukraine als russisch kontrolliert eingestuft.",
         ("RU", "hold")),
        # Pushed back by a distance is gained, driven out is taken.
        ("fr", "Kiev dit avoir repoussé les Russes de cinq kilomètres près de Kherson.",
         ("UA", "advance")),
        ("de", "Die russischen Soldaten wurden aus Robotyne vertrieben.", ("UA", "recapture")),
    ],
)  # fmt: skip
def test_the_claim_is_not_put_in_the_wrong_mouth(
    language: str, text: str, expected: tuple[str, str]
) -> None:
    """Who gains is told from those who report, held it before, or are fought against."""
    assert expected in [(claimant, action) for claimant, _, action, _ in told(text, language)]
    assert {claimant for claimant, *_ in told(text, language)} == {expected[0]}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Moscow announced strikes on recaptured towns in the Kharkiv region."),
        ("en", "The Russian ministry has not confirmed the retreat from Robotyne."),
        ("de", "Das Ministerium hat die Einnahme von Robotyne bislang nicht bestätigt."),
        ("fr", "Moscou n'a pas confirmé la prise de Robotyne."),
        ("en", "Wanted: to recognise Crimea, which Russia annexed in 2014, as part of Russia."),
    ],
)
def test_what_is_told_in_passing_or_not_confirmed_is_no_claim(language: str, text: str) -> None:
    """Nobody says there that ground changed hands."""
    assert told(text, language) == []


def test_a_repelled_attack_does_not_deny_the_gain_beside_it() -> None:
    """The second verb has its own clause."""
    text = "Ukrainian troops repelled two attacks and retook Robotyne."
    assert [(c, a) for c, _, a, _ in told(text, "en")] == [("UA", "recapture")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Russian troops captured Vuhledar, their largest gain since May 2023."),
        ("de", "Russen haben Wuhledar eingenommen; im Norden liegt das im Mai geräumte Marjinka."),
    ],
)  # fmt: skip
def test_a_date_of_another_clause_makes_no_background(language: str, text: str) -> None:
    """A comparison with "since", or a half sentence behind a semicolon, dates something else."""
    assert [(c, a) for c, _, a, _ in told(text, language)] == [("RU", "capture")]


def test_a_split_verb_of_saying_keeps_its_speaker() -> None:
    """German "teilte ... mit" has the speaker between its parts."""
    text = "Wuhledar sei eingenommen worden, teilte das russische Verteidigungsministerium mit."
    (claim,) = claims(text, "de")
    assert isinstance(claim.slots, ClaimSlots)
    assert [voice.side for voice in claim.slots.voices] == ["RU"]


def test_whose_troops_leave_the_others_land_give_it_back() -> None:
    """The land's own side is the claimant; of their own land nobody is told to gain it."""
    assert told("Russian troops withdrew from Kupiansk.", "en")[0][:3] == ("UA", "RU", "withdraw")
    assert told("Ukrainian troops withdrew from Vuhledar.", "en")[0][:3] == (None, "UA", "withdraw")


def test_the_voice_has_its_own_evidence() -> None:
    """Who says so is shown by words of the text."""
    text = "Selon Volodymyr Zelensky, les forces ukrainiennes ont repris la ville de Koupiansk."
    (claim,) = claims(text, "fr")
    assert EvidenceRole.ATTRIBUTION in {piece.role for piece in claim.evidence}
    assert isinstance(claim.slots, ClaimSlots)
    (voice,) = claim.slots.voices
    assert (voice.name, voice.side) == ("Volodymyr Zelensky", "UA")


def test_a_claim_dated_long_before_its_article_is_background() -> None:
    """More than a month: no news."""
    text = "On 3 March Russian troops captured the city of Kherson."
    assert told(text, "en") == []
    assert claims(text, "en", published_at=datetime(2024, 3, 5, tzinfo=UTC))
