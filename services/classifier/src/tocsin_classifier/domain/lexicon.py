"""The lexicons: what words mean, in data files that people without Python can extend."""

import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from pydantic import (
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic.dataclasses import dataclass

from tocsin_schemas.slots import ActorCode
from tocsin_schemas.vocabulary import (
    Action,
    AreaQualifier,
    Instruction,
    Phase,
    StanceTopic,
    StanceValue,
    Threat,
)

LANGUAGES = ("en", "fr", "de", "uk", "ru")
"""The languages with lexicons."""

SHARED = "shared"
"""The folder of entries that hold in every language."""


class Category(StrEnum):
    """What an entry does; the data files' README says more."""

    # What makes a sentence a candidate.
    CLAIM = "claim"
    STANCE = "stance"
    TOPIC = "topic"
    ALARM = "alarm"
    ALL_CLEAR = "all_clear"
    ATTACK = "attack"
    DEFENCE = "defence"
    THREAT = "threat"
    SHELTER = "shelter"
    # Who.
    ACTOR = "actor"
    CAPITAL = "capital"
    SIDE = "side"
    NATION = "nation"
    OWN = "own"
    ENEMY = "enemy"
    NARRATOR = "narrator"
    BOTH = "both"
    OFFICE = "office"
    OUTSIDER = "outsider"
    ANAPHOR = "anaphor"
    OBLIQUE = "oblique"
    AGENT = "agent"
    # Where.
    REGION_WORD = "region_word"
    REGION_AFTER = "region_after"
    CITY_WORD = "city_word"
    AROUND = "around"
    OPPOSITE = "opposite"
    LAUNCH = "launch"
    FROM = "from"
    COUNTRYWIDE = "countrywide"
    GROUND = "ground"
    LOCATIVE = "locative"
    NOT_PLACE = "not_place"
    LOSER_MARK = "loser_mark"
    # How it is said.
    NEGATION = "negation"
    UNREAL = "unreal"
    BACKGROUND = "background"
    SAYS = "says"
    ACCORDING = "according"
    CONDITION = "condition"
    DENIAL = "denial"
    ELSEWHERE = "elsewhere"
    # When and how much.
    PAST = "past"
    NOW = "now"
    TIME = "time"
    NUMBER = "number"
    UNIT = "unit"
    QUALIFIER = "qualifier"
    # Words that swallow whatever is found inside them.
    IDIOM = "idiom"


class Frame(StrEnum):
    """Where a claim's word has its roles: who takes, who loses, which ground.

    `active`: the taker stands before it and the ground after it; `passive`: the ground before it
    and the taker, if told, after it; `loss`: the loser before it; `loss_of`: the loser after it;
    `free_of`: the ground before it and the loser after it; `bare`: nobody is told apart.
    For a stance `speaker`: whoever says it holds it, not the subject ("there can be no talks");
    `bare`: it counts only where both sides of the war are named ("held talks").
    """

    ACTIVE = "active"
    PASSIVE = "passive"
    LOSS = "loss"
    LOSS_OF = "loss_of"
    FREE_OF = "free_of"
    BARE = "bare"
    SPEAKER = "speaker"


Form = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]


@dataclass(
    frozen=True, slots=True, config=ConfigDict(extra="forbid", use_attribute_docstrings=True)
)
class Entry:
    """One thing that words can mean, with all the forms in which a language says it.

    A dataclass with slots, since its fields are what classification reads most.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,6}(\.[a-z0-9_-]+)+$")]
    """Language and name, unique: `fr.claim.take_control`."""
    category: Category
    """What the entry does."""
    forms: Annotated[tuple[Form, ...], Field(min_length=1)]
    """Inflected forms; `*` at an edge stands for any letters, ` + ` for a gap of a few words, and
    ` ++ ` for one of many."""
    means: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    """The meaning in English."""
    example: Annotated[str, StringConstraints(max_length=300)] = ""
    """A sentence in which it stands."""
    action: Action | None = None
    frame: Frame | None = None
    stance: StanceValue | None = None
    topic: StanceTopic | None = None
    threat: Threat | None = None
    phase: Phase | None = None
    instruction: Instruction | None = None
    code: ActorCode | None = None
    name: Annotated[str, StringConstraints(min_length=1, max_length=300)] | None = None
    office: Annotated[str, StringConstraints(min_length=1, max_length=300)] | None = None
    value: float | None = None
    qualifier: AreaQualifier | None = None
    needs_ground: bool = False
    """A claim's word that says nothing without a place or a word for ground beside it."""
    beside: bool = False
    """A claim's word of many meanings that says something only right beside a place's name."""
    period: Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")] | None = None
    """The time meant, as times.py names it."""

    @model_validator(mode="after")
    def _check_slots(self) -> "Entry":
        for category, slot in REQUIRED.items():
            if self.category is category and getattr(self, slot) is None:
                raise ValueError(f"{self.id}: category {category} needs `{slot}`")
        return self


ENTRY = TypeAdapter(Entry)
"""Checks what a file tells of an entry."""

REQUIRED: dict[Category, str] = {
    Category.CLAIM: "action",
    Category.STANCE: "stance",
    Category.TOPIC: "topic",
    Category.THREAT: "threat",
    Category.ACTOR: "code",
    Category.CAPITAL: "code",
    Category.SIDE: "code",
    Category.NATION: "code",
    Category.NARRATOR: "code",
    Category.NUMBER: "value",
    Category.UNIT: "value",
    Category.QUALIFIER: "qualifier",
    Category.TIME: "period",
}
"""The slot that an entry of a category must fill."""


class LexiconError(ValueError):
    """A data file that cannot be used; the message names the file, the entry and the mend."""


@cache
def entries(language: str) -> tuple[Entry, ...]:
    """All entries of a language, those that hold in every language included.

    Raises:
        LexiconError: a file is no TOML, or an entry is incomplete, unknown or there twice.

    """
    found: list[Entry] = []
    root = files("tocsin_classifier") / "data"
    for folder in (SHARED, language):
        place = root / folder
        if not place.is_dir():
            continue
        for file in sorted(place.iterdir(), key=lambda item: item.name):
            if file.name.endswith(".toml"):
                found.extend(parse(file.read_text("utf-8"), f"{folder}/{file.name}"))
    _check_ids(found)
    return tuple(found)


def parse(toml: str, name: str) -> list[Entry]:
    """The entries of one file; `name` is what errors call it.

    Raises:
        LexiconError: see `entries`.

    """
    try:
        listed: list[dict[str, Any]] = tomllib.loads(toml).get("entry", [])
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{name}: not TOML: {error}") from error
    found = []
    for raw in listed:
        try:
            found.append(ENTRY.validate_python(raw))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or "entry"
            raise LexiconError(
                f"{name}: entry {raw.get('id', '(no id)')!r}: {field}: {first['msg']}"
            ) from error
    return found


def _check_ids(found: list[Entry]) -> None:
    seen: set[str] = set()
    for entry in found:
        if entry.id in seen:
            raise LexiconError(f"entry {entry.id!r} is there twice; give one another id")
        seen.add(entry.id)
