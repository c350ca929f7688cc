"""What threatens from the air: the weapons that a sentence, or the one beside it, names."""

from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.scan import Hit, Passage, Reading
from tocsin_schemas.vocabulary import Threat

AIR = frozenset(Threat) - {Threat.ARTILLERY, Threat.UNKNOWN}
"""Threats that come from the air; artillery counts only beside one of them."""

NAMED = (Category.THREAT, Category.ATTACK, Category.ALARM, Category.ALL_CLEAR)
"""What may name a weapon, by itself or as a part of the word ("missile strike")."""

NEAR_SENTENCES = 2
"""How many sentences around an alarm may name what it warns of."""


def threats(passage: Passage) -> frozenset[Threat]:
    """The weapons that a sentence names, each once and by its most exact name."""
    hits = [h for h in passage.of(*NAMED) if h.entry and h.entry.threat]
    alarms = passage.of(Category.ALARM, Category.ALL_CLEAR)
    # "air raid" inside "air raid alert" says nothing of its own.
    hits = [h for h in hits if not any(_inside(h, alarm) for alarm in alarms)]
    found = {h.entry.threat for h in hits if h.entry and h.entry.threat}
    if Threat.BALLISTIC in found and not any(_other_missile(passage, h, hits) for h in hits):
        found.discard(Threat.MISSILE)
    by_plane = any(h.category is Category.THREAT and _is(h, Threat.AIRCRAFT) for h in hits)
    if found & (AIR - {Threat.AIRCRAFT}) and not by_plane:
        found.discard(Threat.AIRCRAFT)
    return frozenset(found)


def threats_near(reading: Reading, passage: Passage) -> tuple[frozenset[Threat], Passage | None]:
    """What the nearest sentence beside an alarm says that it warns of, and that sentence."""
    at = passage.sentence.index
    for distance in range(1, NEAR_SENTENCES + 1):
        for index in (at + distance, at - distance):
            if not 0 <= index < len(reading.passages):
                continue
            other = reading.passages[index]
            found = threats(other) & AIR
            if found and not other.of(Category.BACKGROUND, Category.ELSEWHERE):
                return found, other
    return frozenset(), None


def _other_missile(passage: Passage, hit: Hit, hits: list[Hit]) -> bool:
    """Whether it is a missile of another kind than the ballistic one beside it."""
    if not _is(hit, Threat.MISSILE):
        return False
    words = passage.sentence.words_between
    return not any(
        _is(other, Threat.BALLISTIC)
        and words(min(hit.end, other.end), max(hit.start, other.start)) == 0
        for other in hits
    )


def _is(hit: Hit, threat: Threat) -> bool:
    return hit.entry is not None and hit.entry.threat is threat


def _inside(hit: Hit, longer: Hit) -> bool:
    return (
        hit is not longer
        and hit.category in (Category.ATTACK, Category.DEFENCE)
        and longer.start <= hit.start
        and hit.end <= longer.end
    )
