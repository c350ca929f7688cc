"""The state of one partition in memory, with the indices that correlation needs."""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from tocsin_notifier.domain.heading import Heading
from tocsin_notifier.domain.keys import kind_of
from tocsin_notifier.domain.packing import pack, unpack
from tocsin_notifier.domain.records import AnyStateRecord, read_state_record
from tocsin_notifier.domain.timers import Timers

Change = tuple[str, AnyStateRecord | None]
"""A record key with its new record, or None when it is forgotten (a tombstone)."""

PARSED = 2000
"""How many records are kept parsed beside their packed form: those that are in use."""


class State:
    """The records of one partition.

    Records are kept packed and parsed when needed, so that 100,000 live events fit in 300 MB.
    Nothing changes it but `load_value` and `apply`.
    """

    __slots__ = ("_buckets", "_counts", "_parsed", "_records", "_timers")

    def __init__(self) -> None:
        self._records: dict[str, bytes] = {}
        self._parsed: OrderedDict[str, AnyStateRecord] = OrderedDict()
        self._buckets: dict[int, str | set[str]] = {}
        """By the hash of a bucket's name: a third of the memory that the names would need."""
        self._counts: Counter[str] = Counter()
        self._timers = Timers()

    def __len__(self) -> int:
        return len(self._records)

    def get(self, key: str) -> AnyStateRecord | None:
        """The record with that key, None when there is none."""
        parsed = self._parsed.get(key)
        if parsed is not None:
            self._parsed.move_to_end(key)
            return parsed
        packed = self._records.get(key)
        if packed is None:
            return None
        record = read_state_record(unpack(packed))
        self._hold(key, record)
        return record

    def keys_in(self, bucket: str) -> tuple[str, ...]:
        """The sorted keys of the records that stand in a bucket (see `records`).

        Others whose bucket has the same hash may be among them: the records tell.
        """
        keys = self._buckets.get(hash(bucket), ())
        return (keys,) if isinstance(keys, str) else tuple(sorted(keys))

    def size_of(self, bucket: str) -> int:
        """How many records stand in a bucket; one more in the unlikely case of equal hashes."""
        keys = self._buckets.get(hash(bucket), ())
        return 1 if isinstance(keys, str) else len(keys)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many records there are of each kind."""
        return self._counts

    def load_value(self, key: str, value: bytes, heading: Heading) -> None:
        """Take a record read from the state topic, as its bytes.

        Args:
            key: its key; one that is held already is replaced.
            value: the record.
            heading: what `read_heading` says of it.

        """
        self._keep(key, value, heading)

    def apply(self, changes: Iterable[Change]) -> None:
        """Take over the changes of an outcome."""
        for key, record in changes:
            if record is None:
                self._forget(key)
            else:
                self._keep(key, record.to_json(), Heading(record.buckets(), record.due_at))
                self._hold(key, record)

    def next_due(self) -> datetime | None:
        """When the earliest timer (lapse, forget) is due, None when there is none."""
        at = self._timers.next_at()
        return None if at is None else datetime.fromtimestamp(at, UTC)

    def due_keys(self, now: datetime) -> tuple[str, ...]:
        """The keys of the records whose timer is due, earliest first."""
        return self._timers.keys_until(now.timestamp())

    def _hold(self, key: str, record: AnyStateRecord) -> None:
        self._parsed[key] = record
        self._parsed.move_to_end(key)
        if len(self._parsed) > PARSED:
            self._parsed.popitem(last=False)

    def _keep(self, key: str, value: bytes, heading: Heading) -> None:
        if key not in self._records:
            # What a record is found by is as lasting as its key.
            for bucket in heading.buckets:
                self._enter(bucket, key)
            self._counts[kind_of(key)] += 1
        self._records[key] = pack(value)
        if heading.due_at is not None:
            self._timers.set(key, heading.due_at.timestamp())

    def _enter(self, bucket: str, key: str) -> None:
        place = hash(bucket)
        held = self._buckets.get(place)
        if held is None:
            self._buckets[place] = key
        elif isinstance(held, set):
            held.add(key)
        else:
            self._buckets[place] = {held, key}

    def _forget(self, key: str) -> None:
        record = self.get(key)
        if record is None:
            return
        del self._records[key]
        self._counts[kind_of(key)] -= 1
        self._parsed.pop(key, None)
        self._timers.remove(key)
        for place in map(hash, record.buckets()):
            held = self._buckets[place]
            if isinstance(held, set):
                held.discard(key)
                if len(held) == 1:
                    self._buckets[place] = held.pop()
            else:
                del self._buckets[place]
