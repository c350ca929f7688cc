"""Territorial claims: who says that whose control over which ground changed or holds."""

from tocsin_classifier.domain.actors import OPPONENT
from tocsin_classifier.domain.attribution import Speaker, is_quoted, speaker
from tocsin_classifier.domain.denials import denier, denier_of_hold, holds_on, is_denied
from tocsin_classifier.domain.draft import Draft, Piece, form, piece
from tocsin_classifier.domain.ground import (
    Ground,
    ground_around,
    ground_of,
    is_share,
    names_near,
    spans_near,
)
from tocsin_classifier.domain.lexicon import Category, Frame
from tocsin_classifier.domain.negation import (
    is_background,
    is_elsewhere,
    is_unreal,
)
from tocsin_classifier.domain.quantities import Quantity, quantities
from tocsin_classifier.domain.scan import Hit, Passage, Reading
from tocsin_classifier.domain.settling import claim_key, settled
from tocsin_classifier.domain.sides import NOBODY, Sides, sides_of, sovereign
from tocsin_classifier.domain.times import event_time, is_old, names_past
from tocsin_schemas.slots import ClaimSlots, Voice
from tocsin_schemas.vocabulary import Action, ClaimAssertion, EvidenceRole

ATTRIBUTED = frozenset({"on", "in", "of", "to", "from", "into", "some", "across", "newly"})
"""Words after which an English participle describes what follows."""

CRIMEA = frozenset({"UA-43", "UA-40"})
"""Annexed in 2014."""


def claims(reading: Reading) -> list[Draft]:
    """The territorial claims of an article, one draft for each sentence and key."""
    drafts: list[Draft] = []
    for passage in reading.passages:
        if not _may_have_ground(passage):
            continue
        for hit in passage.of(Category.CLAIM):
            draft = _claim(reading, passage, hit)
            if draft is not None:
                drafts.append(draft)
    return settled(drafts)


def _may_have_ground(passage: Passage) -> bool:
    """Whether a claim's word may have its ground in the sentence, or needs none."""
    told = [entry for entry in passage.triggers() if entry.category is Category.CLAIM]
    if not told:
        return False
    free = any(not entry.needs_ground for entry in told)
    return free or passage.may_name_places() or passage.may_hold(Category.GROUND, Category.UNIT)


def reason_against(reading: Reading, passage: Passage, hit: Hit) -> str | None:
    """Why a word of taking or losing says nothing here, None when it may say something."""
    if is_elsewhere(passage):
        return "another conflict"
    if _is_past(reading, passage, hit):
        return "background"
    if is_unreal(passage, hit):
        return "not real"
    if _is_attribute(passage, hit):
        return "in passing"
    if _is_negated(reading, passage, hit):
        return "negated"
    return None if spans_near(reading, passage, hit) else "no ground"


def _is_negated(reading: Reading, passage: Passage, hit: Hit) -> bool:
    if not is_denied(passage, hit):
        return False
    return denier(passage, hit, speaker(reading, passage, hit.start)) is None


def _is_past(reading: Reading, passage: Passage, hit: Hit) -> bool:
    lasting = hit.entry is not None and hit.entry.action is Action.SOVEREIGNTY
    told = is_background(passage, hit)
    return told or names_past(reading, passage, None if lasting else hit)


def _is_attribute(passage: Passage, hit: Hit) -> bool:
    """Whether an English participle only describes the ground: "strikes on recaptured areas"."""
    entry = hit.entry
    if entry is None or not entry.id.startswith("en.") or entry.frame is not Frame.ACTIVE:
        return False
    at = passage.sentence.start
    text = passage.sentence.text
    before = text[: hit.start - at].split()[-1:]
    ground = passage.after(hit.end, Category.GROUND)[:1]
    beside = any(passage.sentence.words_between(hit.end, g.start) == 0 for g in ground)
    named = text[hit.start - at : hit.end - at].endswith(("ed", "taken"))
    return named and beside and bool(before) and before[0].lower() in ATTRIBUTED


