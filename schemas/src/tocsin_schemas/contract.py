"""The base of every contract: immutable, closed when we write, open when we read."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)

INTERNAL_VERSION = 1
"""`v` of the internal records that we write; readers take this one and the one before."""


class Contract(BaseModel):
    """An immutable record. What we write is checked with additions forbidden.

    Lists are `tuple[X, ...]`, so that a record is immutable all the way down; in JSON Schema that
    is a plain array (no `prefixItems`).
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_serialization_defaults_required=True,
        use_attribute_docstrings=True,
        serialize_by_alias=True,
        ser_json_inf_nan="null",
        allow_inf_nan=False,
    )

    @classmethod
    def read(cls, data: bytes | str) -> Self:
        """Parse JSON as a reader does: fields that this version does not know are ignored.

        Raises:
            pydantic.ValidationError: the bytes are no JSON or no such record.

        """
        return cls.model_validate_json(data, extra="ignore")

    @classmethod
    def read_object(cls, data: Mapping[str, Any]) -> Self:
        """Like `read`, from an object that is already decoded."""
        return cls.model_validate(data, extra="ignore")

    def to_json(self) -> bytes:
        """The record as UTF-8 JSON, as it stands on a topic."""
        return self.model_dump_json().encode()


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{at.isoformat()} lies outside the years 1 to 9999 in UTC") from error


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A point in time with a zone, kept in UTC."""

Version = Annotated[int, Field(ge=0, le=99, examples=[INTERNAL_VERSION])]
"""Version of an internal record."""

Revision = Annotated[int, Field(ge=1, le=1_000_000, examples=[1])]
"""Counts from 1."""

Count = Annotated[int, Field(ge=0, le=1_000_000, examples=[2])]
"""How many."""

CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), Field(examples=["UA"])]
"""ISO 3166-1 alpha-2."""

RegionCode = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"),
    Field(examples=["UA-59"]),
]
"""ISO 3166-2, or ISO 3166-1 alpha-2 for a whole country."""

LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$"), Field(examples=["en"])]
"""ISO 639-1 (639-3 where there is no shorter one); `und` when undetermined."""

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=300)]
"""A name or a short phrase."""

Url = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2048, pattern=r"^https?://\S+$"),
    Field(examples=["https://news.example/2026/11/north"]),
]
"""An absolute http or https address."""
