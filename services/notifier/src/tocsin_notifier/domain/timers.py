"""The timers of a state: most are set for full hours, so those of one time stand together."""

import heapq
from dataclasses import dataclass, field

_SLACK = 1000


@dataclass(slots=True)
class _Time:
    at: float
    keys: list[str] = field(default_factory=list)
    """Keys that were set to this time; those that were moved since are passed over."""


class Timers:
    """One timer a key at most; times are seconds of the epoch."""

    __slots__ = ("_entries", "_heap", "_of", "_times")

    def __init__(self) -> None:
        self._of: dict[str, _Time] = {}
        self._times: dict[float, _Time] = {}
        self._heap: list[float] = []
        self._entries = 0

    def set(self, key: str, at: float) -> None:
        """Set or move the timer of a key."""
        held = self._of.get(key)
        if held is not None and held.at == at:
            return
        self._enter(key, at)
        if self._entries > 2 * len(self._of) + _SLACK:
            self._rebuild()

    def remove(self, key: str) -> None:
        """Remove the timer of a key, if it has one."""
        self._of.pop(key, None)

    def next_at(self) -> float | None:
        """The earliest time, None when there is none."""
        while self._heap:
            time = self._times[self._heap[0]]
            while time.keys and self._of.get(time.keys[-1]) is not time:
                time.keys.pop()
                self._entries -= 1
            if time.keys:
                return time.at
            del self._times[heapq.heappop(self._heap)]
        return None

    def keys_until(self, limit: float) -> tuple[str, ...]:
        """The keys whose time has come, earliest first, those of one time by name."""
        found: list[str] = []
        for at in sorted(self._earliest(limit)):
            time = self._times[at]
            found += sorted({key for key in time.keys if self._of.get(key) is time})
        return tuple(found)

    def _earliest(self, limit: float) -> list[float]:
        # Walks the heap's upper part only: a parent is never later than its children.
        waiting, found = [0], []
        while waiting:
            place = waiting.pop()
            if place < len(self._heap) and self._heap[place] <= limit:
                found.append(self._heap[place])
                waiting.extend((2 * place + 1, 2 * place + 2))
        return found

    def _enter(self, key: str, at: float) -> None:
        time = self._times.get(at)
        if time is None:
            time = self._times[at] = _Time(at)
            heapq.heappush(self._heap, at)
        time.keys.append(key)
        self._of[key] = time
        self._entries += 1

    def _rebuild(self) -> None:
        """Leave out what was moved or removed."""
        held = {key: time.at for key, time in self._of.items()}
        self._of, self._times, self._heap, self._entries = {}, {}, [], 0
        for key, at in held.items():
            self._enter(key, at)
