"""The schema of regions.toml: what may be said there about a country, region, area or sea."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Word = Annotated[str, Field(min_length=2, max_length=80)]
Words = list[Word]
Language = Literal["en", "fr", "de", "uk", "ru"]
Code = Annotated[str, Field(pattern=r"^(UA|RU|BY)(-[A-Z0-9]{2,3})?$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Wording(_Strict):
    """Words of one language from which a unit's forms are made."""

    adjectives: Words = []
    """Nominative masculine, lower case: сумський."""
    names: Words = []
    """Nominatives that mean the unit without a noun beside them: Сумщина."""
    stems: Words = []
    """Spellings that stand in "Sumy region", "oblast de Soumy", "Gebiet Sumy"."""


class Unit(_Strict):
    """A country, a region, an area of several regions, or a sea."""

    code: Code | None = None
    """ISO 3166-2, or ISO 3166-1 of a country; none for areas and seas."""
    id: str = ""
    name: Word
    """The English name."""
    unit: Literal["oblast", "krai", "republic", "okrug", "autonomous_oblast", "city"] | None = None
    katottg: Annotated[str, Field(pattern=r"^UA[0-9]{17}$")] | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    borders: list[Code] = []
    front: bool = False
    """Ground has changed hands there in this war, so a claim's village is one of its villages."""
    regions: list[Code] = []
    uk: Wording = Wording()
    ru: Wording = Wording()
    en: Wording = Wording()
    fr: Wording = Wording()
    de: Wording = Wording()
    region_forms: dict[Language, Words] = {}
    adjective_forms: dict[Language, Words] = {}
    sectors: dict[Language, Words] = {}
    """Adjectives of the towns after which parts of the front there are called."""
    polity_forms: dict[Language, Words] = {}
    forms: dict[Language, Words] = {}
    capital: dict[Language, Words] = {}

    @model_validator(mode="after")
    def _has_a_key(self) -> "Unit":
        if not (self.code or self.id):
            raise ValueError(f"{self.name}: neither code nor id; give a region its code")
        return self


class RegionTable(_Strict):
    """The whole file."""

    region: list[Unit]
    country: list[Unit]
    area: list[Unit]
    sea: list[Unit]

    @model_validator(mode="after")
    def _codes_hang_together(self) -> "RegionTable":
        borders = {u.code: set(u.borders) for u in [*self.country, *self.region]}
        if len(borders) != len(self.country) + len(self.region):
            raise ValueError("a code of countries and regions occurs twice")
        for code, neighbours in borders.items():
            for other in neighbours:
                if code not in borders.get(other, set()):
                    raise ValueError(f"{code} borders {other}, but {other} does not name {code}")
        return self
