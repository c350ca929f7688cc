"""A place as an alert names it."""

from typing import Annotated

from pydantic import Field, StringConstraints

from tocsin_schemas.contract import Contract, RegionCode, ShortText
from tocsin_schemas.vocabulary import Basis, Level


class Place(Contract):
    """A place named by a text, resolved as far as the text allows."""

    name: Annotated[ShortText, Field(examples=["Sumy Oblast"])]
    """The name as written in the article."""
    canonical_name: Annotated[ShortText, Field(examples=["Sumy Oblast"])]
    """The English name."""
    code: RegionCode | None = None
    """ISO 3166-2 code of its region (or the country's code); null when it is not known."""
    katottg: (
        Annotated[
            str,
            StringConstraints(pattern=r"^UA[0-9]{17}$"),
            Field(examples=["UA59000000000057109"]),
        ]
        | None
    ) = None
    """Ukraine's own code of the territorial unit, never derived from ISO."""
    level: Annotated[Level, Field(examples=[Level.REGION])]
    """Country, region, raion, city, town, village, or an area without a level."""
    parents: Annotated[tuple[ShortText, ...], Field(max_length=6, examples=[["Ukraine"]])] = ()
    """English names of what it lies in, smallest first."""
    latitude: Annotated[float, Field(ge=-90, le=90, examples=[50.91])] | None = None
    """Degrees north, WGS 84."""
    longitude: Annotated[float, Field(ge=-180, le=180, examples=[34.8])] | None = None
    """Degrees east, WGS 84."""
    basis: Basis = Basis.STATED
    """Whether the sentence states it or the context does."""
