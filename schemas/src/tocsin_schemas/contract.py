"""The base of every contract: immutable, closed when we write, open when we read."""

from collections.abc import Mapping
from datetime import UTC
from typing import Annotated, Any, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints

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


Instant = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]
"""A point in time with a zone, kept in UTC."""

CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""

RegionCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
"""ISO 3166-2, or ISO 3166-1 alpha-2 for a whole country."""

LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
"""ISO 639-1 (639-3 where there is no shorter one); `und` when undetermined."""

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=300)]
"""A name or a short phrase."""

Url = Annotated[str, StringConstraints(min_length=1, max_length=2048, pattern=r"^https?://\S+$")]
"""An absolute http or https address."""
