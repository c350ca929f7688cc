"""How far a reader of the alert topics has come, as one short text: the id of a stream's events."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

MAX_TEXT = 4_000
"""Longest text that is read as a position."""

_VERSION = 1

Partition = tuple[str, int]
"""A topic's name without prefix, and the number of the partition."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The partitions that a position speaks of, in a fixed order."""

    counts: Mapping[str, int]
    """How many partitions each topic has, by its name without prefix."""

    def partitions(self) -> tuple[Partition, ...]:
        """Every partition, topics in their order."""
        return tuple((topic, number) for topic, n in self.counts.items() for number in range(n))

    def encode(self, offsets: Sequence[int]) -> str:
        """The text of a position.

        Args:
            offsets: for each partition the offset of the next record to read.

        """
        payload = bytearray([_VERSION])
        for count in self.counts.values():
            payload += _varint(count)
        for offset in offsets:
            payload += _varint(offset)
        return urlsafe_b64encode(payload).rstrip(b"=").decode()

    def decode(self, text: str) -> tuple[int, ...] | None:
        """The offsets in a text, None when it is no position in these topics.

        A topic that has more partitions now is read from the beginning in the new ones.
        """
        try:
            payload = urlsafe_b64decode(_padded(text))
        except ValueError:
            return None
        if not payload or payload[0] != _VERSION:
            return None
        numbers = list(_numbers(payload[1:]))
        former, offsets = numbers[: len(self.counts)], numbers[len(self.counts) :]
        if len(former) != len(self.counts) or sum(former) != len(offsets):
            return None
        return self._spread(former, offsets)

    def _spread(self, former: Sequence[int], offsets: Sequence[int]) -> tuple[int, ...] | None:
        found: list[int] = []
        at = 0
        for count, now in zip(former, self.counts.values(), strict=True):
            if count > now:
                return None
            found += [*offsets[at : at + count], *[0] * (now - count)]
            at += count
        return tuple(found)


def _padded(text: str) -> bytes:
    if len(text) > MAX_TEXT or not text.isascii():
        raise ValueError("no position")
    return text.encode() + b"=" * (-len(text) % 4)


def _varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; the highest bit says that more follow."""
    out = bytearray()
    while number > 0x7F:
        out.append(0x80 | number & 0x7F)
        number >>= 7
    out.append(number)
    return bytes(out)


def _numbers(payload: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in payload:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            if number < 1 << 63:
                yield number
            number = shift = 0
