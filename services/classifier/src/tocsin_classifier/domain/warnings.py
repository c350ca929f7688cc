"""Air-raid warnings: alarms, threats and attacks from the air, and all-clears, with their areas."""

import re
from dataclasses import replace
from typing import NamedTuple

from tocsin_classifier.domain.all_clears import call_off
from tocsin_classifier.domain.doubts import doubt
from tocsin_classifier.domain.draft import Draft, Piece, form, piece
from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.negation import is_background, is_elsewhere
from tocsin_classifier.domain.phases import is_past, is_short, is_statistics, phase
from tocsin_classifier.domain.places import context_region, places
from tocsin_classifier.domain.raids import PAST, UNDATED, join_the_active, name_missiles
from tocsin_classifier.domain.scan import Hit, Passage, Reading
from tocsin_classifier.domain.threats import AIR, NAMED, threats, threats_near
from tocsin_classifier.domain.times import event_time
from tocsin_classifier.domain.warned_areas import Area, areas, attacked_country, listed_areas
from tocsin_classifier.domain.warning_parts import parts_of
from tocsin_schemas.slots import WarningSlots
from tocsin_schemas.vocabulary import AlertType, EvidenceRole, Instruction, Phase, Threat

SETTING_SENTENCES = 2
"""In how many sentences before a missing threat and time are looked for."""


LINE_REACH = 3
"""How many words may stand between a threat and its area, or after it, in a line without a verb."""


MARK = re.compile(r"[:–—|!]|\s-\s")
"""What stands between an area and its threat in such a line."""


KINDS = (Category.ALL_CLEAR, Category.ALARM, Category.DEFENCE, Category.ATTACK)
"""What makes a warning, the clearest first."""


class Warned(NamedTuple):
    """What a sentence, or a part of it, warns of."""

    trigger: Hit
    areas: list[Area]
    threats: frozenset[Threat]
    setting: Passage | None = None
    """Another sentence that names what threatens."""
    lines: tuple[tuple[Passage, Area], ...] = ()
    """Areas listed in the lines below."""


def warnings(reading: Reading) -> list[Draft]:
    """The warnings of an article, one draft for each sentence or part with a phase of its own."""
    drafts: list[Draft] = []
    last: tuple[int, Draft] | None = None
    for passage in reading.passages:
        recent = last is not None and passage.sentence.index - last[0] <= SETTING_SENTENCES
        if not recent and not _may_have_area(passage):
            continue
        parts = parts_of(passage)
        if len(parts) > 1:
            places(reading, passage)  # The names are read in the whole sentence, then shared out.
        found = [_warning(reading, part, last) for part in parts]
        made = [draft for draft in found if draft is not None]
        if made:
            drafts.extend(made)
            last = (passage.sentence.index, made[-1])
        elif last and passage.of(Category.SHELTER) and passage.sentence.index - last[0] == 1:
            _add_shelter(passage, last[1])
    name_missiles(drafts)
    join_the_active(drafts)
    return call_off(drafts)


def _may_have_area(passage: Passage) -> bool:
    """Whether there is a word of warning; of an attack only where an area may stand with it."""
    told = {entry.category for entry in passage.triggers()}
    if told.isdisjoint((*KINDS, Category.THREAT, Category.SHELTER)):
        return False
    if told.isdisjoint((Category.ALL_CLEAR, Category.ALARM, Category.DEFENCE)):
        listed = passage.sentence.text.rstrip().endswith(":")
        return listed or passage.may_name_places() or passage.may_hold(Category.COUNTRYWIDE)
    return True


def reason_against(reading: Reading, passage: Passage, hit: Hit) -> str | None:
    """Why a word of warning says nothing here, None when it may say something."""
    reason = doubt(passage, hit)
    if reason is None and not _areas(reading, passage, hit):
        return "no place"
    return reason


