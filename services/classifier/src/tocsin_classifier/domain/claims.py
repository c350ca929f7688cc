"""Territorial claims: who says that whose control over which ground changed or holds."""

from tocsin_classifier.domain.actors import OPPONENT
from tocsin_classifier.domain.attribution import Speaker, is_quoted, speaker
from tocsin_classifier.domain.disambiguation import Found
from tocsin_classifier.domain.draft import Draft, evidence
from tocsin_classifier.domain.gazetteer import neighbours
from tocsin_classifier.domain.lexicon import Category, Frame
from tocsin_classifier.domain.negation import (
    is_background,
    is_elsewhere,
    is_negated,
    is_unreal,
    segment_of,
)
from tocsin_classifier.domain.places import InContext, context_region, country_place, places
from tocsin_classifier.domain.quantities import Quantity, quantities
from tocsin_classifier.domain.scan import Hit, Passage, Reading
from tocsin_classifier.domain.sides import Sides, sides_of
from tocsin_schemas.evidence import Evidence
from tocsin_schemas.place import Place
from tocsin_schemas.slots import ClaimSlots, Voice
from tocsin_schemas.vocabulary import Action, AlertType, ClaimAssertion, EvidenceRole

GROUP = {
    Action.CAPTURE: "control",
    Action.RECAPTURE: "control",
    Action.ADVANCE: "control",
    Action.HOLD: "control",
    Action.WITHDRAW: "loss",
    Action.CONTESTED: "contested",
    Action.SOVEREIGNTY: "sovereignty",
}
"""Claims of one group, claimant and region are one statement."""

GROUND_REACH = 9
"""How many words may stand between a claim's word and the ground it is said of."""


def claims(reading: Reading) -> list[Draft]:
    """The territorial claims of an article, one draft for each sentence and key."""
    drafts: list[Draft] = []
    for passage in reading.passages:
        for hit in passage.of(Category.CLAIM):
            draft = _claim(reading, passage, hit)
            if draft is not None:
                drafts.append(draft)
    return drafts


def reason_against(reading: Reading, passage: Passage, hit: Hit) -> str | None:
    """Why a word of taking or losing says nothing here, None when it may say something."""
    if is_elsewhere(passage):
        return "another conflict"
    if is_background(passage):
        return "background"
    if is_unreal(passage, hit):
        return "not real"
    if is_negated(passage, hit):
        return "negated"
    if not _ground(reading, passage, hit):
        return "no ground"
    return None


def _claim(reading: Reading, passage: Passage, hit: Hit) -> Draft | None:
    entry = hit.entry
    if entry is None or entry.action is None or reason_against(reading, passage, hit):
        return None
    said_by = speaker(reading, passage, hit.start)
    sides = sides_of(reading, passage, hit, said_by)
    if sides.claimant is None and entry.action is not Action.CONTESTED:
        return None
    ground = _ground(reading, passage, hit)
    named, basis = _places(reading, passage, hit, sides)
    action = _action(entry.action, sides.claimant, named)
    area, count = _numbers(reading, passage)
    slots = ClaimSlots(
        claimant=None if action is Action.CONTESTED else sides.claimant,
        loser=sides.loser,
        voices=(_voice(reading, said_by, sides),),
        action=action,
        assertion=_assertion(said_by, sides),
        area_km2=area.value if area else None,
        area_qualifier=area.qualifier if area else None,
        settlements=int(count.value) if count and count.value >= 1 else None,
    )
    spans = [(hit.start, hit.end), *ground, *sides.spans]
    spans += [(q.start, q.end) for q in (area, count) if q]
    pieces = [evidence(reading.article, passage, spans)]
    pieces += basis
    features = {"sides_told" if sides.spans else "sides_assumed"}
    features |= {"place_stated"} if not basis and named else {"place_from_context"}
    features |= {f"voice_{'named' if said_by else 'media'}"}
    if area or count:
        features.add("number")
    if is_quoted(reading, passage, hit.start):
        features.add("quoted")
    regions = tuple(sorted({p.code or p.canonical_name for p in named}))
    key = (AlertType.TERRITORIAL_CLAIM, slots.claimant, GROUP[action], regions)
    return Draft(key, slots, named, pieces, frozenset(features), fired=(entry.id,))


