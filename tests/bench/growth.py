"""How the time of an article grows with its length, on texts made to be slow."""

import time
from collections.abc import Iterator
from unicodedata import normalize

from tocsin_classifier.domain.classify import weigh
from unit.classifier.samples import article

KIBIBYTES = (1, 4, 16, 64, 256, 1024)
"""Sizes in UTF-8; ingest accepts 256 KiB, and what lies behind that is not read."""

UNITS: dict[str, dict[str, str]] = {
    "en": {
        "claims": "Russian forces captured the village of Toretsk in Donetsk region. ",
        "alarms": "Air raid alert in Sumy and Kharkiv regions: missiles and drones.\n",
        "stances": "The Kremlin rejects peace talks with Kyiv, and Ukraine supports a ceasefire. ",
        "said": "“We took Sumy”, said President Zelensky, “and Bakhmut”, Lavrov denied, ",
        "endless": "Ukrainian forces took Sudzha and Moscow refuses talks after drones hit Sumy ",
    },
    "fr": {
        "claims": "Les forces russes ont pris la ville de Soumy dans la région de Koursk. ",
        "alarms": "Alerte aérienne dans les régions de Soumy et de Poltava : missiles et drones.\n",
        "stances": "Moscou rejette les pourparlers de paix et Kiev soutient un cessez-le-feu. ",
        "said": "« Nous avons pris Soumy », a déclaré le président Zelensky, « et Bakhmout », ",
        "endless": "les forces russes ont pris la ville de Soumy et Moscou rejette tout dialogue ",
    },
    "de": {
        "claims": "Russische Truppen haben die Stadt Torezk im Gebiet Donezk eingenommen. ",
        "alarms": "Luftalarm in den Gebieten Sumy und Poltawa: Raketen und Drohnen.\n",
        "stances": "Moskau lehnt Friedensgespräche ab, und Kiew unterstützt eine Waffenruhe. ",
        "said": "„Wir haben Sumy erobert“, sagte Präsident Selenskyj, „und Bachmut“, ",
        "endless": "russische Truppen haben Sumy eingenommen und Moskau lehnt Verhandlungen ab ",
    },
    "uk": {
        "claims": "Російські війська захопили село Торецьк у Донецькій області. ",
        "alarms": "🔴 Повітряна тривога в Сумській і Полтавській областях: БпЛА та ракети\n",
        "stances": "Кремль відкидає мирні переговори, а Київ підтримує припинення вогню. ",
        "said": "«Ми взяли Суджу», — сказав президент Зеленський, «і Бахмут», ",
        "endless": "російські війська захопили Торецьк і Кремль відкидає переговори після атаки ",
    },
    "ru": {
        "claims": "Российские войска взяли под контроль посёлок Торецк в Донецкой области. ",
        "alarms": "🔴 Воздушная тревога в Курской и Белгородской областях: БПЛА и ракеты\n",
        "stances": "Кремль отвергает мирные переговоры, а Киев поддерживает прекращение огня. ",
        "said": "«Мы взяли Суджу», — сказал президент Путин, «и Бахмут», ",
        "endless": "взяли под контроль Торецк и Кремль отвергает переговоры после удара по Сумам ",
    },
}
"""Text to repeat, by language and kind."""

EVERYWHERE = {
    "places": "Sumy, Kharkiv, Київ, Суми, Курская область, Soumy, Poltawa, Белгород, ",
    "newlines": "Sumy\n\n",
    "marks": "“”«»„\"'‘’",
    "combining": "Су́ми e\u0301\u0301\u0301 ",
    "one word": "angriffвзялиtook",
}
"""The same for every language."""


def texts(language: str) -> Iterator[tuple[str, str]]:
    """Name and text to repeat of every kind."""
    yield from UNITS[language].items()
    yield from EVERYWHERE.items()


def of_size(language: str, unit: str, kibibytes: int) -> str:
    """The text repeated to a size, behind a sentence that makes the classifier read on."""
    text = UNITS[language]["alarms"] + UNITS[language]["claims"]
    size = kibibytes * 1024
    while len(text.encode()) < size:
        text += unit * max(1, (size - len(text.encode())) // len(unit.encode()))
    return text.encode()[:size].decode(errors="ignore")


def seconds(language: str, unit: str, kibibytes: int) -> float:
    """Processor time of one reading."""
    text = of_size(language, unit, kibibytes)
    # Ingest takes no text as long as the longest here.
    given = article("x", language).model_copy(update={"text": normalize("NFC", text)})
    rounds = 3 if kibibytes <= 16 else 1
    found = []
    for _ in range(rounds):
        started = time.process_time()
        weigh(given)
        found.append(time.process_time() - started)
    return min(found)


def main() -> None:
    """Measure and print, one line a text: milliseconds for each KiB at each size."""
    print(f"{'ms a KiB at':<16}" + "".join(f"{size:>9} KiB" for size in KIBIBYTES))
    for language in UNITS:
        for name, unit in texts(language):
            each = [1000 * seconds(language, unit, size) / size for size in KIBIBYTES]
            grown = max(each[-1], each[-2]) / max(each[1], each[0], 0.001)
            print(
                f"{language} {name:<13}"
                + "".join(f"{one:>13.3f}" for one in each)
                + f"   x {grown:.1f}, 256 KiB in {each[-2] * 0.256:.2f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
