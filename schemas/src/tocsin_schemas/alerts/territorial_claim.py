"""The alert of a claim that control over ground changed or is held."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from tocsin_schemas.alerts.common import AlertBase, LastingStatus
from tocsin_schemas.contract import Contract, CountryCode, ShortText
from tocsin_schemas.slots import Voices
from tocsin_schemas.vocabulary import Action, AlertType, AreaQualifier, ClaimAssertion


class CounterClaim(Contract):
    """A rival event about the same ground."""

    event_id: UUID
    """The rival event."""
    claimant: CountryCode | None = None
    """Who holds the ground by it."""
    action: Action
    """What it says happened."""
    headline: Annotated[ShortText, Field(examples=["Russia says it holds Lypove"])]
    """Its headline when it was named."""


class TerritorialClaimAlert(AlertBase):
    """Somebody says that control over ground changed or is held."""

    schema_: Annotated[
        Literal["https://schemas.tocsin.example/v1/territorial-claim.schema.json"],
        Field(alias="schema"),
    ] = "https://schemas.tocsin.example/v1/territorial-claim.schema.json"
    """Versioned URI of the schema that this alert follows."""
    alert_type: Literal[AlertType.TERRITORIAL_CLAIM] = AlertType.TERRITORIAL_CLAIM
    """The type of alert."""
    status: LastingStatus
    """New, updated or retracted; a claim never ends."""
    claimant: CountryCode | None = None
    """The side that gains or holds; null when contested or not said."""
    loser: CountryCode | None = None
    """The side that lost it, when said."""
    voices: Voices
    """Who says so."""
    action: Action
    """What happened to the ground."""
    assertion: ClaimAssertion
    """How the claim stands as a whole."""
    area_km2: Annotated[float, Field(gt=0, le=20_000_000, examples=[35.5])] | None = None
    """Area in square kilometres, on the level it was stated for."""
    area_qualifier: AreaQualifier | None = None
    """Whether the area is exact; null without an area."""
    settlements: Annotated[int, Field(ge=1, le=100_000, examples=[3])] | None = None
    """How many settlements, when stated."""
    counter_claims: Annotated[tuple[CounterClaim, ...], Field(max_length=20)] = ()
    """Rival events about the same ground."""
