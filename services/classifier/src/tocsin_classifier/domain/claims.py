"""Territorial claims: who says that whose control over which ground changed or holds."""

from dataclasses import dataclass

from tocsin_classifier.domain.actors import OPPONENT, narrator
from tocsin_classifier.domain.attribution import Speaker, is_quoted, speaker
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
from tocsin_classifier.domain.places import Found, context_region, country_place, places
from tocsin_classifier.domain.quantities import Quantity, quantities
from tocsin_classifier.domain.scan import Hit, Passage, Reading
from tocsin_schemas.place import Place
from tocsin_schemas.slots import ClaimSlots, Voice
from tocsin_schemas.vocabulary import Action, AlertType, ClaimAssertion

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


@dataclass(frozen=True, slots=True)
class Sides:
    """Who gained, who lost, and the words that say so."""

    claimant: str | None
    loser: str | None
    spans: tuple[tuple[int, int], ...] = ()


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
    sides = _sides(reading, passage, hit, said_by)
    if sides.claimant is None and entry.action is not Action.CONTESTED:
        return None
    ground = _ground(reading, passage, hit)
    named, basis = _places(reading, passage, hit, sides)
    action = _action(entry.action, sides.claimant, named)
    area, count = _numbers(reading, passage, hit)
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
    spots = [
        (p.start, p.end)
        for p in places(reading, passage)
        if _can_change_hands(p)
    ]
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


def _sides(reading: Reading, passage: Passage, hit: Hit, said_by: Speaker | None) -> Sides:
    frame = hit.entry.frame if hit.entry else None
    own = said_by.party.code if said_by and said_by.party.code in OPPONENT else narrator(reading)
    before, after = _doers(passage, hit, own)
    if frame in (Frame.FREE_OF, Frame.LOSS_OF):
        return _lost(after)
    if frame is Frame.LOSS:
        return _lost(before or after)
    if frame is Frame.PASSIVE:
        if after and _is_marked_loser(passage, hit, after[1][0]):
            return _lost(after)
        owner = _ground_owner(passage, hit)
        if not after and not before and owner:
            return Sides(OPPONENT[owner], None)
    taker = (after or before) if frame is Frame.PASSIVE else (before or after)
    if taker is None:
        return Sides(None, None)
    return Sides(taker[0], None, (taker[1],))


Doer = tuple[str, tuple[int, int]]
STRONG = (Category.SIDE, Category.OWN, Category.ENEMY)
STATES = (Category.ACTOR, Category.CAPITAL)


def _doers(passage: Passage, hit: Hit, own: str | None) -> tuple[Doer | None, Doer | None]:
    """The likeliest doer before and after a claim's word.

    Soldiers in the same segment come first, then states in it, then adjectives that belong to no
    ground, then the nearest of any kind in the rest of the sentence.
    """
    start, end = segment_of(passage, hit.start)
    found: list[Doer | None] = []
    for side in (passage.before(hit.start, *STRONG, *STATES, Category.NATION),
                 passage.after(hit.start + 1, *STRONG, *STATES, Category.NATION)):
        near = [h for h in side if start <= h.start < end]
        kinds = (STRONG, STATES, (Category.NATION,))
        ranked = [h for kind in kinds for h in near if h.category in kind]
        ranked += [h for h in side if h not in near and h.category is not Category.NATION]
        free = [h for h in ranked if h.category is not Category.NATION or not _is_of_ground(passage, h)]
        coded = [(code, (h.start, h.end)) for h in free if (code := _code(h, own)) in OPPONENT]
        found.append(coded[0] if coded else None)
    before, after = found
    if before and after and _is_stronger(passage, hit, after, before):
        before = None
    return before, after


def _is_stronger(passage: Passage, hit: Hit, one: Doer, other: Doer) -> bool:
    """Soldiers in the word's own segment against a state, or against anybody outside of it."""
    start, end = segment_of(passage, hit.start)
    strong = {(h.start, h.end) for h in passage.of(*STRONG) if start <= h.start < end}
    return one[1] in strong and other[1] not in strong


def _is_of_ground(passage: Passage, nation: Hit) -> bool:
    """Does an adjective of a nation describe a place or a word for ground, not soldiers?"""
    words = passage.sentence.words_between
    spots = [(h.start, h.end) for h in passage.hits if h.category in (None, Category.GROUND)]
    return any(
        (a >= nation.end and words(nation.end, a) <= 1)
        or (b <= nation.start and words(b, nation.start) == 0)
        for a, b in spots
    )


def _ground_owner(passage: Passage, hit: Hit) -> str | None:
    for nation in passage.before(hit.start, Category.NATION):
        if nation.entry and nation.entry.code in OPPONENT and _is_of_ground(passage, nation):
            return nation.entry.code
    return None


def _is_marked_loser(passage: Passage, hit: Hit, at: int) -> bool:
    marks = passage.after(hit.end, Category.LOSER_MARK)
    return any(m.end <= at and passage.sentence.words_between(m.end, at) == 0 for m in marks)


def _code(hit: Hit, own: str | None) -> str | None:
    if hit.category is Category.OWN:
        return own
    if hit.category is Category.ENEMY:
        return OPPONENT.get(own or "")
    return hit.entry.code if hit.entry else None


def _lost(loser: tuple[str, tuple[int, int]] | None) -> Sides:
    if loser is None:
        return Sides(None, None)
    return Sides(OPPONENT[loser[0]], loser[0], (loser[1],))


def _places(reading: Reading, passage: Passage, hit: Hit, sides: Sides) -> tuple[list[Place], list]:
    """The places that the claim is about, and the evidence of a context that gives them."""
    named = [p for p in places(reading, passage) if _can_change_hands(p)]
    start, end = segment_of(passage, hit.start)
    direct = [p for p in named if not p.across]
    direct = [p for p in direct if not p.direction] or direct
    near = [p for p in direct if start <= p.start < end] or direct
    if near:
        return [p.place for p in near], []
    country = _ground_country(passage, sides, bool(named))
    across = _across(reading, passage, named)
    if across:
        return [across.place], []
    found = context_region(reading, passage, country)
    if found is not None:
        return [found.place], []
    code = country or "UA"
    return [country_place(code, code)], []


def _can_change_hands(found: Found) -> bool:
    return not found.launch and not found.government and found.place.level != "country"


def _across(reading: Reading, passage: Passage, named: list[Found]) -> Found | None:
    for place in named:
        if place.across:
            facing = {c for c in neighbours(place.entry.code or "") if c[:2] != place.country}
            found = context_region(reading, passage, "RU" if place.country == "UA" else "UA")
            if found and found.place.code in facing:
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


def _numbers(
    reading: Reading, passage: Passage, hit: Hit
) -> tuple[Quantity | None, Quantity | None]:
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
