"""Which warnings a text gives: for which areas, in which phase, of what."""

import pytest

from tocsin_classifier.domain.scan import read
from tocsin_classifier.domain.warnings import warnings
from tocsin_schemas.slots import WarningSlots
from unit.classifier.samples import article

Told = tuple[str, frozenset[str], str]


def told(text: str, language: str) -> set[Told]:
    """Phase, areas and threat of each warning of a text."""
    found = read(article(text, language))
    drafts = warnings(found) if found else []
    return {
        (str(d.slots.phase), frozenset(p.code or "" for p in d.places), str(d.slots.threat))
        for d in drafts
        if isinstance(d.slots, WarningSlots)
    }


def one(phase: str, regions: str, threat: str) -> set[Told]:
    return {(phase, frozenset(regions.split()), threat)}


ACTIVE = [
    ("en", "Air raid alert in Poltava region.", "UA-53", "unknown"),
    ("en", "Drones heading for Uman.", "UA-71", "drone"),
    ("en", "Ballistic threat for Mykolaiv region.", "UA-48", "ballistic"),
    ("fr", "Alerte aérienne dans la région de Poltava.", "UA-53", "unknown"),
    ("fr", "Missiles de croisière en direction de Vinnytsia.", "UA-05", "missile"),
    ("de", "Luftalarm im Gebiet Poltawa.", "UA-53", "unknown"),
    ("de", "Gleitbomben auf Kramatorsk, in Deckung!", "UA-14", "guided_bomb"),
    ("uk", "Повітряна тривога на Полтавщині.", "UA-53", "unknown"),
    ("uk", "Два шахеди курсом на Умань.", "UA-71", "drone"),
    ("uk", "Загроза балістики: Миколаївська область.", "UA-48", "ballistic"),
    ("ru", "В Тульской области объявлена беспилотная опасность.", "RU-TUL", "drone"),
    ("ru", "Ракетная опасность в Орловской области.", "RU-ORL", "missile"),
    ("ru", "Над Белгородом работает система ПВО.", "RU-BEL", "unknown"),
]

ENDED = [
    ("en", "The threat is over in Poltava region.", "UA-53"),
    ("fr", "Fin de l'alerte dans la région de Poltava.", "UA-53"),
    ("de", "Der Luftalarm in Poltawa ist aufgehoben.", "UA-53"),
    ("uk", "Відбій тривоги: Полтавська область.", "UA-53"),
    ("uk", "Загроза на Полтавщині не підтвердилась.", "UA-53"),
    ("ru", "Отбой ракетной опасности в Орловской области.", "RU-ORL"),
    ("ru", "В Туле отменена угроза удара БПЛА.", "RU-TUL"),
]

REPORTED = [
    ("en", "Drones struck a depot in Poltava overnight.", "UA-53", "drone"),
    ("en", "Air raid sirens sounded in Lutsk all night.", "UA-07", "unknown"),
    ("fr", "Des explosions ont retenti cette nuit à Loutsk.", "UA-07", "unknown"),
    ("fr", "Trois missiles ont frappé Poltava mardi matin.", "UA-53", "missile"),
    ("de", "In Luzk waren in der Nacht Explosionen zu hören.", "UA-07", "unknown"),
    ("de", "Über der Region Tula wurden neun Drohnen abgeschossen.", "RU-TUL", "drone"),
    ("uk", "Уночі над Полтавщиною збили сім шахедів.", "UA-53", "drone"),
    ("uk", "Тривога в Луцьку тривала три години.", "UA-07", "unknown"),
    ("ru", "Ночью над Тульской областью сбиты девять беспилотников.", "RU-TUL", "drone"),
]

NOTHING = [
    ("en", "Since January, drones have been shot down over Poltava 300 times."),
    ("en", "The city of Lutsk will hold an air raid drill."),
    ("fr", "Depuis le début de l'année, Poltava a été visée par 300 drones."),
    ("fr", "Berlin livrera à Kiev des systèmes contre les missiles."),
    ("de", "Die Drohnenangriffe der vergangenen Monate auf Poltawa zeigen es."),
    ("de", "Berlin überlässt Kiew Systeme zur Abwehr von Raketen."),
    ("uk", "З початку року над Полтавщиною збили 300 шахедів."),
    ("uk", "Завтра в Луцьку перевірка сирен."),
    ("ru", "За год над Тульской областью сбили 300 беспилотников."),
    ("ru", "Оператор БПЛА уничтожил гаубицу под Суджей."),
    ("ru", "Артиллерия обстреляла Купянск."),
]


@pytest.mark.parametrize(("language", "text", "regions", "threat"), ACTIVE)
def test_what_is_on_is_active(language: str, text: str, regions: str, threat: str) -> None:
    """An alarm, a threat under way and air defence at work hold now."""
    assert told(text, language) == one("active", regions, threat)


