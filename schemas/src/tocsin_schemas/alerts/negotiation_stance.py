"""The alert of a party's position on talks."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from tocsin_schemas.alerts.common import AlertBase, LastingStatus
from tocsin_schemas.slots import ActorCode, Voices
from tocsin_schemas.vocabulary import AlertType, Shift, StanceAssertion, StanceTopic, StanceValue


class NegotiationStanceAlert(AlertBase):
    """A party states, or is reported to hold, a position on talks."""

    schema_: Annotated[
        Literal["https://schemas.tocsin.example/v1/negotiation-stance.schema.json"],
        Field(alias="schema"),
    ] = "https://schemas.tocsin.example/v1/negotiation-stance.schema.json"
    """Versioned URI of the schema that this alert follows."""
    alert_type: Literal[AlertType.NEGOTIATION_STANCE] = AlertType.NEGOTIATION_STANCE
    """The type of alert."""
    status: LastingStatus
    """New, updated or retracted; a stance never ends."""
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
    previous_stance: StanceValue | None = None
    """The actor's last differing stance on the topic of an earlier day, null when none is known."""
    shift: Shift = Shift.NONE
    """The change against previous_stance."""
