"""Negotiation stances: which party takes which position on talks to end this war."""

from typing import NamedTuple

from tocsin_classifier.domain.actors import OPPONENT, Party, parties
from tocsin_classifier.domain.attribution import Speaker, is_quoted, speaker
from tocsin_classifier.domain.bearers import bearers
from tocsin_classifier.domain.draft import Draft, form, piece
from tocsin_classifier.domain.lexicon import Category, Frame
from tocsin_classifier.domain.negation import (
    is_background,
    is_elsewhere,
    is_negated,
    without_own,
)
from tocsin_classifier.domain.questions import is_asked
from tocsin_classifier.domain.scan import Hit, Passage, Reading
from tocsin_classifier.domain.second_verbs import has_own_object
from tocsin_classifier.domain.this_war import codes_named, names_both
from tocsin_classifier.domain.topics import Subject, points_back, topic_of
from tocsin_schemas.slots import StanceSlots, Voice
from tocsin_schemas.vocabulary import AlertType, StanceAssertion, StanceTopic, StanceValue

CONDITION_REACH = 2
"""How many words may stand between "could" and the word of stance."""


WAR_SENTENCES = 3
"""In how many sentences before one side of the war must be named, if not in the sentence."""


INVERSE = {StanceValue.SUPPORTS: StanceValue.REJECTS, StanceValue.REJECTS: StanceValue.SUPPORTS}
"""What a stance becomes when its word is negated."""


class Held(NamedTuple):
    """Who holds which stance on what, and who says so."""

    actor: Party
    stance: StanceValue
    said_by: Speaker | None
    subject: Subject


class Found(NamedTuple):
    """A draft with the segment of its word, None when its topic stands in another one."""

    draft: Draft
    actor: str
    stance: StanceValue
    segment: int | None
    topic: Hit | None


def stances(reading: Reading) -> list[Draft]:
    """The stances of an article, one draft for each sentence, actor and stance."""
    drafts: list[Draft] = []
    for passage in reading.passages:
        if not _may_have_topic(passage):
            continue
        found = [f for hit in passage.of(Category.STANCE) for f in _found(reading, passage, hit)]
        drafts.extend(_strongest(found))
    return drafts


def _may_have_topic(passage: Passage) -> bool:
    """Whether a word of stance may have a topic: only mediation may have it from elsewhere."""
    told = passage.triggers()
    topics = any(entry.category is Category.TOPIC for entry in told)
    return topics or any(entry.stance is StanceValue.MEDIATES for entry in told)


def reason_against(reading: Reading, passage: Passage, hit: Hit) -> str | None:
    """Why a word of stance says nothing here, None when it may say something."""
    if is_elsewhere(passage) and not names_both(passage):
        return "another conflict"
    if is_background(passage):
        return "background"
    if _is_hypothetical(passage, hit) or _is_denied(passage, hit) or is_asked(passage, hit):
        return "a condition, a possibility, a question, or denied"
    if topic_of(reading, passage, hit) is None:
        return "no topic"
    if not _is_of_this_war(reading, passage, hit):
        return "neither side of the war is named"
    return None


def _found(reading: Reading, passage: Passage, hit: Hit) -> list[Found]:
    subject = topic_of(reading, passage, hit)
    stance = _stance(passage, hit, subject)
    if subject is None or stance is None or reason_against(reading, passage, hit):
        return []
    if subject.hit is not None and has_own_object(passage, hit, subject.hit):
        return []
    said_by = speaker(reading, passage, hit.start)
    start, end = passage.segment_of(hit.start)
    own = subject.hit is not None and start <= subject.hit.start < end
    return [
        Found(
            _draft(reading, passage, hit, Held(actor, stance, said_by, subject)),
            actor.code,
            stance,
            start if own else None,
            subject.hit,
        )
        for actor in bearers(reading, passage, hit, said_by)
    ]


def _stance(passage: Passage, hit: Hit, subject: Subject | None) -> StanceValue | None:
    """What the word says where it stands: a negation before it or before its topic inverts it."""
    stance = hit.entry.stance if hit.entry else None
    if stance is None:
        return None
    # "will not negotiate" holds its negation itself; one more before it only strengthens it.
    rest = without_own(passage, hit)
    if is_negated(rest, hit):
        if _is_double(hit):
            return None
        if rest is passage:
            return INVERSE.get(stance)
    topic = subject.hit if subject else None
    if stance is StanceValue.SUPPORTS and topic is not None and topic.start >= hit.end:
        between = [
            n for n in passage.of(Category.NEGATION) if hit.end <= n.start and n.end <= topic.start
        ]
        if between and passage.sentence.words_between(between[-1].end, topic.start) == 0:
            return StanceValue.REJECTS
    return stance


def _is_double(hit: Hit) -> bool:
    """Whether a "no ... whatever" stands beside its negation, as Slavic languages ask for."""
    speaks = hit.entry is not None and hit.entry.frame is Frame.SPEAKER
    return speaks and hit.entry is not None and hit.entry.id.startswith(("uk.", "ru."))


