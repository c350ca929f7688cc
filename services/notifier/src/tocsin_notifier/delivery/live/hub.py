"""One reader of the alert topics fans out to all listeners through one short, shared memory.

Nothing is queued for a listener: it has a place in the shared memory and reads on from there. So a
thousand listeners cost no more memory than one, and who falls too far behind is cut off.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tocsin_notifier.delivery.domain.position import Layout, Partition
from tocsin_notifier.domain.outcome import AnyAlert

MAX_BEHIND = 1_000
"""A listener that is so many alerts behind is cut off."""

KEPT = 1_500
"""Alerts in the shared memory; who resumes from before them reads from Kafka first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An alert in the shared memory."""

    number: int
    """Counts from 1 in the order in which they were read."""
    partition: int
    """Its partition's place in the layout."""
    offset: int
    alert: AnyAlert
    body: bytes
    """The alert as JSON, in one line."""
    position: tuple[int, ...]
    """How far the reader had come with it."""
    position_id: str
    """The same as the id of an event."""


@dataclass(eq=False, slots=True)
class Listener:
    """Somebody who reads from the shared memory."""

    cut_off: Callable[[], object]
    """Ends the listener's connection, whatever it waits for."""
    number: int = 0
    """The last entry that it has read."""
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    is_cut_off: bool = False
    """It was too slow."""


class Hub:
    """The shared memory and who listens."""

    def __init__(self, *, kept: int = KEPT, max_behind: int = MAX_BEHIND) -> None:
        self.layout = Layout({})
        """The partitions that are read; known once the reader begins."""
        self._index: dict[Partition, int] = {}
        self._head: list[int] = []
        self._floor: list[int] = []
        self._entries: deque[Entry] = deque()
        self._kept = kept
        self._max_behind = max_behind
        self._listeners: set[Listener] = set()
        self._ready = asyncio.Event()
        self.closed = False
        self.pulse = b""
        """What the pipeline's sight is, as JSON; told to every listener when it changes."""

    def __len__(self) -> int:
        return len(self._listeners)

    @property
    def head(self) -> tuple[int, ...]:
        """How far the reader has come."""
        return tuple(self._head)

    @property
    def newest(self) -> int:
        """The number of the last entry; 0 before the first."""
        return self._entries[-1].number if self._entries else 0

    def begin(self, layout: Layout, starts: Mapping[Partition, int]) -> None:
        """Say what the reader reads, and where it begins in each partition."""
        self.layout = layout
        self._index = {one: place for place, one in enumerate(layout.partitions())}
        self._head = [starts[one] for one in layout.partitions()]
        self._floor = list(self._head)

    def open(self) -> None:
        """Say that the reader has caught up: from here on listeners are served."""
        self._ready.set()

    async def wait_open(self) -> None:
        """Wait until the reader has caught up, or everything ends."""
        await self._ready.wait()

    def take(self, partition: Partition, offset: int, alert: AnyAlert) -> None:
        """Take an alert from the reader and wake the listeners; cuts off who is too far behind."""
        place = self._index[partition]
        self._head[place] = offset + 1
        position = self.head
        entry = Entry(
            number=self.newest + 1,
            partition=place,
            offset=offset,
            alert=alert,
            body=alert.to_json(),
            position=position,
            position_id=self.layout.encode(position),
        )
        self._entries.append(entry)
        if len(self._entries) > self._kept:
            gone = self._entries.popleft()
            self._floor[gone.partition] = gone.offset + 1
        for listener in [*self._listeners]:
            if entry.number - listener.number > self._max_behind:
                self._listeners.discard(listener)
                listener.is_cut_off = True
                listener.cut_off()
            else:
                listener.woken.set()

    def skip(self, partition: Partition, offset: int) -> None:
        """Note that the reader has passed a record that is no alert."""
        self._head[self._index[partition]] = offset + 1

    def beat(self, pulse: bytes) -> None:
        """Tell every listener how the pipeline's sight is."""
        self.pulse = pulse
        for listener in self._listeners:
            listener.woken.set()

    def remembers(self, position: Sequence[int]) -> bool:
        """Whether everything after a position is still in the shared memory."""
        return all(at >= floor for at, floor in zip(position, self._floor, strict=True))

    def listen(self, listener: Listener, position: Sequence[int]) -> list[Entry]:
        """Let a listener in; gives what it has missed since its position, in order."""
        listener.number = self.newest
        self._listeners.add(listener)
        return [one for one in self._entries if one.offset >= position[one.partition]]

    def leave(self, listener: Listener) -> None:
        """Let a listener go."""
        self._listeners.discard(listener)

    def read_on(self, listener: Listener) -> list[Entry]:
        """The entries since the listener's last one; it counts them as read one by one itself."""
        missed = self.newest - listener.number
        if missed <= 0:
            return []
        return [self._entries[at] for at in range(len(self._entries) - missed, len(self._entries))]

    def close(self) -> None:
        """End all listening."""
        self.closed = True
        self._ready.set()
        for listener in self._listeners:
            listener.woken.set()
