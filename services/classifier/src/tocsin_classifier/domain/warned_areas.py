"""Which areas a warning is for: those named as target or as flown over, never the launch site."""

import re

from tocsin_classifier.domain.disambiguation import SURROUNDING, Found
from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.phases import is_short
from tocsin_classifier.domain.places import country_place, places, region_place
from tocsin_classifier.domain.scan import Hit, Passage, Reading
from tocsin_schemas.place import Place
from tocsin_schemas.vocabulary import Level

Area = tuple[Place, tuple[int, int]]
"""A place and where it is named."""

OBJECT_REACH = 2
"""Words: a capital so close after an attack's word is what was attacked."""

SUBJECT_REACH = 3
"""Words: a capital so close before a passive is what was attacked."""

TAKE_OFF_REACH = 6
"""Words between "from" and the airfield's name."""

LIST_LINE = re.compile(r"\W{0,4}[-–—•▪▫◾◽·*🔸🔹🔴🟠🟡🟢📍]")
"""How a line of a list begins."""

LONGEST_LIST = 40
"""Lines of a list that are read after its heading."""


def areas(reading: Reading, passage: Passage, trigger: Hit) -> list[Area]:
    """The regions, towns and districts warned of in a sentence, or the whole country."""
    whole = passage.of(Category.COUNTRYWIDE)
    found = [f for f in _inside(places(reading, passage), passage) if _may_be_target(f)]
    found = [f for f in found if not f.government or _is_attacked(passage, trigger, f, found)]
    found = _without_mere_adjectives(_without_ground_war(passage, found))
    if whole and (trigger.category is not Category.ATTACK or not found):
        found = [f for f in found if f.country == "UA" and not _is_take_off(passage, f)]
        if not found:
            return [(country_place("UA", "Ukraine"), (whole[0].start, whole[0].end))]
    return [(_meant(f, found), (f.start, f.end)) for f in found]


def _meant(found: Found, others: list[Found]) -> Place:
    """The region around a capital when its adjective stands in a list of regions."""
    around = SURROUNDING.get(found.place.code or "")
    listed = found.direction and any(o is not found and o.direction for o in others)
    return region_place(around, found.place.name) if around and listed else found.place


def listed_areas(reading: Reading, passage: Passage, trigger: Hit) -> list[tuple[Passage, Area]]:
    """The areas of the list that a sentence ending in a colon introduces."""
    if not passage.sentence.text.rstrip().endswith(":"):
        return []
    found: list[tuple[Passage, Area]] = []
    at = passage.sentence.index + 1
    for line in reading.passages[at : at + LONGEST_LIST]:
        if not LIST_LINE.match(line.sentence.text) or line.of(Category.ALARM, Category.ALL_CLEAR):
            break
        found.extend((line, area) for area in areas(reading, line, trigger))
    return found


def attacked_country(passage: Passage) -> list[Area]:
    """Ukraine as a whole, where a sentence has it as what is attacked."""
    for hit in passage.places():
        near = passage.next_before(hit.start, Category.LOCATIVE, Category.ATTACK)
        aimed = near is not None and passage.sentence.words_between(near.end, hit.start) <= 1
        if aimed and any(m.kind == "country" and m.entry.code == "UA" for m in hit.meanings):
            return [(country_place("UA", "Ukraine"), (hit.start, hit.end))]
    return []


def _inside(found: list[Found], passage: Passage) -> list[Found]:
    """Those of a sentence's places that belong to this part of it."""
    own = {(hit.start, hit.end) for hit in passage.places()}
    return [f for f in found if (f.start, f.end) in own]


def _may_be_target(found: Found) -> bool:
    return not found.launch and not found.across and "-" in (found.place.code or "")


def _is_attacked(passage: Passage, trigger: Hit, found: Found, others: list[Found]) -> bool:
    """Whether a capital's bare name is the town under attack, not its government."""
    if found.direction:
        return True
    if trigger.category is not Category.ATTACK:
        return trigger.category is not Category.THREAT or _is_headed_for(passage, trigger, found)
    words = passage.sentence.words_between
    if trigger.end <= found.start and words(trigger.end, found.start) <= OBJECT_REACH:
        return True
    passive = passage.next_after(found.end, Category.PAST)
    if (
        passive is not None
        and passive.end <= trigger.end
        and words(found.end, passive.start) <= SUBJECT_REACH
    ):
        return True
    return any(
        found.end < o.start
        and not o.government
        and words(found.end, o.start) <= 1
        and not any(found.end <= h.start < o.start for h in passage.of(Category.ATTACK))
        for o in others
    )


def _is_headed_for(passage: Passage, threat: Hit, found: Found) -> bool:
    """Whether a line names a capital right after a threat, or before it and set apart."""
    if not is_short(passage) or threat.end <= found.start:
        return is_short(passage)
    between = passage.sentence.text[found.end - passage.sentence.start :][
        : threat.start - found.end
    ]
    apart = any(mark in between for mark in ":–—|!")
    return apart or passage.sentence.words_between(found.end, threat.start) <= 1


def _without_ground_war(passage: Passage, found: list[Found]) -> list[Found]:
    """Without places in a part of the sentence that tells of ground taken, if others remain."""
    told = passage.of(Category.CLAIM)
    air = passage.of(Category.ATTACK, Category.THREAT, Category.ALARM, Category.DEFENCE)
    if not told:
        return found
    kept = []
    for one in found:
        start, end = passage.segment_of(one.start)
        claimed = any(start <= h.start < end for h in told)
        if not claimed or any(start <= h.start < end for h in air):
            kept.append(one)
    return kept or found


def _without_mere_adjectives(found: list[Found]) -> list[Found]:
    """Without communities and districts called after a town elsewhere, if others remain."""
    kept = [f for f in found if not (f.direction and f.place.level is not Level.REGION)]
    return kept or found


def _is_take_off(passage: Passage, found: Found) -> bool:
    near = passage.next_before(found.start, Category.FROM)
    if near is None:
        return False
    return passage.sentence.words_between(near.end, found.start) <= TAKE_OFF_REACH