def _ground(reading: Reading, passage: Passage, hit: Hit) -> list[tuple[int, int]]:
    """The places and words for ground near a claim's word, on the side where its frame has them."""
    words = passage.sentence.words_between
    spots = [(p.start, p.end) for p in places(reading, passage) if _can_change_hands(p)]
    spots += [(g.start, g.end) for g in passage.of(Category.GROUND)]
    before = [s for s in spots if s[1] <= hit.start and words(s[1], hit.start) <= GROUND_REACH]
    after = [s for s in spots if s[0] >= hit.start and words(hit.end, s[0]) <= GROUND_REACH]
    frame = hit.entry.frame if hit.entry else None
    if frame in (Frame.PASSIVE, Frame.FREE_OF):
        chosen = before or after
    elif frame is Frame.BARE:
        chosen = after + before
    else:
        chosen = after or before
    if not chosen and hit.entry and not hit.entry.needs_ground:
        return [(hit.start, hit.end)]
    return chosen


def _places(
    reading: Reading, passage: Passage, hit: Hit, sides: Sides
) -> tuple[list[Place], list[Evidence]]:
    """The places that the claim is about, and the words of a context that gives them."""
    named = [p for p in places(reading, passage) if _can_change_hands(p)]
    start, end = segment_of(passage, hit.start)
    direct = [p for p in named if not p.across]
    direct = [p for p in direct if not p.direction] or direct
    near = [p for p in direct if start <= p.start < end] or direct
    if near:
        return [p.place for p in near], []
    country = _ground_country(passage, sides, bool(named))
    found = _across(reading, passage, named) or context_region(reading, passage, country)
    if found is not None:
        spans = [(found.found.start, found.found.end)]
        shown = evidence(reading.article, found.passage, spans, EvidenceRole.PLACE)
        return [found.found.place], [shown]
    code = country or "UA"
    return [country_place(code, code)], []


def _can_change_hands(found: Found) -> bool:
    return not found.launch and not found.government and found.place.level != "country"


def _across(reading: Reading, passage: Passage, named: list[Found]) -> InContext | None:
    for place in named:
        if place.across:
            facing = {c for c in neighbours(place.entry.code or "") if c[:2] != place.country}
            found = context_region(reading, passage, "RU" if place.country == "UA" else "UA")
            if found and found.found.place.code in facing:
                return found
    return None


def _ground_country(passage: Passage, sides: Sides, across: bool) -> str | None:
    nations = {h.entry.code for h in passage.of(Category.NATION) if h.entry}
    enemy = passage.of(Category.ENEMY)
    if len(nations & set(OPPONENT)) == 1 and sides.claimant not in nations:
        return next(iter(nations & set(OPPONENT)))
    return OPPONENT.get(sides.claimant or "") if enemy or across else None


def _action(told: Action, claimant: str | None, named: list[Place]) -> Action:
    """The doer's framing counts only for its own land: taking back is what one's own country is."""
    if told not in (Action.CAPTURE, Action.RECAPTURE) or not named or claimant is None:
        return told
    country = (named[0].code or "")[:2]
    if country not in OPPONENT:
        return told
    return Action.RECAPTURE if country == claimant else Action.CAPTURE


def _numbers(reading: Reading, passage: Passage) -> tuple[Quantity | None, Quantity | None]:
    counted = quantities(passage, reading.article.language)
    area = next((q for q in counted if q.unit == "km2"), None)
    count = next((q for q in counted if q.unit == "settlements"), None)
    return area, count


def _voice(reading: Reading, said_by: Speaker | None, sides: Sides) -> Voice:
    assertion = _assertion(said_by, sides)
    if said_by is None:
        return Voice(name=reading.article.source.publisher, side="media", assertion=assertion)
    party = said_by.party
    side = party.code if len(party.code) == 2 else "unknown"
    return Voice(name=party.name, office=party.office, side=side, assertion=assertion)


def _assertion(said_by: Speaker | None, sides: Sides) -> ClaimAssertion:
    if said_by is None:
        return ClaimAssertion.REPORTED
    if said_by.party.code == sides.claimant:
        return ClaimAssertion.CLAIMED
    if said_by.party.code == sides.loser or said_by.party.code == OPPONENT.get(
        sides.claimant or ""
    ):
        return ClaimAssertion.CONCEDED
    return ClaimAssertion.REPORTED
