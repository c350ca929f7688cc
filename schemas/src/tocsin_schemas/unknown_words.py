"""Words of a later release: kept as they are where a reader can do without knowing them."""

from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from tocsin_schemas.vocabulary import (
    Basis,
    ChangeReason,
    EvidenceRole,
    Level,
    StanceTopic,
    Threat,
    TimePrecision,
)

OPEN_VOCABULARIES: tuple[type[StrEnum], ...] = (
    Basis, ChangeReason, EvidenceRole, Level, StanceTopic, Threat, TimePrecision,
)  # fmt: skip
"""Vocabularies that may grow within v1: an alert with a new word in them still says what it says.

All others are closed. A reader who does not know a status, a phase or an assertion cannot tell
whether something is on or who said it, so an alert with such a word is no alert to it.
"""

Location = tuple[int | str, ...]

WordT = TypeVar("WordT", bound=StrEnum)


def unknown_word(vocabulary: type[WordT], word: str) -> WordT:
    """A word that the vocabulary does not have: it equals its text, and no member."""
    made = str.__new__(vocabulary, word)
    made._name_ = "UNKNOWN_TO_THIS_RELEASE"
    made._value_ = word
    return made


def is_known(word: StrEnum) -> bool:
    """Whether this release knows what the word means."""
    return word in type(word).__members__.values()


def unknown_words(error: ValidationError) -> dict[Location, type[StrEnum]] | None:
    """Where words of open vocabularies are unknown; None when anything else is wrong too."""
    found: dict[Location, type[StrEnum]] = {}
    for one in error.errors(include_url=False):
        vocabulary = (
            _by_expectation().get(one["ctx"]["expected"]) if one["type"] == "enum" else None
        )
        if vocabulary is None or not isinstance(one["input"], str):
            return None
        found[one["loc"]] = vocabulary
    return found


def keep_words(data: Any, words: dict[Location, type[StrEnum]]) -> None:  # noqa: ANN401 - any JSON value
    """Put unknown words in decoded JSON where the text of them stands."""
    for location, vocabulary in words.items():
        *way, last = location
        holder = data
        for step in way:
            holder = holder[step]
        holder[last] = unknown_word(vocabulary, holder[last])


@cache
def _by_expectation() -> dict[str, type[StrEnum]]:
    """The open vocabularies by how pydantic lists their words in an error."""
    expected = {}
    for vocabulary in OPEN_VOCABULARIES:
        try:
            TypeAdapter(vocabulary).validate_python("")
        except ValidationError as error:
            expected[error.errors(include_url=False)[0]["ctx"]["expected"]] = vocabulary
    return expected