@pytest.mark.parametrize(("language", "text", "regions"), ENDED)
def test_an_all_clear_ends_it(language: str, text: str, regions: str) -> None:
    """Called off, over and not confirmed are all-clears."""
    assert {(p, r) for p, r, _ in told(text, language)} == {("ended", frozenset(regions.split()))}


@pytest.mark.parametrize(("language", "text", "regions", "threat"), REPORTED)
def test_what_is_over_is_reported(language: str, text: str, regions: str, threat: str) -> None:
    """A past tense or a night that is over never gives an active warning."""
    assert told(text, language) == one("reported", regions, threat)


@pytest.mark.parametrize(("language", "text"), NOTHING)
def test_traps_give_nothing(language: str, text: str) -> None:
    """Statistics, drills, deliveries, drone crews and artillery alone are no warnings."""
    assert told(text, language) == set()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Air raid alert in Lutsk. Stay in the shelters until the all-clear."),
        ("fr", "Alerte aérienne à Loutsk. Restez aux abris jusqu'à la fin de l'alerte."),
        ("de", "Luftalarm in Luzk. Bis zur Entwarnung in den Schutzräumen bleiben!"),
        ("uk", "Повітряна тривога в Луцьку. Пройдіть в укриття та чекайте на відбій."),
        ("ru", "Ракетная опасность в Туле. Спуститесь в подвал до сигнала отбоя."),
    ],
)
def test_an_awaited_all_clear_is_none(language: str, text: str) -> None:
    """What is still awaited calls nothing off."""
    assert {phase for phase, _, _ in told(text, language)} == {"active"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The alert was lifted in Poltava, sirens are wailing in Lutsk."),
        ("fr", "L'alerte est levée à Poltava ; les sirènes hurlent à Loutsk."),
        ("de", "Für Poltawa gibt es Entwarnung, in Luzk gilt der Alarm weiter."),
        ("uk", "На Полтавщині відбій, у Луцьку тривога ще триває."),
        ("ru", "В Полтаве отбой тревоги, в Луцке тревога продолжается."),
    ],
)
def test_a_partial_all_clear_keeps_the_rest_on(language: str, text: str) -> None:
    """An all-clear for one area leaves the alarm of another."""
    assert {(p, r) for p, r, _ in told(text, language)} == {
        ("ended", frozenset({"UA-53"})),
        ("active", frozenset({"UA-07"})),
    }


def test_a_list_of_areas_follows_its_heading() -> None:
    """The lines under a heading that ends in a colon are its areas."""
    text = "Повітряна тривога в областях:\n- Сумська область\n- Полтавська область"
    assert told(text, "uk") == one("active", "UA-59 UA-53", "unknown")


def test_the_launch_site_does_not_count() -> None:
    """A bomber's airfield in Russia is not under attack; the whole of Ukraine is warned."""
    text = "All of Ukraine is under air raid alert after a MiG-31K took off from Savasleyka."
    assert {r for _, r, _ in told(text, "en")} == {frozenset({"UA"})}


def test_a_capital_that_attacks_is_its_government() -> None:
    """Kyiv in front of the verb strikes, it is not struck."""
    assert told("Kyiv attacked Belgorod with drones.", "en") == one("reported", "RU-BEL", "drone")


def test_a_city_and_its_region_are_two_areas() -> None:
    """A capital beside its oblast stays a region of its own."""
    text = "Уночі ворог атакував Київ та Київщину ракетами."
    assert told(text, "uk") == one("reported", "UA-30 UA-32", "missile")


def test_a_ballistic_missile_is_one_weapon() -> None:
    """The general word beside the exact one makes no mixture."""
    text = "Дві балістичні ракети влучили вночі в Полтаву."
    assert told(text, "uk") == one("reported", "UA-53", "ballistic")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Air raid alert in Kyiv. The alert has been cancelled."),
        ("en", "Sirens are sounding in Kyiv. Later the all-clear was given in Kyiv."),
        ("fr", "Alerte aérienne à Kiev. L'alerte est levée."),
        ("de", "Luftalarm in Kiew. Der Alarm wurde aufgehoben."),
        ("uk", "Повітряна тривога в Києві. Відбій тривоги."),
        ("ru", "Воздушная тревога в Киеве. Отбой тревоги."),
    ],
)
def test_an_alarm_called_off_later_is_over(language: str, text: str) -> None:
    """An all-clear takes back the alarm of its area told before it."""
    assert {(p, r) for p, r, _ in told(text, language)} == {("ended", frozenset({"UA-30"}))}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            (
                "Sirens are sounding in Sumy and Poltava regions. All clear in Poltava region, the "
                "alert in Sumy region remains in force."
            ),
        ),
        (
            "uk",
            (
                "Тривога у Сумській та Полтавській областях. На Полтавщині відбій, на Сумщині "
                "тривога триває."
            ),
        ),
        (
            "ru",
            (
                "Тревога в Сумской и Полтавской областях. В Полтавской области отбой, в Сумской "
                "области тревога продолжается."
            ),
        ),
    ],
)
def test_an_all_clear_leaves_the_other_areas_on(language: str, text: str) -> None:
    """An alarm for two areas goes on for the one that the all-clear does not name."""
    assert {(p, r) for p, r, _ in told(text, language)} == {
        ("ended", frozenset({"UA-53"})),
        ("active", frozenset({"UA-59"})),
    }