def _warning(reading: Reading, passage: Passage, last: tuple[int, Draft] | None) -> Draft | None:
    warned = (
        _warned(reading, passage)
        or _heading_on(reading, passage, last)
        or _calling_off(passage, last)
    )
    if warned is None:
        return None
    when = phase(passage, warned.trigger)
    slots = WarningSlots(
        phase=when,
        threats=tuple(sorted(warned.threats - {Threat.UNKNOWN})),
        instruction=_instruction(passage, when),
    )
    named = [place for place, _ in warned.areas] + [area[0] for _, area in warned.lines]
    regions = frozenset(p.code or p.canonical_name for p in named)
    features = {str(warned.trigger.category), "threat_told" if slots.threats else "threat_unknown"}
    if warned.setting is not None:
        features.add("threat_from_context")
    if not passage.of(Category.TIME):
        features.add(UNDATED)
    if passage.of(Category.PAST):
        features.add(PAST)
    features |= {f"phase_{when}", *form(passage)}
    about = [passage, warned.setting] if warned.setting else [passage]
    return Draft(
        (AlertType.AIR_RAID_WARNING, when, regions),
        slots,
        named,
        _pieces(passage, warned),
        frozenset(features),
        event_time=event_time(reading, about, named),
        fired=(warned.trigger.entry.id,) if warned.trigger.entry else (),
    )


def _warned(reading: Reading, passage: Passage) -> Warned | None:
    for kind in KINDS:
        for hit in passage.of(kind):
            if doubt(passage, hit) is None:
                warned = _by_trigger(reading, passage, hit)
                if warned is not None:
                    return warned
    if not passage.of(Category.THREAT, Category.SHELTER):
        return None
    if is_past(passage) and not (is_short(passage) and passage.of(Category.TIME)):
        return None
    return _by_threat(reading, passage)


def _by_trigger(reading: Reading, passage: Passage, trigger: Hit) -> Warned | None:
    found = _areas(reading, passage, trigger)
    lines = tuple(listed_areas(reading, passage, trigger)) if not found else ()
    if not found and not lines:
        return None
    told = threats(passage)
    if trigger.category is not Category.ATTACK:
        over = trigger.category is Category.DEFENCE and phase(passage, trigger) is Phase.REPORTED
        if told & AIR or over:
            return Warned(trigger, found, told, None, lines)
        near, setting = threats_near(reading, passage)
        return Warned(trigger, found, near or told, setting, lines)
    if told & AIR or (trigger.entry and trigger.entry.threat is Threat.UNKNOWN):
        return Warned(trigger, found, told, None, lines)
    setting = _setting(reading, passage) if Threat.ARTILLERY not in told else None
    if setting is None:
        return None
    return Warned(trigger, found, told | threats(setting), setting, lines)


def _areas(reading: Reading, passage: Passage, trigger: Hit) -> list[Area]:
    found = areas(reading, passage, trigger)
    if found or trigger.category is Category.ATTACK:
        dated = bool(passage.of(Category.TIME)) and bool(threats(passage) & AIR)
        return found or (attacked_country(passage) if dated else [])
    if passage.places() or passage.sentence.text.rstrip().endswith(":"):
        return []
    # "The alert in the region is over": the region that the sentences before name.
    context = context_region(reading, passage) if is_short(passage) else None
    if context is None:
        return []
    return [(context.found.place, (trigger.start, trigger.end))]


def _by_threat(reading: Reading, passage: Passage) -> Warned | None:
    """A threat and where it is or heads, with no verb of attack: "missiles towards the city"."""
    told = threats(passage) & AIR
    now = passage.of(Category.NOW)
    for hit in passage.of(Category.THREAT):
        if not told or doubt(passage, hit) is not None:
            continue
        found = areas(reading, passage, hit)
        if found and (now or _is_line(passage, hit, found)):
            return Warned(hit, found, told)
    for hit in passage.of(Category.SHELTER):
        found = areas(reading, passage, hit)
        if found and is_short(passage) and doubt(passage, hit) is None:
            near, setting = (told, None) if told else threats_near(reading, passage)
            return Warned(hit, found, near, setting)
    return None


