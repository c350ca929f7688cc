"""How many independent reports say the same: the same text on many sites counts once."""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Sequence
from functools import lru_cache

from tocsin_notifier.domain.records import EventArticle
from tocsin_notifier.domain.windows import WINDOWS
from tocsin_schemas.alerts import Corroboration

MAX_COMPARED = 100
"""Independence is judged among so many articles, the first reports first."""


def corroborate(members: Sequence[EventArticle]) -> Corroboration:
    """Articles, independent publishers and languages of the articles that support an event."""
    return Corroboration(
        articles=len(members),
        publishers=count_independent(members[:MAX_COMPARED]),
        languages=tuple(sorted({member.language for member in members})),
    )


def count_independent(members: Sequence[EventArticle]) -> int:
    """How many groups are left when one publisher and one text each count once.

    Groups are joined over any number of steps, so that the order of arrival does not matter.
    """
    return _count_groups(
        frozenset((member.publisher.casefold(), member.fingerprint) for member in members)
    )


@lru_cache(maxsize=512)
def _count_groups(reports: frozenset[tuple[str, str]]) -> int:
    # An event that was told by MAX_COMPARED articles is assessed again with each further one.
    groups: list[tuple[set[str], set[str]]] = []
    for publisher, fingerprint in sorted(reports):
        joined = ({publisher}, {fingerprint})
        apart = []
        for group in groups:
            if publisher in group[0] or any(same_text(fingerprint, held) for held in group[1]):
                joined[0].update(group[0])
                joined[1].update(group[1])
            else:
                apart.append(group)
        groups = [*apart, joined]
    return len(groups)


def shorten(fingerprint: str) -> str:
    """A classifier's fingerprint with one byte of each position: enough to compare texts.

    A fingerprint that cannot be read counts as none.
    """
    try:
        raw = b64decode(fingerprint, validate=True)
    except binascii.Error:
        return ""
    return b64encode(raw[:: WINDOWS.corroboration.position_bytes]).decode()


@lru_cache(maxsize=32_768)
def same_text(one: str, other: str) -> bool:
    """Whether two shortened fingerprints are those of nearly the same text; empty ones never."""
    if not one or len(one) != len(other):
        return False
    first, length = _positions(one)
    second, _ = _positions(other)
    equal = (first ^ second).to_bytes(length, "big").count(0)
    return equal / length >= WINDOWS.corroboration.same_text_share


@lru_cache(maxsize=4096)
def _positions(fingerprint: str) -> tuple[int, int]:
    raw = b64decode(fingerprint)
    return int.from_bytes(raw, "big"), len(raw)
