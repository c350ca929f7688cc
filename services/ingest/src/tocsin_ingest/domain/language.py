"""The language of a text, out of the closed set that is classified; `und` for anything else."""

import re
from collections.abc import Callable, Sequence

LANGUAGES = ("de", "en", "fr", "ru", "uk")
"""ISO 639-1 codes of the languages that are classified."""

UNDETERMINED = "und"

Identify = Callable[[str], Sequence[tuple[str, float]]]
"""Languages of a text with their probability, the most likely first, out of all it knows."""

SAMPLE_CHARACTERS = 1200
"""More text does not make the answer better, only later."""

_LEAST_SHARE = 0.1
"""Less than this for all five together: the text is in some other language."""

_OTHER_CODES = {
    "deu": "de", "ger": "de", "eng": "en", "fra": "fr", "fre": "fr", "rus": "ru", "ukr": "uk",
}  # fmt: skip
_LETTER = re.compile(r"[^\W\d_]")
_NO_PROSE = re.compile(r"https?://\S+|[@#]\w+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_UKRAINIAN = re.compile(r"[іїєґІЇЄҐ]")
_RUSSIAN = re.compile(r"[ыэёЫЭЁ]")
_SHORT_LETTERS = 120
"""Below this the letters that only one of the two languages has decide before statistics."""

_ENOUGH_LETTERS = 60
"""Below this statistics cannot tell that a text is in none of the five."""


def read_language(given: str) -> str | None:
    """The language that a caller names (`uk`, `uk-UA`, `ukr`), null when none of the five."""
    code = re.split(r"[-_]", given.strip().lower(), maxsplit=1)[0]
    code = _OTHER_CODES.get(code, code)
    return code if code in LANGUAGES else None


def detect_language(title: str, text: str, identify: Identify) -> str:
    """The language of an article: one of the five, or `und`."""
    sample = _NO_PROSE.sub(" ", f"{text[:SAMPLE_CHARACTERS]}\n{title}")
    letters = len(_LETTER.findall(sample))
    if letters == 0:
        return UNDETERMINED
    cyrillic = 2 * len(_CYRILLIC.findall(sample)) > letters
    if cyrillic and letters < _SHORT_LETTERS and (known := _by_letters(sample)):
        return known
    ranked = identify(sample)
    fitting = [
        (code, share)
        for code, share in ranked
        if code in LANGUAGES and _is_cyrillic(code) is cyrillic
    ]
    if not fitting or (
        letters >= _ENOUGH_LETTERS and sum(share for _, share in fitting) < _LEAST_SHARE
    ):
        return UNDETERMINED
    return max(fitting, key=lambda pair: pair[1])[0]


def _is_cyrillic(code: str) -> bool:
    return code in ("ru", "uk")


def _by_letters(sample: str) -> str | None:
    ukrainian, russian = len(_UKRAINIAN.findall(sample)), len(_RUSSIAN.findall(sample))
    if ukrainian == russian:
        return None
    return "uk" if ukrainian > russian else "ru"
