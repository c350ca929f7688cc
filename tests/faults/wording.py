"""Texts for the fault runs in five languages, put together from templates by dice."""

import random
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(min_length=2)]
Texts = Annotated[tuple[Name, ...], Field(min_length=1)]

_WEIGHTS = (3, 1, 1, 2, 1, 1)
"""How often each kind of `war_sentences` comes."""

_PATH = Path(__file__).with_name("wording.toml")


class Language(BaseModel):
    """The sentences and places of one language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    regions: Texts
    quiet_regions: Texts
    towns: Texts
    quiet_towns: Texts
    alarms: Texts
    all_clears: Texts
    attacks: Texts
    gains: Texts
    areas: Texts
    stances: Texts
    ordinary: Texts

    def war_sentences(self) -> tuple[tuple[Texts, Texts], ...]:
        """The sentences that lead to a detection by kind, each kind with its places."""
        return (
            (self.alarms, self.regions),
            (self.all_clears, self.regions),
            (self.attacks, self.regions),
            (self.gains, self.towns),
            (self.areas, self.regions),
            (self.stances, self.regions),
        )

    def war(self, dice: random.Random) -> str:
        """A sentence that leads to a detection."""
        templates, places = dice.choices(self.war_sentences(), _WEIGHTS)[0]
        return _fill(dice.choice(templates), dice, dice.choice(places))

    def old_war(self, dice: random.Random) -> str:
        """A sentence about a place of which no other article speaks."""
        templates, places = dice.choice(self.old_sentences())
        return _fill(dice.choice(templates), dice, dice.choice(places))

    def old_sentences(self) -> tuple[tuple[Texts, Texts], ...]:
        """The sentences of `old_war` by kind, each kind with its places."""
        return ((self.alarms, self.quiet_regions), (self.gains, self.quiet_towns))

    def peace(self, dice: random.Random) -> str:
        """A sentence that leads to nothing."""
        return _fill(dice.choice(self.ordinary), dice)


class _Wording(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    language: tuple[Language, ...]


def load_languages() -> tuple[Language, ...]:
    """The languages of the data file."""
    return _Wording.model_validate(tomllib.loads(_PATH.read_text("utf-8"))).language


def _fill(template: str, dice: random.Random, place: str = "") -> str:
    return template.format(place=place, number=dice.randrange(20, 2000))
