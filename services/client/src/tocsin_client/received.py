"""An alert as it came, with its place in Kafka and what may be concluded from it now."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tocsin_schemas.alerts import AirRaidWarningAlert
from tocsin_schemas.filter import AnyAlert
from tocsin_schemas.standing import is_on


@dataclass(frozen=True, slots=True)
class Received:
    """One alert, handed over by an `AlertStream`."""

    alert: AnyAlert
    """The alert."""
    topic: str
    """Full name of its topic."""
    partition: int
    """Its partition; the alerts of one event are in one partition, in order."""
    offset: int
    """Its offset."""
    _commit: "Callable[[Received], Awaitable[None]]" = field(repr=False, compare=False)
    _is_replaced: "Callable[[Received], bool]" = field(repr=False, compare=False)

    @property
    def is_replaced(self) -> bool:
        """The stream has read a later revision of the same event, wanted or not."""
        return self._is_replaced(self)

    def is_on(self, now: datetime | None = None) -> bool:
        """Whether a warning may be shown as under way at `now` (by default: now).

        False for everything else, and for an active alert that is late, expired, retracted or
        replaced. It can turn from true to false, so ask again when you show it again.
        """
        return (
            isinstance(self.alert, AirRaidWarningAlert)
            and not self.is_replaced
            and is_on(self.alert, now or datetime.now(UTC))
        )

    async def commit(self) -> None:
        """Tell Kafka that this alert and those before it in its partition are done with.

        After a restart the group goes on behind it. When the partition has moved to another member
        of the group meanwhile, nothing is stored and that member gets the alert again.

        Raises:
            ValueError: the stream has no group.
            aiokafka.errors.KafkaError: the broker did not store it.

        """
        await self._commit(self)
