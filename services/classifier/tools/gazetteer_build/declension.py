"""Case forms of Ukrainian and Russian place names by rule tables.

Names are a small, regular part of the languages, so endings decide; where an ending allows two
paradigms both are made, because a form that nobody writes never matches.
"""

from itertools import product
from typing import Literal

Lang = Literal["uk", "ru"]
Cases = list[list[str]]  # nominative, genitive, dative, accusative, instrumental, locative

VOWELS = "аеєиіїоуюяыэё"
_HUSHING = "жшчщ"

# Endings of adjectives: what is cut off, then one field a case, variants parted by a slash.
_ADJECTIVES: dict[Lang, list[tuple[str, str]]] = {
    "uk": [
        ("ий", "ий ого ому ий/ого им ому/ім"),
        ("ій", "ій ього ьому ій/ього ім ьому"),
        ("а", "а ої ій у ою ій"),
        ("я", "я ьої ій ю ьою ій"),
        ("е", "е ого ому е им ому/ім"),
        ("є", "є ього ьому є ім ьому"),
        ("і", "і их им і/их ими их"),
    ],
    "ru": [
        ("ый", "ый ого ому ый/ого ым ом"),
        ("ий", "ий ого ому ий/ого им ом"),
        ("ний", "ний него нему ний/него ним нем"),
        ("жий", "жий жего жему жий/жего жим жем"),
        ("ой", "ой ого ому ой/ого ым ом"),
        ("кой", "кой кого кому кой/кого ким ком"),
        ("ая", "ая ой ой ую ой/ою ой"),
        ("яя", "яя ей ей юю ей ей"),
        ("ое", "ое ого ому ое ым ом"),
        ("кое", "кое кого кому кое ким ком"),
        ("ее", "ее его ему ее им ем"),
        ("ые", "ые ых ым ые ыми ых"),
        ("ие", "ие их им ие ими их"),
    ],
}

# Endings of nouns, the longest fitting one wins.
_NOUNS: dict[Lang, list[tuple[str, str]]] = {
    "uk": [
        ("щина", "щина щини щині щину щиною щині"),
        ("ка", "ка ки ці ку кою ці"),
        ("га", "га ги зі гу гою зі"),
        ("ха", "ха хи сі ху хою сі"),
        ("жа", "жа жі жі жу жею жі"),
        ("ша", "ша ші ші шу шею ші"),
        ("ча", "ча чі чі чу чею чі"),
        ("ща", "ща щі щі щу щею щі"),
        ("а", "а и і у ою і"),
        ("ія", "ія ії ії ію ією ії"),
        ("'я", "'я 'я/'ї 'ю/'ї 'я/'ю 'ям/'єю 'ї"),
        ("ння", "ння ння нню ння нням нні"),
        ("ття", "ття ття ттю ття ттям тті"),
        ("лля", "лля лля ллю лля ллям ллі"),
        ("жжя", "жжя жжя жжю жжя жжям жжі"),
        ("ря", "ря рі рі рю рею рі"),
        ("я", "я і і ю ею і"),
        ("поле", "поле поля полю поле полем полі"),
        ("море", "море моря морю море морем морі"),
        ("ище", "ище ища ищу ище ищем ищі"),
        ("це", "це ця цю це цем ці"),
        ("о", "о а у о ом і/у"),
        ("ів", "ів ова/ева ову/еву ів овом/евом ові/еві"),
        ("їв", "їв єва єву їв євом єві"),
        ("ець", "ець ця цю ець цем ці"),
        ("єць", "єць йця йцю єць йцем йці"),
        ("піль", "піль поля полю піль полем полі"),
        ("інь", "інь еня/оня/іні еню/оню/іні інь енем/онем/інню ені/оні/іні"),
        ("ріг", "ріг рогу рогу ріг рогом розі"),
        ("ок", "ок ка/ку ку ок ком ку"),
        ("ці", "ці ців/ць цям ці цями цях"),
        ("ки", "ки ок/ків кам ки ками ках"),
        ("і", "і ів/ь/ей ям/ам і ями/ами ях/ах"),
        ("и", "и +/ів ам и ами ах"),
        ("ь", "ь я/і ю/і ь ем/ю/~ю і"),
        ("й", "й я ю й єм ї"),
        ("ьк", "ьк ька ьку/ькові ьк ьком ьку"),
        ("к", "к ка/ку ку/кові к ком ку/ці"),
        ("г", "г га/гу гу г гом зі/гу"),
        ("х", "х ха/ху ху х хом сі/ху"),
        ("ж", "ж жа/жу жу ж жем жі"),
        ("ч", "ч ча/чу чу ч чем чі"),
        ("ш", "ш ша/шу шу ш шем ші"),
        ("", "+ а/у у + ом і/у"),
    ],
    "ru": [
        ("ия", "ия ии ии ию ией ии"),
        ("я", "я и е ю ей е"),
        ("ка", "ка ки ке ку кой ке"),
        ("га", "га ги ге гу гой ге"),
        ("ха", "ха хи хе ху хой хе"),
        ("жа", "жа жи же жу жей же"),
        ("ша", "ша ши ше шу шей ше"),
        ("ча", "ча чи че чу чей че"),
        ("ща", "ща щи ще щу щей ще"),
        ("а", "а ы е у ой е"),
        ("ье", "ье ья ью ье ьем ье"),
        ("поле", "поле поля полю поле полем поле"),
        ("море", "море моря морю море морем море"),
        ("ище", "ище ища ищу ище ищем ище"),
        ("о", "о а/о у/о о ом/о е/о"),
        ("орел", "орел орла орлу орел орлом орле"),
        ("ец", "ец ца цу ец цом/цем це"),
        ("ок", "ок ка/ока ку/оку ок ком/оком ке/оке"),
        ("ки", "ки ок кам ки ками ках"),
        ("цы", "цы ц/цов/цев цам цы цами цах"),
        ("ы", "ы +/ов ам ы ами ах"),
        ("и", "и +/ей/ов ам/ям и ами/ями ах/ях"),
        ("ь", "ь я/и ю/и ь ем/ью е/и"),
        ("й", "й я ю й ем е"),
        ("ж", "ж жа жу ж жем же"),
        ("ш", "ш ша шу ш шем ше"),
        ("ч", "ч ча чу ч чем че"),
        ("", "+ а у + ом е"),
    ],
}

