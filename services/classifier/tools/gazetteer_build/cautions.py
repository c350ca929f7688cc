"""How careful a reader of a form must be: it may also be a word or a person's name."""

import re
from functools import cache

import pymorphy3
import simplemma

Caution = str  # "none", "capital", "context", "drop"
_PERSON = re.compile("Name|Surn|Patr|NOUN,anim")
_PLACE = re.compile(
    "Geox|^NOUN,(masc|femn|neut),inan "
)  # the Ukrainian dictionary marks no places,
# but gives a gender to the whole word only where there is no plural, as with places
_WELL_KNOWN = 50_000  # people
_TOWN = 5_000
_NOT_A_FAMILY = 20_000  # from here on a Latin spelling more often means the town than a surname
# "Вовчанську" is the town in the locative and an adjective of it in the accusative.
_OF_A_TOWN = re.compile("(ськ|цьк|зьк|ск|цк)(у|ом|им|а)$")


@cache
def _analyzer(lang: str) -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer(lang=lang)


@cache
def _readings(form: str) -> frozenset[str]:
    """The kinds of word that the dictionaries know for a Cyrillic form."""
    kinds = set()
    for lang in ("uk", "ru"):
        analyzer = _analyzer(lang)
        if not analyzer.word_is_known(form):
            continue
        for parse in analyzer.parse(form):
            tag = str(parse.tag)
            if _PLACE.search(tag):
                kinds.add("place")
            elif _PERSON.search(tag):
                kinds.add("person")
            else:
                kinds.add("noun" if tag.startswith("NOUN") else "word")
    return frozenset(kinds)


@cache
def _latin_word(form: str) -> bool:
    return any(simplemma.is_known(form, lang) for lang in ("en", "fr", "de"))


def is_person(lemma: str) -> bool:
    """Whether a Cyrillic name is also a first name or a surname."""
    return "person" in _readings(lemma)


def _cyrillic_caution(form: str, population: int) -> Caution:
    readings = _readings(form)
    if len(form) < 4:
        return "context"
    if readings <= {"place"} or (population >= _WELL_KNOWN and "place" in readings):
        return "none"
    if readings <= {"place", "person"} and "place" in readings:
        return "capital"
    common = "word" in readings and not _OF_A_TOWN.search(form)
    return "context" if common or "person" in readings or population < _TOWN else "capital"


def caution(form: str, population: int, *, person: bool) -> Caution:
    """The caution of one folded form of a settlement with that many inhabitants."""
    if " " in form or "-" in form:
        return "none"
    if not "a" <= form[0] <= "z":
        return _cyrillic_caution(form, population)
    known = population >= _WELL_KNOWN
    if len(form) < 4 or (person and population < _NOT_A_FAMILY):
        return "context"
    return "none" if known or not _latin_word(form) else "context"
