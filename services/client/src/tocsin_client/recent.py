"""What was seen lately, with a bound on memory."""

from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

MAX_REMEMBERED = 100_000


class Recent(Generic[Key, Value]):
    """A mapping that forgets what was written longest ago."""

    def __init__(self, limit: int = MAX_REMEMBERED) -> None:
        """Empty; `limit` is the most that is kept."""
        self._limit = limit
        self._kept: dict[Key, Value] = {}

    def __contains__(self, key: Key) -> bool:
        return key in self._kept

    def get(self, key: Key) -> Value | None:
        """What was written last for the key, None when it is not known (any more)."""
        return self._kept.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Write."""
        self._kept.pop(key, None)
        self._kept[key] = value
        if len(self._kept) > self._limit:
            del self._kept[next(iter(self._kept))]
