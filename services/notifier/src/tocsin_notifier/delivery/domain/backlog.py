"""What one subscription has still to be told from one partition: the newest of each event."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

Ranges = tuple[tuple[int, int], ...]
"""First and last offset of each range, in order."""

Spot = tuple[str, int, int]
"""Topic as the broker knows it, partition, offset."""


@dataclass(slots=True, eq=False)
class Waiting:
    """An alert that was not delivered yet; its bytes may lie in the log only."""

    spot: Spot
    event: bytes
    """What newer ones replace: the key of the record."""
    group: str
    """Alerts of one incident have the same one."""
    at: datetime
    """When Kafka took it."""
    seen_at: datetime
    """When it was read."""
    key: bytes | None = None
    """The record's key."""
    headers: tuple[tuple[str, bytes], ...] = ()
    """The record's headers."""
    value: bytes | None = None
    """The record's value; None while only the log holds it."""
    urgent_until: datetime | None = None
    """It says that something is on, or over, and until when that is worth a call at night."""
    drill: bool = False
    replayed: bool = False
    """Asked for again by an operator."""
    replaced: bool = False
    """The log holds a newer revision that the subscriber does not want."""
    after: "Waiting | None" = None
    """An older revision that was on its way when this one came."""
    busy: bool = False
    """On its way now."""
    tries: int = 0
    refusals: int = 0
    next_at: datetime | None = None
    """Not to be tried before; None for at once."""
    failing_since: datetime | None = None

    @property
    def offset(self) -> int:
        """Its offset in its partition."""
        return self.spot[2]

    @property
    def size(self) -> int:
        """Bytes that it takes in memory."""
        return len(self.value or b"") + sum(len(value) for _, value in self.headers)

    def may_go(self, now: datetime) -> bool:
        """Whether it is here, not on its way, and its time has come."""
        if self.after is not None and not self.after.busy:
            self.after = None
        due = self.next_at is None or self.next_at <= now
        return due and self.value is not None and not self.busy and self.after is None

    def is_urgent(self, now: datetime) -> bool:
        """Whether it is worth a call at night."""
        return self.urgent_until is not None and now < self.urgent_until and not self.replaced


@dataclass(slots=True)
class Backlog:
    """One partition: read to the end of the log, so that replaced revisions are known."""

    scanned: int
    """The offset that is read next for the first time."""
    done: Ranges = ()
    """Delivered before the start, behind the committed offset."""
    waiting: dict[int, Waiting] = field(default_factory=dict)
    """By offset, in order."""
    _newest: dict[bytes, Waiting] = field(default_factory=dict)
    _finished: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._finished = [end for one in self.done for end in one]

    def pass_by(self, offset: int) -> bool:
        """Note that a record was read; True when it was dealt with before the start."""
        self.scanned = offset + 1
        return any(first <= offset <= last for first, last in self.done)

    def supersede(self, event: bytes) -> Waiting | None:
        """Note that a newer revision of an event was told before the start.

        Returns:
            The older one that was read again; it is told no more.

        """
        former = self._newest.get(event)
        if former is not None:
            self._remove(former)
        return former

    def add(self, one: Waiting) -> Waiting | None:
        """Take an alert that is to be delivered.

        Returns:
            The older revision of its event that will not be delivered any more; None when there
            was none, or when it is on its way and nobody can call it back.

        """
        former = self._newest.get(one.event)
        self._newest[one.event] = one
        self.waiting[one.offset] = one
        if former is None:
            return None
        if former.busy:
            one.after = former
            return None
        one.after = former.after
        self._remove(former)
        return former

    def outdate(self, event: bytes) -> None:
        """Note that an event has a newer revision which the subscriber does not want."""
        former = self._newest.get(event)
        if former is not None:
            former.replaced = True

    def finish(self, one: Waiting) -> None:
        """Note that an alert was delivered, or given up on."""
        if self.waiting.get(one.offset) is one:
            self._remove(one)
            self._finished.append(one.offset)

    def is_replaced(self, one: Waiting) -> bool:
        """Whether a newer revision waits behind it: a failed attempt is not repeated then."""
        return self._newest.get(one.event) is not one

    def drop(self, one: Waiting) -> None:
        """Forget an alert that was replaced while it was on its way."""
        if self.waiting.get(one.offset) is one:
            self._remove(one)

    def _remove(self, one: Waiting) -> None:
        del self.waiting[one.offset]
        if self._newest.get(one.event) is one:
            del self._newest[one.event]

    @property
    def position(self) -> int:
        """The first offset that must be read again after a restart."""
        return next(iter(self.waiting), self.scanned)

    def finished(self) -> Ranges:
        """What needs no repeat behind the position, as few ranges as possible."""
        left = list(self.waiting)
        self._finished = [one for one in self._finished if left and one > left[0]]
        return tuple(_between(sorted(self._finished), left))


def _between(finished: Sequence[int], left: Sequence[int]) -> Iterable[tuple[int, int]]:
    """What is finished between two that are left is one range: the rest there is unwanted."""
    at = 0
    for number, _ in enumerate(left):
        end = left[number + 1] if number + 1 < len(left) else None
        begin = at
        while at < len(finished) and (end is None or finished[at] < end):
            at += 1
        if at > begin:
            yield finished[begin], finished[at - 1]
