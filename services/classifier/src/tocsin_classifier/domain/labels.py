"""Labelled documents: what somebody who read an article says it should give."""

from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from tocsin_schemas.vocabulary import Action, AlertType, Phase, StanceTopic, StanceValue, Threat


class LabelError(ValueError):
    """A labelled document that cannot be used; the message names the field and the reason."""


def _hyphened(value: object) -> object:
    return value.replace("_", "-") if isinstance(value, str) else value


LabelType = Annotated[AlertType, BeforeValidator(_hyphened)]
"""A type of alert, written with `-` or with `_`."""


class Label(BaseModel):
    """One alert that a document should give; fields of other types stay empty."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    type: LabelType
    quote: Annotated[str, Field(min_length=1)]
    start: Annotated[int, Field(ge=0)] | None = None
    """Offset of the quote in code points; found by its words when it is not given."""
    end: Annotated[int, Field(ge=1)] | None = None
    regions: tuple[str, ...] | None = None
    claimant: str | None = None
    action: Action | None = None
    actor: str | None = None
    stance: StanceValue | None = None
    topic: StanceTopic | None = None
    phase: Phase | None = Field(default=None, alias="status")
    threat: Threat | None = None

    @model_validator(mode="after")
    def _check_slots(self) -> Self:
        needed = {
            AlertType.TERRITORIAL_CLAIM: ("action",),
            AlertType.NEGOTIATION_STANCE: ("actor", "stance"),
            AlertType.AIR_RAID_WARNING: ("phase",),
        }
        for name in needed[self.type]:
            if getattr(self, name) is None:
                shown = "status" if name == "phase" else name
                raise ValueError(f"a label of type {self.type} needs `{shown}`")
        return self


class UnsureLabel(BaseModel):
    """A statement that could be read either way: it counts neither as a hit nor as an alarm."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: LabelType


class Labels(BaseModel):
    """All that a line of labels says about its document, the text apart."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    alerts: tuple[Label, ...]
    unsure: tuple[UnsureLabel, ...] = ()

    @property
    def unsure_types(self) -> frozenset[AlertType]:
        """The types of which something unsure stands in the document."""
        return frozenset(one.type for one in self.unsure)


def read_labels(given: dict[str, Any]) -> Labels:
    """The labels of one line (`alerts`, `unsure`).

    Raises:
        LabelError: a field is missing or holds what it must not.

    """
    try:
        return Labels.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise LabelError(f"{field}: {first['msg']} (seen: {first['input']!r})") from error
