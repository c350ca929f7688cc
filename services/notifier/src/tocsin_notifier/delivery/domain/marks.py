"""What a subscription remembers beside its committed offsets, as Kafka's metadata of a commit."""

import json
from dataclasses import dataclass
from datetime import datetime

from tocsin_notifier.delivery.domain.backlog import Ranges

MAX_CHARACTERS = 3_500
"""Kafka takes 4,096 bytes; what does not fit is delivered again after a restart."""


@dataclass(frozen=True, slots=True)
class Gone:
    """An endpoint answered that it is gone for good."""

    target: str
    """Which one: the digest of its address."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Marks:
    """What is known of one partition."""

    done: Ranges = ()
    """Delivered behind the committed offset."""
    gone: Gone | None = None

    def to_text(self, position: int) -> str:
        """As metadata of the commit of that position; empty when there is nothing to remember."""
        known: dict[str, object] = {}
        if self.gone is not None:
            known["gone"] = [self.gone.target, self.gone.at.isoformat()]
        ranges = [[first - position, last - position] for first, last in self.done]
        while len(json.dumps(ranges)) > MAX_CHARACTERS:
            ranges = ranges[: len(ranges) * 9 // 10]
        if ranges:
            known["done"] = ranges
        return json.dumps(known, separators=(",", ":")) if known else ""


def read_marks(text: str | None, position: int) -> Marks:
    """The marks in the metadata of a commit; what cannot be read is taken for nothing."""
    try:
        known = json.loads(text or "{}")
        done = tuple((position + int(a), position + int(b)) for a, b in known.get("done", ()))
        gone = known.get("gone")
        told = Gone(str(gone[0]), datetime.fromisoformat(gone[1])) if gone else None
    except (ValueError, TypeError, AttributeError, IndexError):
        return Marks()
    return Marks(done, told)
