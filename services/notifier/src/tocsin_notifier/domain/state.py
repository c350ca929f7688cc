"""The state of one partition in memory, with the indices that correlation needs."""

import heapq
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from tocsin_notifier.domain.records import AnyStateRecord, read_state_record

Change = tuple[str, AnyStateRecord | None]
"""A record key with its new record, or None when it is forgotten (a tombstone)."""

_FAST = 1
"""zlib's fastest level: it halves the records at little cost."""


class State:
    """The records of one partition.

    Records are kept as compressed JSON and parsed when needed, so that 100,000 live events fit in
    300 MB. Nothing changes it but `load` and `apply`.
    """

    __slots__ = ("_buckets", "_due", "_records", "_timers")

    def __init__(self) -> None:
        self._records: dict[str, bytes] = {}
        self._buckets: dict[str, str | set[str]] = {}
        self._due: dict[str, float] = {}
        self._timers: list[tuple[float, str]] = []

    def __len__(self) -> int:
        return len(self._records)

    def get(self, key: str) -> AnyStateRecord | None:
        """The record with that key, None when there is none."""
        packed = self._records.get(key)
        return None if packed is None else read_state_record(zlib.decompress(packed))

    def iterate(self) -> Iterator[AnyStateRecord]:
        """All records, in no particular order."""
        return (read_state_record(zlib.decompress(packed)) for packed in self._records.values())

    def keys_in(self, bucket: str) -> tuple[str, ...]:
        """The sorted keys of the records that stand in a bucket (see `records`)."""
        keys = self._buckets.get(bucket, ())
        return (keys,) if isinstance(keys, str) else tuple(sorted(keys))

    def load(self, records: Iterable[AnyStateRecord]) -> None:
        """Take records read from the state topic, the later of a key replacing the earlier."""
        self.apply((record.key(), record) for record in records)

    def apply(self, changes: Iterable[Change]) -> None:
        """Take over the changes of an outcome."""
        for key, record in changes:
            self._forget(key)
            if record is not None:
                self._keep(key, record)

    def next_due(self) -> datetime | None:
        """When the earliest timer (lapse, forget) is due, None when there is none."""
        while self._timers:
            at, key = self._timers[0]
            if self._due.get(key) == at:
                return datetime.fromtimestamp(at, UTC)
            heapq.heappop(self._timers)
        return None

    def due_keys(self, now: datetime) -> tuple[str, ...]:
        """The keys of the records whose timer is due, earliest first."""
        limit = now.timestamp()
        found = [(at, key) for key, at in self._earliest(limit)]
        return tuple(key for _, key in sorted(found))

    def _earliest(self, limit: float) -> Iterator[tuple[str, float]]:
        # Walks the heap's upper part only: a parent is never later than its children.
        waiting = [0]
        seen: set[str] = set()
        while waiting:
            place = waiting.pop()
            if place >= len(self._timers) or self._timers[place][0] > limit:
                continue
            at, key = self._timers[place]
            if self._due.get(key) == at and key not in seen:
                seen.add(key)
                yield key, at
            waiting.extend((2 * place + 1, 2 * place + 2))

    def _keep(self, key: str, record: AnyStateRecord) -> None:
        self._records[key] = zlib.compress(record.to_json(), _FAST)
        for bucket in record.buckets():
            held = self._buckets.get(bucket)
            if held is None:
                self._buckets[bucket] = key
            elif isinstance(held, set):
                held.add(key)
            elif held != key:
                self._buckets[bucket] = {held, key}
        if record.due_at is not None:
            at = record.due_at.timestamp()
            self._due[key] = at
            heapq.heappush(self._timers, (at, key))
            if len(self._timers) > 2 * len(self._due) + 1000:
                self._timers = [(due, name) for name, due in self._due.items()]
                heapq.heapify(self._timers)

    def _forget(self, key: str) -> None:
        packed = self._records.pop(key, None)
        if packed is None:
            return
        self._due.pop(key, None)
        for bucket in read_state_record(zlib.decompress(packed)).buckets():
            held = self._buckets[bucket]
            if isinstance(held, set):
                held.discard(key)
                if len(held) == 1:
                    self._buckets[bucket] = held.pop()
            else:
                del self._buckets[bucket]
