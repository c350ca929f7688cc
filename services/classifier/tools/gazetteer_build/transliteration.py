"""Latin spellings of Ukrainian and Russian names as English, French and German texts write them."""

import re
from typing import Literal

Lang = Literal["uk", "ru"]

_COMMON = dict(zip("абдклмнопрт", "abdklmnoprt", strict=True)) | {
    "ф": "f",
    "ь": "",
    "ъ": "",
    "'": "",
}
_UK = {"и": "y", "і": "i", "е": "e"}
_RU = {"и": "i", "ы": "y", "э": "e", "е": "e"}

# Each scheme: letters; word-initial letters; whether s doubles between vowels.
_SCHEMES: dict[str, tuple[Lang, dict[str, str], dict[str, str], bool]] = {}


def _scheme(
    name: str, lang: Lang, letters: str, initial: str = "", *, double: bool = False
) -> None:
    own = _UK if lang == "uk" else _RU
    pairs = dict(pair.split("=") for pair in letters.split())
    _SCHEMES[name] = (
        lang,
        _COMMON | own | pairs,
        dict(p.split("=") for p in initial.split()),
        double,
    )


_EN = "ж=zh з=z с=s у=u х=kh ц=ts ч=ch ш=sh щ=shch в=v"
_FR = "ж=j з=z с=s у=ou х=kh ц=ts ч=tch ш=ch щ=chtch в=v"
_DE = "ж=sch з=s с=s у=u х=ch ц=z ч=tsch ш=sch щ=schtsch в=w"
_scheme("en_uk", "uk", f"{_EN} г=h ґ=g є=ie ї=i й=i ю=iu я=ia", "є=ye ї=yi й=y ю=yu я=ya")
_scheme("en_uk_bgn", "uk", f"{_EN} г=h ґ=g є=ye ї=yi й=y ю=yu я=ya")
_scheme("en_ru", "ru", f"{_EN} г=g ё=yo й=y ю=yu я=ya", "е=ye")
_scheme("fr_uk", "uk", f"{_FR} г=h ґ=g є=ie ї=ï й=ï ю=iou я=ia", double=True)
_scheme("fr_uk_y", "uk", f"{_FR} г=h ґ=g є=ye ї=ï й=y ю=you я=ya")
_scheme("fr_ru", "ru", f"{_FR} г=g ё=io й=ï ю=iou я=ia", double=True)
_scheme("de_uk", "uk", f"{_DE} г=h ґ=g є=je ї=ji й=j ю=ju я=ja", double=True)
_scheme("de_uk_s", "uk", f"{_DE} г=h ґ=g є=je ї=ji й=j ю=ju я=ja")
_scheme("de_ru", "ru", f"{_DE} г=g ё=jo й=j ю=ju я=ja", "е=je", double=True)
_RARE = {"en_uk_bgn", "fr_uk_y", "de_uk_s"}


def _spell(name: str, scheme: str) -> str:
    _, letters, initial, double = _SCHEMES[scheme]
    out: list[str] = []
    previous = " "
    vowels = "аеєиіїоуюяыэё"
    for position, letter in enumerate(name):
        following = name[position + 1] if position + 1 < len(name) else " "
        if previous in " -" and letter in initial:
            out.append(initial[letter])
        elif letter == "с" and double and previous in vowels and following in vowels:
            out.append("ss")
        elif letter == "г" and previous == "з" and scheme.startswith("en_uk"):
            out.append("gh")
        else:
            out.append(letters.get(letter, letter))
        previous = letter
    return "".join(out)


def spellings(name: str, lang: Lang, *, rare: bool = True) -> dict[str, list[str]]:
    """Spellings of a lower-case Cyrillic name by target language (en, fr, de)."""
    found: dict[str, list[str]] = {"en": [], "fr": [], "de": []}
    for scheme, (source, *_) in _SCHEMES.items():
        if source != lang or (scheme in _RARE and not rare):
            continue
        spelt = _spell(name, scheme)
        target = found[scheme[:2]]
        target.append(spelt)
        if scheme.startswith("en"):
            target.append(re.sub(r"(yi|yy|iy)(?=[ -]|$)", "y", spelt))
        if scheme.startswith("fr") and spelt.endswith("e"):
            # French papers write the last e that is spoken: "Robotyné".
            target.append(spelt[:-1] + "é")
    return {target: list(dict.fromkeys(values)) for target, values in found.items()}


def english(name: str, lang: Lang) -> str:
    """The English spelling that official use prefers."""
    return _spell(name.lower(), "en_uk" if lang == "uk" else "en_ru")
