"""How far a partition may be committed: behind what the subscriber has finished, never before."""

from uuid import UUID


class Progress:
    """The state of one partition; offsets are those of Kafka, a commit names the next one to read.

    Alerts that are handed over wait for the subscriber's commit. What is passed over (filtered out,
    unreadable, a repeat) needs none and is committed as soon as nothing before it waits.
    """

    def __init__(self, start: int) -> None:
        """Nothing is read yet.

        Args:
            start: the first offset to read, which counts as not stored.

        """
        self._next = start
        self._stored: int | None = None
        self._waiting: dict[int, UUID] = {}

    def pass_over(self, offset: int) -> None:
        """A record was read that the subscriber does not get."""
        self._next = offset + 1

    def hand_over(self, offset: int, alert_id: UUID) -> None:
        """A record was read and given to the subscriber."""
        self._next = offset + 1
        self._waiting[offset] = alert_id

    def finish(self, offset: int) -> list[UUID]:
        """The subscriber committed an alert, and with it all before it; returns their ids."""
        done = [waiting for waiting in self._waiting if waiting <= offset]
        self._next = max(self._next, offset + 1)
        return [self._waiting.pop(one) for one in done]

    def due(self) -> int | None:
        """The offset to commit, None when the broker has it already."""
        reached = min(self._waiting, default=self._next)
        return None if reached == self._stored else reached

    def store(self, offset: int) -> None:
        """The broker has this offset."""
        self._stored = offset
