"""Negotiation stances: which party takes which position on talks to end this war."""

from tocsin_classifier.domain.actors import OPPONENT, Party, parties
from tocsin_classifier.domain.attribution import Speaker, is_quoted, speaker
from tocsin_classifier.domain.draft import Draft, evidence
from tocsin_classifier.domain.lexicon import Category, Frame
from tocsin_classifier.domain.negation import is_background, is_elsewhere, is_negated
from tocsin_classifier.domain.scan import Hit, Passage, Reading
from tocsin_schemas.slots import StanceSlots, Voice
from tocsin_schemas.vocabulary import (
    AlertType,
    StanceAssertion,
    StanceTopic,
    StanceValue,
)

TOPIC_REACH = 12
"""How many words may stand between a word of stance and its topic."""

WAR_SENTENCES = 3
"""In how many sentences before one side of the war must be named, if not in the sentence."""

INVERSE = {StanceValue.SUPPORTS: StanceValue.REJECTS, StanceValue.REJECTS: StanceValue.SUPPORTS}
"""What a stance becomes when its word is negated."""


def stances(reading: Reading) -> list[Draft]:
    """The stances of an article, one draft for each sentence, actor and stance."""
    drafts: list[Draft] = []
    for passage in reading.passages:
        found = [d for hit in passage.of(Category.STANCE) if (d := _stance(reading, passage, hit))]
        drafts.extend(_strongest(found))
    return drafts


def reason_against(reading: Reading, passage: Passage, hit: Hit) -> str | None:
    """Why a word of stance says nothing here, None when it may say something."""
    if is_elsewhere(passage):
        return "another conflict"
    if is_background(passage):
        return "background"
    if _topic(passage, hit) is None:
        return "no topic"
    if not _is_of_this_war(reading, passage):
        return "neither side of the war is named"
    return None


def _stance(reading: Reading, passage: Passage, hit: Hit) -> Draft | None:
    entry = hit.entry
    topic = _topic(passage, hit)
    if entry is None or entry.stance is None or topic is None or topic.entry is None:
        return None
    if reason_against(reading, passage, hit):
        return None
    said_by = speaker(reading, passage, hit.start)
    actor = _actor(reading, passage, hit, said_by)
    if actor is None:
        return None
    stance = entry.stance
    if is_negated(passage, hit):
        if stance not in INVERSE:
            return None
        stance = INVERSE[stance]
    slots = StanceSlots(
        actor=actor.code,
        voices=(_voice(reading, actor, said_by),),
        counterpart=_counterpart(passage, actor, topic),
        stance=stance,
        assertion=_assertion(actor, said_by),
        topic=topic.entry.topic or StanceTopic.OTHER,
    )
    spans = [(hit.start, hit.end), (topic.start, topic.end)]
    if (
        passage.sentence.start <= actor.start
        and actor.end <= hit.start
        and entry.frame is not Frame.SPEAKER
    ):
        spans.append((actor.start, actor.end))
    pieces = [evidence(reading.article, passage, spans)]
    features = {"person_named" if actor.person else "state_named"}
    features.add("speaker" if said_by else "subject")
    if is_quoted(reading, passage, hit.start):
        features.add("quoted")
    key = (AlertType.NEGOTIATION_STANCE, slots.actor, slots.stance)
    return Draft(key, slots, [], pieces, frozenset(features), fired=(entry.id, topic.entry.id))


def _topic(passage: Passage, hit: Hit) -> Hit | None:
    words = passage.sentence.words_between
    inside = [t for t in passage.of(Category.TOPIC) if t.start < hit.end and t.end > hit.start]
    after = [
        t for t in passage.after(hit.end, Category.TOPIC) if words(hit.end, t.start) <= TOPIC_REACH
    ]
    before = [
        t
        for t in passage.before(hit.start, Category.TOPIC)
        if words(t.end, hit.start) <= 2 * TOPIC_REACH
    ]
    nearest = inside + after + before
    return nearest[0] if nearest else None


def _actor(reading: Reading, passage: Passage, hit: Hit, said_by: Speaker | None) -> Party | None:
    impersonal = hit.entry is not None and hit.entry.frame is Frame.SPEAKER
    if impersonal or is_quoted(reading, passage, hit.start):
        return said_by.party if said_by else None
    before = [p for p in parties(passage) if p.end <= hit.start]
    if before:
        nearest = before[-1]
        same = [p for p in before if p.code == nearest.code and p.person]
        return same[-1] if same else nearest
    return said_by.party if said_by else None


def _counterpart(passage: Passage, actor: Party, topic: Hit) -> str | None:
    others = [p for p in parties(passage) if p.code != actor.code and p.start >= topic.start]
    sides = [p for p in others if p.code in OPPONENT]
    return sides[0].code if sides else None


def _is_of_this_war(reading: Reading, passage: Passage) -> bool:
    near = [passage, *reading.previous(passage, WAR_SENTENCES), *reading.passages[:2]]
    return any(p.code in OPPONENT for other in near for p in parties(other)) or any(
        hit.entry is not None and hit.entry.code in OPPONENT
        for other in near
        for hit in other.of(Category.NATION, Category.SIDE)
    )


def _assertion(actor: Party, said_by: Speaker | None) -> StanceAssertion:
    if actor.person or (said_by is not None and said_by.party.code == actor.code):
        return StanceAssertion.STATED
    return StanceAssertion.REPORTED


def _voice(reading: Reading, actor: Party, said_by: Speaker | None) -> Voice:
    assertion = _assertion(actor, said_by)
    party = said_by.party if said_by else (actor if actor.person else None)
    if party is None:
        return Voice(name=reading.article.source.publisher, side="media", assertion=assertion)
    side = party.code if len(party.code) == 2 else "unknown"
    return Voice(name=party.name, office=party.office, side=side, assertion=assertion)


def _strongest(drafts: list[Draft]) -> list[Draft]:
    """Of one actor's stances in one sentence: a refusal, else a price, else support."""
    order = [
        StanceValue.REJECTS,
        StanceValue.CONDITIONAL,
        StanceValue.MEDIATES,
        StanceValue.SUPPORTS,
    ]
    kept: dict[str, Draft] = {}
    for draft in drafts:
        assert isinstance(draft.slots, StanceSlots)
        other = kept.get(draft.slots.actor)
        if other is None:
            kept[draft.slots.actor] = draft
            continue
        assert isinstance(other.slots, StanceSlots)
        if order.index(draft.slots.stance) < order.index(other.slots.stance):
            kept[draft.slots.actor] = draft
    return list(kept.values())
