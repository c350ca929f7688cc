"""The schema of settlements_extra.toml: what people add to the sources' settlements by hand."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(min_length=2, max_length=80)]
Names = list[Name]
RegionCode = Annotated[str, Field(pattern=r"^(UA|RU)-[A-Z0-9]{2,3}$")]
NamePair = Annotated[str, Field(pattern=r"^\S.* / \S.*$")]
"""Ukrainian and Russian nominative."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NamedSettlement(_Strict):
    """A settlement of the sources, by English name and region, and what is said of it."""

    name: Name
    region: RegionCode
    uk: Names = []
    ru: Names = []
    forms: Names = []


class Villages(_Strict):
    """Villages of a region that the sources may lack."""

    region: RegionCode
    names: Annotated[list[NamePair], Field(min_length=1)]


class Landmark(_Strict):
    """A named place that is no settlement."""

    id: Annotated[str, Field(pattern=r"^landmark:.+$")]
    name: Name
    region: RegionCode
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    forms: Annotated[Names, Field(min_length=1)]


class Cautions(_Strict):
    """How careful a reader must be with a form."""

    none: Names = []
    capital: Names = []
    context: Names = []
    drop: Names = []


class ExtraTable(_Strict):
    """The whole file."""

    correct: list[NamedSettlement]
    amend: list[NamedSettlement]
    village: list[Villages]
    landmark: list[Landmark]
    caution: Cautions
