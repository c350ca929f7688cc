"""What a kind of subscription must be able to do; everything else is the courier's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tocsin_notifier.delivery.domain.backlog import Waiting
from tocsin_notifier.delivery.domain.retry import Answer

Parcel = tuple[Waiting, ...]
"""Alerts that are told together, in one request or message."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be sent now, and when to look again."""

    parcels: Sequence[Parcel] = ()
    """The most urgent first."""
    next_at: datetime | None = None
    """When more will be due; None when nothing waits."""


class Sink(Protocol):
    """Sends the alerts of one subscription."""

    connections: int
    """How many parcels may be on their way at once."""

    def plan(self, waiting: Iterable[Waiting], now: datetime) -> Plan:
        """Choose what to send of what may go."""

    async def send(self, parcel: Parcel, now: datetime) -> Answer:
        """Send a parcel; never raises for what the other side does."""

    async def close(self) -> None:
        """Let everything go."""
