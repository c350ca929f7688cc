"""Official alarms as alerts.in.ua tells them (version 1), and the words of the official channel.

The shape: https://devs.alerts.in.ua/ (alerts/active.json): `alerts` is the list of what is on, each
with `id`, `location_title`, `location_type` (oblast, raion, hromada, city), `location_oblast`,
`alert_type`, `started_at`.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

_KYIV = ZoneInfo("Europe/Kyiv")

AIR_RAID = "air_raid"
"""The only threat that is an air raid; shelling, street fights and the rest are counted alone."""

_MANY = 3
"""So many alarms never end within seconds of each other."""

_Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]


class Siren(BaseModel):
    """One alarm that is on."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    id: Annotated[int, Field(ge=0)]
    """Its number at the source."""
    location_title: _Name
    """The area, in Ukrainian."""
    location_type: str = "unknown"
    """What kind of area it is."""
    location_oblast: _Name | None = None
    """The oblast that the area lies in."""
    alert_type: str
    """What threatens."""
    started_at: AwareDatetime
    """When it was raised."""
    finished_at: AwareDatetime | None = None
    """When it was called off; null while it is on."""


class Active(BaseModel):
    """All alarms that are on."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    alerts: Annotated[tuple[Siren, ...], Field(max_length=5000)]
    """In no order."""


class Change(StrEnum):
    """What happened to an alarm between two polls."""

    RAISED = "raised"
    CALLED_OFF = "called-off"


def compare(before: Mapping[int, Siren], now: Mapping[int, Siren]) -> list[tuple[Change, Siren]]:
    """The alarms that came and went, those that went first: an area may be alarmed anew."""
    gone = [(Change.CALLED_OFF, siren) for key, siren in before.items() if key not in now]
    new = [(Change.RAISED, siren) for key, siren in now.items() if key not in before]
    return gone + new


def is_doubtful(before: Mapping[int, Siren], now: Mapping[int, Siren]) -> bool:
    """Whether an answer calls off so much at once that it may be an outage of the source.

    Such an answer must come twice before anything is called off: an all-clear that nobody gave is
    worse than one that comes a quarter of a minute late.
    """
    return len(before) >= _MANY and not now.keys() & before.keys()


def tell(change: Change, siren: Siren, at: datetime) -> str:
    """The change in the words of the official channel.

    Args:
        change: what happened.
        siren: to which alarm.
        at: when, for the clock in the text.

    """
    area = siren.location_title
    if siren.location_oblast and siren.location_oblast != siren.location_title:
        area = f"{area}, {siren.location_oblast}"
    clock = at.astimezone(_KYIV).strftime("%H:%M")
    if change is Change.RAISED:
        return f"🔴 {clock} Повітряна тривога: {area}."
    return f"🟢 {clock} Відбій повітряної тривоги: {area}."