_ADJECTIVAL_ENDINGS: dict[Lang, tuple[str, ...]] = {
    "uk": ("ий", "ій", "ська", "цька", "зька", "ські", "цькі", "зькі", "е", "є"),
    "ru": ("ый", "ий", "ской", "цкой", "ая", "яя", "ое", "ее", "ые", "ие"),
}
_NOUNS_IN_E = ("поле", "море", "ище", "це", "ье")


def _apply(word: str, cut: str, fields: str) -> Cases:
    stem = word[: len(word) - len(cut)] if cut else word
    cases: Cases = []
    for field in fields.split():
        variants = []
        for ending in field.split("/"):
            if ending == "+":
                variants.append(stem)
            elif ending.startswith("~"):
                variants.append(stem + stem[-1] + ending[1:])
            else:
                variants.append(stem + ending)
        cases.append(variants)
    return cases


def _by_table(word: str, table: list[tuple[str, str]]) -> Cases:
    fitting = max((row for row in table if word.endswith(row[0])), key=lambda row: len(row[0]))
    return _apply(word, *fitting)


def adjective_cases(word: str, lang: Lang) -> Cases:
    """The six cases of one gender of an adjective, given its nominative."""
    return _by_table(word, [row for row in _ADJECTIVES[lang] if word.endswith(row[0])])


def _word_cases(word: str, lang: Lang, *, attribute: bool) -> Cases:
    adjectival = word.endswith(_ADJECTIVAL_ENDINGS[lang]) and not word.endswith(_NOUNS_IN_E)
    attributive = attribute and any(word.endswith(end) for end, _ in _ADJECTIVES[lang])
    if adjectival or attributive:
        return adjective_cases(word, lang)
    if word[-1] in "уюэ" or (lang == "ru" and word[-1] == "е" and not word.endswith(_NOUNS_IN_E)):
        return [[word]] * 6
    return _by_table(word, _NOUNS[lang])


def _hyphenated_cases(word: str, lang: Lang) -> Cases:
    parts = word.split("-")
    if len(parts) > 2 or len(parts[1]) < 4:
        head = _word_cases(parts[0], lang, attribute=False)
        tail = "-" + "-".join(parts[1:])
        return [[form + tail for form in case] for case in head]
    last = _word_cases(parts[-1], lang, attribute=False)
    fixed = [[f"{parts[0]}-{form}" for form in case] for case in last]
    if parts[0].endswith("о") or not parts[-1].endswith(_ADJECTIVAL_ENDINGS[lang]):
        return fixed
    first = _word_cases(parts[0], lang, attribute=False)
    return [
        [f"{a}-{b}" for a, b in product(one, two)] for one, two in zip(first, last, strict=True)
    ]


def cases(name: str, lang: Lang) -> Cases:
    """All case forms of a lower-case name of one or more words, a list a case."""
    words = name.split(" ")
    parts = []
    for position, word in enumerate(words):
        if not word or word[-1] not in "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяыэё":
            parts.append([[word]] * 6)
        elif "-" in word:
            parts.append(_hyphenated_cases(word, lang))
        else:
            parts.append(_word_cases(word, lang, attribute=position < len(words) - 1))
    return [
        [" ".join(choice) for choice in product(*(part[case] for part in parts))]
        for case in range(6)
    ]


def forms(name: str, lang: Lang) -> list[str]:
    """All different case forms of a name, nominative first."""
    return list(dict.fromkeys(form for case in cases(name.lower(), lang) for form in case))


def adjective_paradigm(masculine: str, lang: Lang) -> list[str]:
    """All genders, numbers and cases of an adjective given in the nominative masculine."""
    stem = masculine[:-2]
    if lang == "uk":
        nominatives = [masculine, stem + "а", stem + "е", stem + "і"]
    else:
        soft = stem[-1] in "кгх" + _HUSHING
        nominatives = [masculine, stem + "ая", stem + "ое", stem + ("ие" if soft else "ые")]
    found = [f for word in nominatives for case in adjective_cases(word, lang) for f in case]
    return list(dict.fromkeys(found))
