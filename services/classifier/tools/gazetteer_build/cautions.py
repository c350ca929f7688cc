"""How careful a reader of a form must be: is it also a word, a first name or a surname?"""

import re
from functools import cache
from typing import Any

import pymorphy3
import simplemma

Caution = str  # "none", "capital", "context", "drop"
_PERSON = re.compile("Name|Surn|Patr|NOUN,anim")
_PLACE = re.compile("Geox|^NOUN,(masc|femn|neut),inan ")  # the Ukrainian dictionary marks no places,
# but gives a gender to the whole word only where there is no plural, as with places
_WELL_KNOWN = 50_000  # people
_TOWN = 5_000


@cache
def _analyzer(lang: str) -> Any:
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
                kinds.add("word")
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
    if "place" in readings and "word" not in readings:
        return "capital"
    return "capital" if population >= _TOWN and "person" not in readings else "context"


def caution(form: str, population: int, *, person: bool) -> Caution:
    """The caution of one folded form of a settlement with that many inhabitants."""
    if " " in form or "-" in form:
        return "none"
    if not "a" <= form[0] <= "z":
        return _cyrillic_caution(form, population)
    known = population >= _WELL_KNOWN
    if len(form) < 4 or (person and not known):
        return "context"
    return "none" if known or not _latin_word(form) else "context"
