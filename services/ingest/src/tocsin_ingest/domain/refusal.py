"""A refusal: which field of a request is wrong, and why, for the caller and for the metric."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one field was refused."""

    field: str
    """The field as the caller wrote it, `body` for the whole request."""
    code: str
    """A short word of a closed set, for the metric."""
    reason: str
    """For a person: the value seen, what is allowed, what to do."""
    index: int | None = None
    """Position in the list that was posted; null when the whole request is meant."""


class RefusedError(Exception):
    """An article cannot be taken; `refusals` says all that is wrong with it."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__("; ".join(f"{r.field}: {r.reason}" for r in refusals))
        self.refusals = refusals