def _draft(reading: Reading, passage: Passage, hit: Hit, held: Held) -> Draft:
    actor, said_by, subject = held.actor, held.said_by, held.subject
    slots = StanceSlots(
        actor=actor.code,
        voices=(_voice(reading, actor, said_by),),
        counterpart=_counterpart(passage, actor, subject.hit or hit),
        stance=held.stance,
        assertion=_assertion(actor, said_by),
        topic=subject.topic,
    )
    pieces = [piece(passage, _spans(passage, hit, actor, subject))]
    features = {"person_named" if actor.person else "state_named"}
    features.add("speaker" if said_by else "subject")
    features |= {f"stance_{held.stance}", f"on_{subject.topic}", *form(passage)}
    features.add(_where(passage, hit, subject))
    if names_both(passage):
        features.add("both_sides")
    if is_quoted(reading, passage, hit.start):
        features.add("quoted")
    key = (AlertType.NEGOTIATION_STANCE, slots.actor, slots.stance)
    fired = tuple(one.entry.id for one in (hit, subject.hit) if one is not None and one.entry)
    return Draft(key, slots, [], pieces, frozenset(features), fired=fired)


def _spans(passage: Passage, hit: Hit, actor: Party, subject: Subject) -> list[tuple[int, int]]:
    spans = [(hit.start, hit.end)]
    if subject.hit is not None:
        spans.append((subject.hit.start, subject.hit.end))
    here = passage.sentence.start <= actor.start and actor.end <= hit.start
    if here and hit.entry is not None and hit.entry.frame is not Frame.SPEAKER:
        spans.append((actor.start, actor.end))
    return spans


def _where(passage: Passage, hit: Hit, subject: Subject) -> str:
    """Where the topic stands: in the word's own segment, elsewhere in the sentence, or before."""
    if subject.hit is None or points_back(subject.hit):
        return "topic_from_context"
    start, end = passage.segment_of(hit.start)
    return "topic_near" if start <= subject.hit.start < end else "topic_apart"


def _is_hypothetical(passage: Passage, hit: Hit) -> bool:
    """Whether "if" opens the word's segment, or "could" stands right before it."""
    if hit.entry is not None and hit.entry.stance is StanceValue.CONDITIONAL:
        return False
    conditions = passage.before(hit.start, Category.CONDITION)
    if not conditions:
        return False
    start, _ = passage.segment_of(hit.start)
    words = passage.sentence.words_between
    return any(
        words(c.end, hit.start) <= CONDITION_REACH or c.start == start
        for c in conditions
        if c.start >= start
    )


def _is_denied(passage: Passage, hit: Hit) -> bool:
    """Whether somebody denies the clause: "the Kremlin denies that Russia is ready"."""
    if not passage.of(Category.DENIAL):
        return False
    start, _ = passage.segment_of(hit.start)
    marks = [*passage.of(Category.DENIAL), *passage.of(Category.SAYS)]
    before = sorted((m for m in marks if m.end <= start), key=lambda m: m.start)
    return bool(before) and before[-1].category is Category.DENIAL


def _counterpart(passage: Passage, actor: Party, topic: Hit) -> str | None:
    others = [p for p in parties(passage) if p.code != actor.code and p.start >= topic.start]
    sides = [p for p in others if p.code in OPPONENT]
    return sides[0].code if sides else None


def _is_of_this_war(reading: Reading, passage: Passage, hit: Hit) -> bool:
    # Talks held are about this war where the sentence names both of its sides.
    both = hit.entry is not None and hit.entry.frame is Frame.BARE
    near = [passage]
    if not both:
        at = passage.sentence.index
        near += [*reading.passages[:2], *reading.passages[max(0, at - WAR_SENTENCES) : at + 3]]
    kinds = (Category.NATION, Category.SIDE, Category.BOTH)
    enough = 2 if both else 1
    sides: set[str | None] = set()
    for other in near:
        sides |= codes_named(other, *kinds) & OPPONENT.keys()
        if len(sides) >= enough:
            return True
    if passage.of(Category.BOTH) and sides:
        sides = set(OPPONENT)
    subject = topic_of(reading, passage, hit)
    plain = subject is None or subject.topic in (StanceTopic.PEACE_TALKS, StanceTopic.SUMMIT)
    if reading.article.language == "uk" and (sides or not plain):
        sides.add("UA")
    return len(sides) >= enough


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


def _strongest(found: list[Found]) -> list[Draft]:
    """Of one actor's stances in one sentence: a refusal, else a price, else the weaker ones.

    A weaker one stays when it has a topic of its own, and no price or refusal in its segment.
    """
    order = (
        StanceValue.REJECTS,
        StanceValue.CONDITIONAL,
        StanceValue.MEDIATES,
        StanceValue.SUPPORTS,
    )
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: order.index(f.stance)):
        others = [k for k in kept if k.actor == one.actor]
        if any(k.stance is one.stance for k in others) or _stands_alone(one, others):
            kept.append(one)
    return [one.draft for one in kept]


def _stands_alone(one: Found, others: list[Found]) -> bool:
    return all(
        one.topic is not None
        and k.topic is not None
        and one.topic is not k.topic
        and StanceValue.CONDITIONAL not in (one.stance, k.stance)
        and (k.stance is StanceValue.MEDIATES or one.segment not in (None, k.segment))
        for k in others
    )
