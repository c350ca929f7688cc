"""What a statement says, by type: the slots that `classify` fills and correlation compares."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from tocsin_schemas.contract import Contract, CountryCode, ShortText
from tocsin_schemas.vocabulary import (
    Action,
    AlertType,
    AreaQualifier,
    ClaimAssertion,
    Extent,
    Instruction,
    Phase,
    StanceAssertion,
    StanceTopic,
    StanceValue,
    Threat,
)

ActorCode = Annotated[
    str,
    # \w would mean ASCII to JSON Schema and Unicode to pydantic: the range says the same to both.
    StringConstraints(pattern=r"^[A-Z]{2,4}$|^[A-Z][0-9A-Za-zÀ-ɏ .'’-]{1,79}$"),
    Field(examples=["UA"]),
]
"""ISO 3166-1 alpha-2 of a country, or UN, EU, NATO, VA, or an organisation's English name."""


class Voice(Contract):
    """Somebody who says so."""

    name: Annotated[ShortText, Field(examples=["Olena Marchuk"])]
    """The name in its usual English spelling, or that of the medium."""
    office: Annotated[ShortText, Field(examples=["spokesperson of the general staff"])] | None = (
        None
    )
    """Office, such as `president` or `general staff`."""
    side: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Z]{2}$|^media$|^unknown$"),
        Field(examples=["UA"]),
    ] = "unknown"
    """ISO code of the side that speaks, `media`, or `unknown`."""
    assertion: ClaimAssertion | StanceAssertion
    """How this voice puts it."""
    evidence: Annotated[
        tuple[Annotated[int, Field(ge=0, le=19, examples=[0])], ...], Field(max_length=20)
    ] = ()
    """Positions in the list of evidence that show it."""


Voices = Annotated[tuple[Voice, ...], Field(min_length=1, max_length=20)]
"""Who says so, named ones before media; never empty."""


class ClaimSlots(Contract):
    """What a territorial claim says."""

    alert_type: Literal[AlertType.TERRITORIAL_CLAIM] = AlertType.TERRITORIAL_CLAIM
    """The type of alert."""
    claimant: CountryCode | None = None
    """The side that gains or holds the ground; null when contested or not said."""
    loser: CountryCode | None = None
    """The side that lost it, when said."""
    voices: Voices
    """Who says so."""
    action: Action
    """What happened to the ground."""
    assertion: ClaimAssertion
    """How the claim stands as a whole."""
    area_km2: Annotated[float, Field(gt=0, le=20_000_000, examples=[35.5])] | None = None
    """Area in square kilometres, only on the level it was stated for."""
    area_qualifier: AreaQualifier | None = None
    """Whether the area is exact; null without an area."""
    settlements: Annotated[int, Field(ge=1, le=100_000, examples=[3])] | None = None
    """How many settlements, when stated."""

    @model_validator(mode="after")
    def _check_qualifier(self) -> Self:
        if (self.area_km2 is None) != (self.area_qualifier is None):
            raise ValueError("area_qualifier: must be set exactly when area_km2 is")
        return self


class StanceSlots(Contract):
    """What a party says about talks."""

    alert_type: Literal[AlertType.NEGOTIATION_STANCE] = AlertType.NEGOTIATION_STANCE
    """The type of alert."""
    actor: ActorCode
    """Whose position it is."""
    voices: Voices
    """Who says so."""
    counterpart: ActorCode | None = None
    """The other party, when said."""
    stance: StanceValue
    """The position."""
    assertion: StanceAssertion
    """Whether it is stated by the party, reported by others, or denied."""
    topic: StanceTopic
    """What the talks are about."""
    conditions: Annotated[
        tuple[Annotated[str, StringConstraints(min_length=1, max_length=500)], ...],
        Field(max_length=10, examples=[["once prisoners are exchanged"]]),
    ] = ()
    """The conditions set, verbatim."""
    mediators: Annotated[tuple[ActorCode, ...], Field(max_length=10)] = ()
    """Who mediates; only when mediation is affirmed."""


class WarningSlots(Contract):
    """What a warning or a report of an air attack says."""

    alert_type: Literal[AlertType.AIR_RAID_WARNING] = AlertType.AIR_RAID_WARNING
    """The type of alert."""
    phase: Phase
    """What the text says: active, ended, or reported."""
    threats: Annotated[tuple[Threat, ...], Field(max_length=8)] = ()
    """Each threat named; empty when none is."""
    extent: Extent = Extent.WHOLE
    """Whether the whole named area is meant."""
    issued_by: Annotated[ShortText, Field(examples=["Sumy regional administration"])] | None = None
    """Who gave the warning, when said."""
    instruction: Instruction = Instruction.NONE
    """What people were told."""
    voices: Annotated[tuple[Voice, ...], Field(max_length=20)] = ()
    """Who says so, when said."""

    @property
    def threat(self) -> Threat:
        """The threats as one word: `unknown` for none, `mixed` for several."""
        if not self.threats:
            return Threat.UNKNOWN
        return self.threats[0] if len(self.threats) == 1 else Threat.MIXED


Slots = Annotated[ClaimSlots | StanceSlots | WarningSlots, Field(discriminator="alert_type")]
"""The slots of any type."""