def _claim(reading: Reading, passage: Passage, hit: Hit) -> Draft | None:
    entry = hit.entry
    if entry is None or entry.action is None or reason_against(reading, passage, hit):
        return None
    said_by = speaker(reading, passage, hit.start)
    direct = ground_of(reading, passage, hit)
    sides = _sides(reading, passage, hit, said_by, direct)
    ground = direct or ground_around(reading, passage, hit, sides.claimant)
    if sides.claimant is None and sides.loser is None and direct is None:
        sides = _sides(reading, passage, hit, said_by, ground)
    told = _told(passage, hit, said_by, sides, ground)
    if told is None:
        return None
    if told.assertion is ClaimAssertion.DENIED:
        said_by = _denying(passage, hit, said_by, told)
    area, count = _numbers(reading, passage, hit)
    slots = told.model_copy(
        update={
            "voices": (_voice(reading, said_by, told),),
            "area_km2": area.value if area else None,
            "area_qualifier": area.qualifier if area else None,
            "settlements": int(count.value) if count and count.value >= 1 else None,
        }
    )
    spans = [(hit.start, hit.end), *spans_near(reading, passage, hit), *sides.spans]
    spans += [(q.start, q.end) for q in (area, count) if q]
    pieces = [piece(passage, spans), *ground.basis]
    if said_by:
        pieces.append(_attribution(said_by))
    needless = slots.action is Action.CONTESTED
    features = {"sides_told" if sides.spans or needless else "sides_assumed"}
    features.add("place_stated" if direct else _where(passage, hit, ground))
    features.add(f"voice_{'named' if said_by else 'media'}")
    if area or count or is_share(passage, hit):
        features.add("number")
    if not ground.stated:
        features.add("country_only")
    features |= {f"action_{slots.action}", f"frame_{entry.frame}", *form(passage)}
    if is_quoted(reading, passage, hit.start):
        features.add("quoted")
    draft = Draft(
        claim_key(slots, ground.places),
        slots,
        list(ground.places),
        pieces,
        frozenset(features),
        event_time=event_time(reading, [passage], list(ground.places)),
        fired=(entry.id,),
    )
    return None if is_old(reading, draft) else draft


def _where(passage: Passage, hit: Hit, ground: Ground) -> str:
    sovereignty = hit.entry is not None and hit.entry.action is Action.SOVEREIGNTY
    if ground.stated or sovereignty or names_near(passage, hit):
        return "place_from_context"
    return "place_missing"


def _sides(
    reading: Reading, passage: Passage, hit: Hit, said_by: Speaker | None, ground: Ground | None
) -> Sides:
    entry = hit.entry
    if entry and entry.action is Action.SOVEREIGNTY and entry.frame is Frame.BARE:
        return sovereign(reading, passage, hit, said_by)
    return sides_of(reading, passage, hit, said_by, ground.country if ground else None)


def _told(
    passage: Passage, hit: Hit, said_by: Speaker | None, sides: Sides, ground: Ground
) -> ClaimSlots | None:
    """What the claim comes to, its voice and numbers left out; None when it comes to nothing."""
    action = hit.entry.action if hit.entry else None
    if action is None or (action is not Action.CONTESTED and sides == NOBODY):
        return None
    if is_denied(passage, hit):
        return _denied(passage, hit, said_by, sides)
    if action is Action.CONTESTED:
        return _slots(None, None, action, ClaimAssertion.REPORTED)
    claimant = sides.claimant
    if action is Action.HOLD and (side := denier_of_hold(passage, hit, claimant)):
        return _slots(side.code, None, Action.HOLD, ClaimAssertion.DENIED)
    if _is_known_for_long(hit, claimant, ground):
        return None
    if action is Action.WITHDRAW and not _is_regained(passage, ground, claimant):
        claimant = None
    action = _action(action, claimant, ground)
    return _slots(claimant, sides.loser, action, _assertion(said_by, sides))