def _is_line(passage: Passage, hit: Hit, found: list[Area]) -> bool:
    """Whether it is a line of a channel post that names a threat and, close to it, its area."""
    if not is_short(passage) or passage.of(Category.CLAIM, Category.STANCE, Category.SAYS):
        return False
    sentence = passage.sentence
    words = sentence.words_between
    names = passage.places()
    first, last = found[0][1][0], max(end for _, (_, end) in found)
    if hit.end <= first:
        leads = [*names, *passage.of(Category.LOCATIVE)]
        near = min((n.start for n in leads if n.start >= hit.end), default=first)
        rest = words(max(last, hit.end), sentence.end)
        ends = rest <= LINE_REACH or bool(passage.of(Category.SHELTER))
        return ends and words(hit.end, near) <= LINE_REACH and words(near, first) <= LINE_REACH + 1
    between = sentence.text[last - sentence.start : hit.start - sentence.start]
    return hit.start >= last and (words(last, hit.start) <= 1 or bool(MARK.search(between)))


def _heading_on(
    reading: Reading, passage: Passage, last: tuple[int, Draft] | None
) -> Warned | None:
    """Where the threat of the line before heads on: "… then towards the next town"."""
    if last is None or passage.sentence.index - last[0] > SETTING_SENTENCES:
        return None
    now = passage.of(Category.NOW)
    if not now or is_past(passage) or passage.of(Category.ATTACK):
        return None
    slots = last[1].slots
    if not isinstance(slots, WarningSlots) or slots.phase is not Phase.ACTIVE:
        return None
    trigger = now[0]
    found = areas(reading, passage, trigger)
    if not found or not slots.threats or doubt(passage, trigger) is not None:
        return None
    setting = reading.passages[last[0]]
    return Warned(
        replace(trigger, category=Category.THREAT), found, frozenset(slots.threats), setting
    )


def _calling_off(passage: Passage, last: tuple[int, Draft] | None) -> Warned | None:
    """An all-clear without an area, for those of the alarm told just before."""
    if last is None or passage.places() or not is_short(passage):
        return None
    slots = last[1].slots
    recent = passage.sentence.index - last[0] <= SETTING_SENTENCES
    if not recent or not isinstance(slots, WarningSlots) or slots.phase is Phase.ENDED:
        return None
    for hit in passage.of(Category.ALL_CLEAR):
        if doubt(passage, hit) is None:
            span = (hit.start, hit.end)
            return Warned(hit, [(place, span) for place in last[1].places], threats(passage))
    return None


def _setting(reading: Reading, passage: Passage) -> Passage | None:
    """The sentence shortly before that tells of the same attack and names the threat."""
    for other in reading.previous(passage, SETTING_SENTENCES):
        if is_background(other) or is_elsewhere(other) or is_statistics(other):
            continue
        if threats(other) & AIR and other.of(Category.ATTACK):
            return other
    return None


def _pieces(passage: Passage, warned: Warned) -> list[Piece]:
    spans = [(warned.trigger.start, warned.trigger.end), *(span for _, span in warned.areas)]
    pieces = [piece(passage, spans)]
    pieces.extend(piece(line, [span], EvidenceRole.PLACE) for line, (_, span) in warned.lines)
    setting = warned.setting
    if setting is not None:
        shown = [(h.start, h.end) for h in setting.of(*NAMED, Category.TIME)]
        if shown:
            pieces.append(piece(setting, shown, EvidenceRole.THREAT))
    return pieces


def _instruction(passage: Passage, when: Phase) -> Instruction:
    if not passage.of(Category.SHELTER) or when is Phase.ENDED:
        return Instruction.NONE
    return Instruction.SHELTER if when is Phase.ACTIVE else Instruction.SHELTER_WAS_ORDERED


def _add_shelter(passage: Passage, draft: Draft) -> None:
    assert isinstance(draft.slots, WarningSlots)
    if draft.slots.phase is Phase.ENDED:
        return
    instruction = _instruction(passage, draft.slots.phase)
    draft.slots = draft.slots.model_copy(update={"instruction": instruction})
    hits = passage.of(Category.SHELTER)
    draft.pieces.append(piece(passage, [(h.start, h.end) for h in hits]))
