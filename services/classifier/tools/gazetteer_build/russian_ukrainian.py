"""Guesses a name in the one language from the other, where no source has it."""

import re

_TO_RUSSIAN = [
    ("ське$", "ское"), ("цьке$", "цкое"), ("зьке$", "зкое"), ("ська$", "ская"), ("ський$", "ский"),
    ("цький$", "цкий"), ("ськ", "ск"), ("цьк", "цк"), ("зьк", "зк"),
    ("([жчшщцй])івка", r"\1евка"), ("івка", "овка"), ("їв", "ев"), ("([жчшщ])ів", r"\1ев"),
    ("ів(?=$|[ -])", "ов"), ("ове$", "ово"), ("еве$", "ево"), ("єве$", "ево"), ("ине$", "ино"),
    ("іне$", "ино"), ("їне$", "ино"), ("ки$", "ки"), ("жжя", "жье"), ("лля", "лье"), ("ння", "нье"),
    ("е$", "ое"), ("'", ""), ("ї", "и"), ("є", "е"), ("і", "и"), ("ґ", "г"),
]  # fmt: skip
_TO_UKRAINIAN = [
    ("ский$", "ський"), ("цкий$", "цький"), ("ское$", "ське"), ("цкое$", "цьке"), ("ская$", "ська"),
    ("ск(?=$|-)", "ськ"), ("цк(?=$|-)", "цьк"), ("(?<=[жчшщ])и", "И"), ("ий$", "Ий"), ("ый$", "Ий"),
    ("ое$", "е"), ("ая$", "а"), ("и", "і"), ("ы", "И"), ("э", "Е"), ("ъ", "'"),
    ("(?<=[ -])е|^е", "є"), ("Е", "е"),
    ("(?<=[аеиоуіь])е", "є"), ("(?<=[аеоуі])і", "ї"), ("И", "и"),
]  # fmt: skip


def to_russian(name: str) -> str:
    """A likely Russian name for a plain Ukrainian one."""
    for pattern, replacement in _TO_RUSSIAN:
        name = re.sub(pattern, replacement, name)
    return name


def to_ukrainian(name: str) -> list[str]:
    """Likely Ukrainian names for a plain Russian one."""
    exact = name
    for pattern, replacement in _TO_UKRAINIAN:
        exact = re.sub(pattern, replacement, exact)
    return [exact]
