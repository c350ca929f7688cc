"""What makes two reports one event: identity slots, areas and what contains what."""

from typing import Annotated, Literal

from pydantic import Field

from tocsin_schemas.contract import Contract
from tocsin_schemas.place import Place
from tocsin_schemas.slots import ClaimSlots, StanceSlots
from tocsin_schemas.vocabulary import Action, Level, StanceTopic, StanceValue

SIDES = {"UA": "RU", "RU": "UA"}
"""The sides of the war, each with the one opposite."""

NOBODY = "none"
"""The holder of contested ground, and of ground that changed hands without a word on who has it."""

UNPLACED = "?"
"""The area of a claim that names no place."""


class ClaimIdentity(Contract):
    """Who has which ground by the statement."""

    type: Literal["claim"] = "claim"
    area: str
    holder: str
    group: Literal["control", "contested", "sovereignty"]


class StanceIdentity(Contract):
    """Who takes which position on what."""

    type: Literal["stance"] = "stance"
    actor: str
    topic: StanceTopic
    position: Literal["open", "closed", "mediating"]


class AlarmIdentity(Contract):
    """The named area that an alarm is on for."""

    type: Literal["alarm"] = "alarm"
    area: str


class AttackIdentity(Contract):
    """The region and the night or day of an attack; None when it cannot be placed in time."""

    type: Literal["attack"] = "attack"
    region: str
    period: str | None


Identity = Annotated[
    ClaimIdentity | StanceIdentity | AlarmIdentity | AttackIdentity, Field(discriminator="type")
]
"""The identity slots of an event: never changed after its first detection."""


def text_of(identity: ClaimIdentity | StanceIdentity | AlarmIdentity | AttackIdentity) -> str:
    """The identity as one comparable string."""
    return "|".join(str(value) for value in identity.model_dump(mode="json").values())


def same_event(
    event: ClaimIdentity | StanceIdentity | AlarmIdentity | AttackIdentity,
    told: ClaimIdentity | StanceIdentity | AlarmIdentity | AttackIdentity,
) -> bool:
    """Whether a report with these identity slots is about the event: all of them are equal."""
    return event == told


def may_be_same_event(
    event: ClaimIdentity | StanceIdentity | AlarmIdentity | AttackIdentity,
    told: ClaimIdentity | StanceIdentity | AlarmIdentity | AttackIdentity,
) -> bool:
    """Whether a report that leaves a slot open fits the event in all the others."""
    return (
        isinstance(event, AttackIdentity)
        and isinstance(told, AttackIdentity)
        and told.period is None
        and event.region == told.region
    )


def area_key(place: Place | None) -> str:
    """The area as a comparable string: the region's code, or the code and the unit in it."""
    if place is None:
        return UNPLACED
    if place.level in (Level.REGION, Level.COUNTRY) and place.code:
        return place.code
    return f"{place.code or UNPLACED}/{place.katottg or place.canonical_name.casefold()}"


def covers(larger: Place, smaller: Place) -> bool:
    """Whether an area is the same as, or contains, another (town in raion in oblast)."""
    return area_key(larger) == area_key(smaller) or contains(larger, smaller)


def contains(larger: Place, smaller: Place) -> bool:
    """Whether an area properly contains another."""
    if area_key(larger) == area_key(smaller):
        return False
    if larger.level is Level.COUNTRY:
        return bool(smaller.code and larger.code and smaller.code.startswith(larger.code))
    if larger.level is Level.REGION:
        return bool(larger.code) and larger.code == smaller.code
    return larger.code == smaller.code and larger.canonical_name in smaller.parents


def claim_holder(slots: ClaimSlots) -> str:
    """Who has the ground by a statement: the claimant, else the side opposite the loser."""
    if slots.action is Action.CONTESTED:
        return NOBODY
    if slots.claimant is not None:
        return slots.claimant
    return SIDES.get(slots.loser or "", NOBODY)


def claim_identity(
    slots: ClaimSlots, place: Place | None, holder: str | None = None
) -> ClaimIdentity:
    """The identity of a claim; `holder` replaces the one that the slots give (a denial's)."""
    group: Literal["control", "contested", "sovereignty"] = "control"
    if slots.action is Action.CONTESTED:
        group = "contested"
    elif slots.action is Action.SOVEREIGNTY:
        group = "sovereignty"
    return ClaimIdentity(area=area_key(place), holder=holder or claim_holder(slots), group=group)


def stance_identity(slots: StanceSlots) -> StanceIdentity:
    """The identity of a stance: supports and conditional are both open to talks."""
    positions: dict[StanceValue, Literal["open", "closed", "mediating"]] = {
        StanceValue.SUPPORTS: "open",
        StanceValue.CONDITIONAL: "open",
        StanceValue.REJECTS: "closed",
        StanceValue.MEDIATES: "mediating",
    }
    return StanceIdentity(actor=slots.actor, topic=slots.topic, position=positions[slots.stance])
