"""How many independent reports say the same: the same text on many sites counts once."""

import binascii
from base64 import b64decode
from collections.abc import Sequence
from functools import lru_cache
from operator import eq

from tocsin_notifier.domain.records import EventArticle
from tocsin_notifier.domain.windows import WINDOWS
from tocsin_schemas.alerts import Corroboration


def corroborate(members: Sequence[EventArticle]) -> Corroboration:
    """Articles, independent publishers and languages of the articles that support an event."""
    return Corroboration(
        articles=len(members),
        publishers=count_independent(members),
        languages=tuple(sorted({member.language for member in members})),
    )


def count_independent(members: Sequence[EventArticle]) -> int:
    """How many groups are left when one publisher and one text each count once.

    Groups are joined over any number of steps, so that the order of arrival does not matter.
    """
    groups: list[tuple[set[str], list[str]]] = []
    for publisher, fingerprint in sorted(
        {(member.publisher.casefold(), member.fingerprint) for member in members}
    ):
        joined = (
            {publisher},
            [fingerprint] if fingerprint else [],
        )
        apart = []
        for group in groups:
            if publisher in group[0] or any(same_text(fingerprint, held) for held in group[1]):
                joined[0].update(group[0])
                joined[1].extend(held for held in group[1] if held not in joined[1])
            else:
                apart.append(group)
        groups = [*apart, joined]
    return len(groups)


def same_text(one: str, other: str) -> bool:
    """Whether two fingerprints are those of nearly the same text; empty ones never are."""
    if not one or not other:
        return False
    if one == other:
        return True
    first, second = _positions(one), _positions(other)
    if len(first) != len(second) or not first:
        return False
    share: float = sum(map(eq, first, second)) / len(first)
    return share >= WINDOWS.corroboration.same_text_share


@lru_cache(maxsize=4096)
def _positions(fingerprint: str) -> tuple[bytes, ...]:
    width = WINDOWS.corroboration.position_bytes
    try:
        raw = b64decode(fingerprint, validate=True)
    except binascii.Error:
        return ()
    return tuple(raw[at : at + width] for at in range(0, len(raw) - width + 1, width))
