"""Where a partition's time stands: kept beside its state, so that a restart cannot turn it back."""

from datetime import UTC, datetime
from typing import Literal

from tocsin_schemas.contract import Contract, Instant, Version

CLOCK_KEY = b"clock"
"""The key of the record; no key of the domain's records looks like it."""

START = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of a partition that nothing was read from."""


class Clock(Contract):
    """The highest timestamp seen in a partition of `detections`."""

    kind: Literal["clock"] = "clock"
    """The kind of record."""
    v: Version = 1
    """Version of the internal contract."""
    now: Instant
    """That timestamp."""


def from_ms(timestamp_ms: int) -> datetime:
    """Kafka's timestamp as a time."""
    return datetime.fromtimestamp(timestamp_ms / 1000, UTC)
