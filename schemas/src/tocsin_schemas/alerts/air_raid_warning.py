"""The alert of an air-raid warning, an all-clear, or a report of an air attack."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from tocsin_schemas.alerts.common import AlertBase
from tocsin_schemas.contract import Instant, RegionCode, ShortText
from tocsin_schemas.place import Place
from tocsin_schemas.slots import Voice
from tocsin_schemas.vocabulary import AlertType, Extent, Instruction, Phase, Status, Threat


class AirRaidWarningAlert(AlertBase):
    """An alarm (active, ended, lapsed) or a report of an attack that is over."""

    schema_: Annotated[
        Literal["https://schemas.tocsin.example/v1/air-raid-warning.schema.json"],
        Field(alias="schema"),
    ] = "https://schemas.tocsin.example/v1/air-raid-warning.schema.json"
    """Versioned URI of the schema that this alert follows."""
    alert_type: Literal[AlertType.AIR_RAID_WARNING] = AlertType.AIR_RAID_WARNING
    """The type of alert."""
    region: RegionCode
    """ISO 3166-2 code of the region (or the country's code) that the area lies in."""
    area: Place
    """The area as named: the region itself or a part of it."""
    extent: Extent = Extent.WHOLE
    """Whether the alarm is on in the whole area or only in a part that is left."""
    ended_areas: Annotated[tuple[Place, ...], Field(max_length=100)] = ()
    """Parts for which an all-clear was given while the larger alarm stays on."""
    threat: Threat = Threat.UNKNOWN
    """The threats as one word: `unknown` for none, `mixed` for several."""
    threats: Annotated[tuple[Threat, ...], Field(max_length=8)] = ()
    """Each threat named."""
    phase: Phase
    """Active, ended by an all-clear, lapsed without one, or reported afterwards."""
    issued_by: Annotated[ShortText, Field(examples=["Sumy regional administration"])] | None = None
    """Who gave the warning, when said."""
    voices: Annotated[tuple[Voice, ...], Field(max_length=20)] = ()
    """Who says so, when said."""
    instruction: Instruction = Instruction.NONE
    """What people were told; `shelter` only while active."""
    started_at: Instant | None = None
    """When the alarm began, as far as known."""
    ended_at: Instant | None = None
    """When the all-clear was given; null otherwise."""
    official_match: bool = False
    """An official alarm for the same area and time is known."""

    @model_validator(mode="after")
    def _check_phase(self) -> Self:
        if (self.status is Status.ENDED) != (
            self.phase is Phase.ENDED
        ) and self.status is not Status.RETRACTED:
            raise ValueError(f"status: {self.status} does not fit phase {self.phase}")
        if self.instruction is Instruction.SHELTER and self.phase is not Phase.ACTIVE:
            raise ValueError("instruction: shelter is said only while the alarm is active")
        return self
