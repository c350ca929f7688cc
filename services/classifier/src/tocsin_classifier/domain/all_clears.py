"""What an all-clear takes back: the alarms and threats of its areas told before it in a text."""

from collections.abc import Sequence

from tocsin_classifier.domain.calendar_words import clock_told
from tocsin_classifier.domain.draft import Draft
from tocsin_classifier.domain.lexicon import Category
from tocsin_schemas.place import Place
from tocsin_schemas.slots import WarningSlots
from tocsin_schemas.vocabulary import EvidenceField, Level, Phase, Threat

STRUCK = (Category.ATTACK, Category.DEFENCE)
"""What made a warning that stays a report of an attack when the alarm is over."""

BY_MISSILE = frozenset({Threat.MISSILE, Threat.BALLISTIC, Threat.AIRCRAFT})
"""Threats that one all-clear ends together."""

CITIES = frozenset({"UA-30", "UA-40", "RU-MOW", "RU-SPE"})
"""Codes of cities that are regions of their own."""

HALF_A_DAY = 12 * 60
"""Minutes: clock times further apart lie on two sides of midnight."""


def call_off(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts without alarms that a later all-clear of the same text ends.

    An alarm for several areas goes on for those that the all-clear leaves out. An attack under way
    becomes one that is over.
    """
    ends = _different(drafts)
    kept = []
    for at, draft in enumerate(drafts):
        over = _slots(draft).phase is Phase.REPORTED
        after = [end for place, end in ends if over or _is_later((place, end), (at, draft))]
        left = _left(draft, after)
        if left is not None:
            kept.append(left)
    return kept


def _different(drafts: Sequence[Draft]) -> list[tuple[int, Draft]]:
    """The all-clears, of several alike only the last: whatever an earlier one ends, it ends too."""
    found: dict[object, tuple[int, Draft]] = {}
    for at, draft in enumerate(drafts):
        slots = _slots(draft)
        if slots.phase is Phase.ENDED:
            told = draft.pieces[0].sentence
            areas = frozenset((p.level, p.code, p.canonical_name) for p in draft.places)
            alike = (areas, slots.threats, clock_told(told.text), told.field)
            found[alike] = (at, draft)
    return list(found.values())


def _left(draft: Draft, ends: list[Draft]) -> Draft | None:
    """What of a draft still holds after all-clears, None when nothing of it does."""
    slots = _slots(draft)
    struck = any(str(kind) in draft.features for kind in STRUCK)
    told = slots.phase is Phase.REPORTED and struck
    if slots.phase is Phase.ENDED or told:
        return draft
    places = [p for p in draft.places if not any(_ends(end, draft, p) for end in ends)]
    if len(places) == len(draft.places):
        return draft
    if places:
        draft.places = places
    elif struck:
        draft.slots = slots.model_copy(update={"phase": Phase.REPORTED})
    else:
        return None
    kind, _, _ = draft.key
    regions = frozenset(p.code or p.canonical_name for p in draft.places)
    draft.key = (kind, _slots(draft).phase, regions)
    return draft


def _ends(end: Draft, draft: Draft, place: Place) -> bool:
    theirs, own = _kinds(end), _kinds(draft)
    if theirs and own and not theirs & own:
        return False
    return any(_covers(area, place) for area in end.places)


def _covers(area: Place, place: Place) -> bool:
    if area.level is Level.COUNTRY:
        return (place.code or "").startswith(area.code or " ")
    if area.code != place.code:
        return False
    whole = area.level is Level.REGION or area.code in CITIES
    return whole or area.canonical_name == place.canonical_name


def _is_later(end: tuple[int, Draft], draft: tuple[int, Draft]) -> bool:
    """Whether an all-clear comes after a warning: by the clock where both tell it, else as read."""
    first, second = draft[1].pieces[0].sentence, end[1].pieces[0].sentence
    if first.start == second.start and first.field == second.field:
        return end[0] > draft[0]
    clocks = clock_told(first.text), clock_told(second.text)
    if clocks[0] and clocks[1] and clocks[0] != clocks[1]:
        minutes = [clock.hour * 60 + clock.minute for clock in clocks if clock]
        return 0 < (minutes[1] - minutes[0]) % (2 * HALF_A_DAY) < HALF_A_DAY
    headline = second.field is EvidenceField.TITLE and first.field is EvidenceField.TEXT
    return headline or end[0] > draft[0]


def _kinds(draft: Draft) -> frozenset[Threat]:
    told = frozenset(_slots(draft).threats)
    return told | BY_MISSILE if told & BY_MISSILE else told


def _slots(draft: Draft) -> WarningSlots:
    assert isinstance(draft.slots, WarningSlots)
    return draft.slots