def test_an_alarm_after_an_all_clear_is_on() -> None:
    """The order of the text counts: sirens that sound again are no old alarm."""
    text = "У Луцьку відбій тривоги. У Луцьку знову повітряна тривога."
    assert {p for p, _, _ in told(text, "uk")} == {"ended", "active"}


def test_the_clock_counts_more_than_the_order() -> None:
    """A log with the latest line on top calls off what stands below it."""
    text = "22:05 Відбій тривоги в Луцьку.\n21:10 Повітряна тривога в Луцьку."
    assert {p for p, _, _ in told(text, "uk")} == {"ended"}


def test_an_alarm_told_of_the_past_is_no_second_warning() -> None:
    """An alarm that is over beside its all-clear says nothing more, in whatever order."""
    text = (
        "Опасность БПЛА в Курской области отменена. "
        "Опасность БПЛА объявлялась в 00:27 в Курской области."
    )
    assert {p for p, _, _ in told(text, "ru")} == {"ended"}


def test_an_all_clear_for_drones_leaves_the_danger_of_missiles() -> None:
    """An all-clear for one threat ends no alarm for another."""
    text = "Ракетная опасность в Курской области. Отбой опасности БПЛА в Курской области."
    assert {(p, t) for p, _, t in told(text, "ru")} == {("active", "missile"), ("ended", "drone")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "Повітряну тривогу у Вінниці оголосили о 09:08, і ракети влучили у склад."),
        ("ru", "Воздушную тревогу в Виннице объявили в 09:08, а потом ракеты попали в склад."),
    ],
)
def test_an_alarm_told_with_its_attack_is_an_account(language: str, text: str) -> None:
    """An alarm with its clock time beside what then struck is over."""
    assert told(text, language) == one("reported", "UA-05", "missile")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Reports of a missile strike on Chernivtsi are false."),
        ("en", "The governor denied that drones had struck Uzhhorod overnight."),
        ("en", "The sirens in Lviv this morning were only a test of the warning system."),
        ("en", "Today marks three years since the missile strike on Kramatorsk."),
        ("en", "In her poem the sirens of Kharkiv sing like birds."),
        ("en", "Sirens went off in Haifa; the ambassador in Kyiv expressed sympathy."),
        ("en", "Were there explosions in Kharkiv last night?"),
        ("fr", "Les informations sur une frappe de missile à Jytomyr sont fausses."),
        ("fr", "Le gouverneur dément toute attaque de drones contre Oujhorod."),
        ("fr", "Mercredi, la ville de Ternopil testera ses sirènes d'alerte aérienne."),
        ("fr", "Moscou accuse Kiev d'une attaque de drones."),
        ("de", "Berichte über einen Raketenangriff auf Tscherniwzi seien falsch."),
        ("de", "Die Sirenen in Lwiw am Morgen waren nur ein Probealarm."),
        ("de", "Vor zwei Jahren traf eine Rakete das Einkaufszentrum in Krementschuk."),
        ("uk", "Голова ОВА спростував атаку дронів на Ужгород."),
        ("uk", "У середу в Тернополі перевірятимуть сирени повітряної тривоги."),
        ("uk", "Сьогодні третя річниця ракетного удару по Краматорську."),
        ("uk", "Решта неба над Полтавщиною — чисто? Мапа тривог показує сирени в Україні."),
        ("ru", "Взрывов в Житомире не было, вопреки сообщениям каналов."),
        ("ru", "Губернатор опроверг атаку беспилотников на Тулу."),
        ("ru", "Два года назад ракета попала в торговый центр в Кременчуге."),
    ],
)
def test_what_did_not_happen_now_is_no_warning(language: str, text: str) -> None:
    """Denials, tests of sirens, anniversaries, art, accusations and questions warn of nothing."""
    assert told(text, language) == set()


def test_an_attack_is_no_village() -> None:
    """The Russian word for an attack is a village's name too, and hides no region before it."""
    text = "Воронежская область.\nУгроза атаки БПЛА сохраняется."
    assert {(p, r) for p, r, _ in told(text, "ru")} == {("active", frozenset({"RU-VOR"}))}
