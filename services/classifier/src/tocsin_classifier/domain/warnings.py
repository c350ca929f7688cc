"""Air-raid warnings: alarms, threats and attacks from the air, and all-clears, with their areas."""

from tocsin_classifier.domain.disambiguation import Found
from tocsin_classifier.domain.draft import Draft, evidence
from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.negation import is_background, is_elsewhere, is_negated, is_unreal
from tocsin_classifier.domain.places import country_place, places
from tocsin_classifier.domain.scan import Hit, Passage, Reading
from tocsin_classifier.domain.times import event_time
from tocsin_schemas.evidence import Evidence
from tocsin_schemas.place import Place
from tocsin_schemas.slots import WarningSlots
from tocsin_schemas.vocabulary import AlertType, EvidenceRole, Instruction, Phase, Threat

AIR = frozenset(Threat) - {Threat.ARTILLERY, Threat.UNKNOWN}
"""Threats that come from the air; artillery counts only beside one of them."""

SETTING_SENTENCES = 2
"""In how many sentences before a missing threat and time are looked for."""

SHORT_LINE = 14
"""Words: a line of a channel post up to this length says what is happening now."""

KINDS = (Category.ALL_CLEAR, Category.ALARM, Category.DEFENCE, Category.ATTACK)
"""What makes a warning, the clearest first."""


def warnings(reading: Reading) -> list[Draft]:
    """The warnings of an article, one draft for each sentence."""
    drafts: list[Draft] = []
    last: tuple[int, Draft] | None = None
    for passage in reading.passages:
        draft = _warning(reading, passage)
        if draft is not None:
            drafts.append(draft)
            last = (passage.sentence.index, draft)
        elif last and passage.of(Category.SHELTER) and passage.sentence.index - last[0] == 1:
            _add_shelter(reading, passage, last[1])
    return drafts


def reason_against(reading: Reading, passage: Passage, hit: Hit) -> str | None:
    """Why a word of warning says nothing here, None when it may say something."""
    if is_elsewhere(passage):
        return "another conflict"
    if is_background(passage):
        return "background"
    if is_unreal(passage, hit):
        return "not real"
    if is_negated(passage, hit):
        return "negated"
    if not _areas(reading, passage):
        return "no place"
    return None


def _warning(reading: Reading, passage: Passage) -> Draft | None:
    trigger = _trigger(reading, passage)
    if trigger is None or trigger.entry is None:
        return None
    areas = _areas(reading, passage)
    threats = _threats(passage)
    setting: Passage | None = None
    if trigger.category is Category.ATTACK and not threats & AIR:
        setting = _setting(reading, passage)
        if setting is None:
            return None
        threats = threats | _threats(setting)
    phase = _phase(passage, trigger)
    instruction = _instruction(passage, phase)
    slots = WarningSlots(
        phase=phase, threats=tuple(sorted(threats - {Threat.UNKNOWN})), instruction=instruction
    )
    spans = [(trigger.start, trigger.end), *(span for _, span in areas)]
    pieces = [evidence(reading.article, passage, spans)]
    if setting is not None:
        pieces.append(_setting_evidence(reading, setting))
    named = [place for place, _ in areas]
    regions = frozenset(p.code or p.canonical_name for p in named)
    features = {str(trigger.category), "threat_told" if threats else "threat_unknown"}
    if setting is not None:
        features.add("threat_from_context")
    return Draft(
        (AlertType.AIR_RAID_WARNING, phase, regions),
        slots,
        named,
        pieces,
        frozenset(features),
        event_time=event_time(reading, [passage, setting] if setting else [passage], named),
        fired=(trigger.entry.id,),
    )


def _trigger(reading: Reading, passage: Passage) -> Hit | None:
    for kind in KINDS:
        for hit in passage.of(kind):
            if reason_against(reading, passage, hit) is None:
                return hit
    words = passage.sentence.words_between(passage.sentence.start, passage.sentence.end)
    if words <= SHORT_LINE and reading.article.language in CHANNEL_LANGUAGES:
        for hit in passage.of(Category.THREAT):
            if reason_against(reading, passage, hit) is None:
                return hit
    return None


CHANNEL_LANGUAGES = frozenset({"uk", "ru"})
"""Languages of the siren channels, whose lines name a threat and where it heads, and no verb."""


def _areas(reading: Reading, passage: Passage) -> list[tuple[Place, tuple[int, int]]]:
    whole = passage.of(Category.COUNTRYWIDE)
    named = [
        (p.place, (p.start, p.end))
        for p in places(reading, passage)
        if not p.launch and p.place.code and _is_small(p)
    ]
    if whole and not named:
        return [(country_place("UA", "Ukraine"), (whole[0].start, whole[0].end))]
    return named


def _is_small(found: Found) -> bool:
    return "-" in (found.place.code or "") and not found.government


def _threats(passage: Passage) -> frozenset[Threat]:
    return frozenset(
        hit.entry.threat
        for hit in passage.of(Category.THREAT, Category.ATTACK, Category.ALARM, Category.ALL_CLEAR)
        if hit.entry and hit.entry.threat
    )


def _setting(reading: Reading, passage: Passage) -> Passage | None:
    """The sentence shortly before that tells of the same attack and names the threat."""
    for other in reading.previous(passage, SETTING_SENTENCES):
        if is_background(other) or is_elsewhere(other):
            continue
        if _threats(other) & AIR and other.of(Category.ATTACK):
            return other
    return None


def _setting_evidence(reading: Reading, setting: Passage) -> Evidence:
    hits = setting.of(Category.THREAT, Category.ATTACK, Category.TIME)
    return evidence(reading.article, setting, [(h.start, h.end) for h in hits], EvidenceRole.THREAT)


def _phase(passage: Passage, trigger: Hit) -> Phase:
    told = trigger.entry.phase if trigger.entry else None
    if told is not None:
        return told
    if trigger.category is Category.THREAT:
        return Phase.ACTIVE if not passage.of(Category.TIME, Category.PAST) else Phase.REPORTED
    if passage.of(Category.NOW) and not passage.of(Category.TIME, Category.PAST):
        return Phase.ACTIVE
    return Phase.REPORTED


def _instruction(passage: Passage, phase: Phase) -> Instruction:
    if not passage.of(Category.SHELTER):
        return Instruction.NONE
    return Instruction.SHELTER if phase is Phase.ACTIVE else Instruction.SHELTER_WAS_ORDERED


def _add_shelter(reading: Reading, passage: Passage, draft: Draft) -> None:
    assert isinstance(draft.slots, WarningSlots)
    if draft.slots.phase is Phase.ENDED:
        return
    instruction = _instruction(passage, draft.slots.phase)
    draft.slots = draft.slots.model_copy(update={"instruction": instruction})
    hits = passage.of(Category.SHELTER)
    draft.evidence.append(evidence(reading.article, passage, [(h.start, h.end) for h in hits]))