def _is_regained(passage: Passage, ground: Ground, claimant: str | None) -> bool:
    """Whether the ground that was left is the other side's own country, which it gets back.

    Then that side gains it by the withdrawal itself, whoever tells it; where troops leave their own
    country's ground, nobody is said to have taken it.
    """
    if ground.stated:
        return ground.country == claimant
    return any(
        m.kind == "country" and m.entry.code == claimant
        for name in passage.places()
        for m in name.meanings
    ) and bool(passage.of(Category.GROUND))


def _denied(passage: Passage, hit: Hit, said_by: Speaker | None, sides: Sides) -> ClaimSlots | None:
    """What a denial says of whoever denies: that his side holds the ground, or owns it."""
    action = hit.entry.action if hit.entry else None
    if action is Action.SOVEREIGNTY and said_by and said_by.party.code == sides.claimant:
        return _slots(sides.claimant, None, action, ClaimAssertion.CLAIMED)
    side = denier(passage, hit, said_by)
    if action is None or side is None:
        return None
    if not holds_on(action, sides.claimant, sides.loser, side.code):
        return None
    return _slots(side.code, None, Action.HOLD, ClaimAssertion.DENIED)


def _denying(
    passage: Passage, hit: Hit, said_by: Speaker | None, told: ClaimSlots
) -> Speaker | None:
    holder = OPPONENT.get(told.claimant or "")
    party = denier_of_hold(passage, hit, holder) or denier(passage, hit, said_by)
    if party is None or (said_by and said_by.party.code == party.code):
        return said_by
    return Speaker(party, passage, party.start, party.end)


def _slots(
    claimant: str | None, loser: str | None, action: Action, assertion: ClaimAssertion
) -> ClaimSlots:
    media = Voice(name="media", side="media", assertion=assertion)
    return ClaimSlots(
        claimant=claimant, loser=loser, voices=(media,), action=action, assertion=assertion
    )


def _is_known_for_long(hit: Hit, claimant: str | None, ground: Ground) -> bool:
    """That Russia took, annexed and holds Crimea is background; a word on whose it is is not."""
    codes = {place.code for place in ground.places}
    bare = hit.entry is None or hit.entry.frame is Frame.BARE
    return claimant == "RU" and not bare and codes <= CRIMEA


def _attribution(said_by: Speaker) -> Piece:
    spans = [(said_by.start, said_by.end)]
    return piece(said_by.passage, spans, EvidenceRole.ATTRIBUTION)


def _action(told: Action, claimant: str | None, ground: Ground) -> Action:
    """The doer's framing counts only for its own land: taking back is what one's own country is."""
    if told not in (Action.CAPTURE, Action.RECAPTURE) or claimant is None:
        return told
    if ground.country is None:
        return told
    return Action.RECAPTURE if ground.country == claimant else Action.CAPTURE


def _numbers(
    reading: Reading, passage: Passage, hit: Hit
) -> tuple[Quantity | None, Quantity | None]:
    """The area and the settlements told of a word, not those of another claim's segment."""
    others = [passage.segment_of(h.start) for h in passage.of(Category.CLAIM)]
    own = passage.segment_of(hit.start)
    counted = [
        q
        for q in quantities(passage, reading.article.language)
        if own[0] <= q.start < own[1] or not any(a <= q.start < b for a, b in others)
    ]
    area = next((q for q in counted if q.unit == "km2"), None)
    count = next((q for q in counted if q.unit == "settlements"), None)
    return area, count


def _voice(reading: Reading, said_by: Speaker | None, told: ClaimSlots) -> Voice:
    if said_by is None:
        publisher = reading.article.source.publisher
        return Voice(name=publisher, side="media", assertion=told.assertion)
    party = said_by.party
    side = party.code if len(party.code) == 2 else "unknown"
    return Voice(name=party.name, office=party.office, side=side, assertion=told.assertion)


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
