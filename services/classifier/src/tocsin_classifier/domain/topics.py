"""What a word of stance is about: a topic of its sentence, or one named before it."""

from dataclasses import dataclass

from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.scan import Hit, Passage, Reading
from tocsin_classifier.domain.this_war import names_both
from tocsin_schemas.vocabulary import StanceTopic, StanceValue

TOPIC_REACH = 12
"""How many words may stand between a word of stance and its topic."""


TOPIC_SENTENCES = 3
"""In how many sentences before a topic is looked for that "the proposal" points back to."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a stance is about, and the word that says so; None when an earlier sentence does."""

    topic: StanceTopic
    hit: Hit | None


def topic_of(reading: Reading, passage: Passage, hit: Hit) -> Subject | None:
    """What a word of stance is about, worked out once."""
    kept: dict[tuple[int, int, int], Subject | None] = passage.memory.setdefault("topic", {})
    key = (hit.start, hit.end, id(hit.entry))
    if key not in kept:
        kept[key] = _find_topic(reading, passage, hit)
    return kept[key]


def _find_topic(reading: Reading, passage: Passage, hit: Hit) -> Subject | None:
    for found in _topics(passage, hit):
        if found.entry is not None and found.entry.topic is not StanceTopic.OTHER:
            return Subject(found.entry.topic or StanceTopic.OTHER, found)
        # "The proposal" stands for what an earlier sentence names.
        earlier = _earlier_topic(reading, passage, TOPIC_SENTENCES)
        if earlier is not None:
            return Subject(earlier, found)
    if hit.entry is None or hit.entry.stance is not StanceValue.MEDIATES:
        return None
    earlier = _earlier_topic(reading, passage, 1)
    if earlier is None and names_both(passage):
        earlier = StanceTopic.PEACE_TALKS
    return Subject(earlier, None) if earlier is not None else None


def _topics(passage: Passage, hit: Hit) -> list[Hit]:
    """The topics in reach of a word of stance, the likeliest first."""
    words = passage.sentence.words_between
    start, end = passage.segment_of(hit.start)
    inside = [t for t in passage.of(Category.TOPIC) if t.start < hit.end and t.end > hit.start]
    after = [
        t for t in passage.after(hit.end, Category.TOPIC) if words(hit.end, t.start) <= TOPIC_REACH
    ]
    before = [
        t
        for t in passage.before(hit.start, Category.TOPIC)
        if words(t.end, hit.start) <= 2 * TOPIC_REACH
    ]
    # What a price is asked for stands before it, what a call is for after it.
    price = hit.entry is not None and hit.entry.stance is StanceValue.CONDITIONAL
    around = [*before, *after] if price else [*after, *before]
    near = [t for t in around if start <= t.start < end]
    far = [t for t in around if t not in near]
    return [*inside, *sorted(near, key=_vagueness), *sorted(far, key=points_back)]


def points_back(topic: Hit) -> bool:
    """Whether a topic only stands for one named before: "the proposal"."""
    return topic.entry is None or topic.entry.topic is StanceTopic.OTHER


def _vagueness(topic: Hit) -> int:
    """A ceasefire comes before talks of any kind, and both before "the proposal"."""
    if points_back(topic):
        return 2
    return int(topic.entry is not None and topic.entry.topic is StanceTopic.PEACE_TALKS)


def _earlier_topic(reading: Reading, passage: Passage, count: int) -> StanceTopic | None:
    for other in reading.previous(passage, count):
        for hit in other.of(Category.TOPIC)[::-1]:
            if hit.entry is not None and hit.entry.topic not in (None, StanceTopic.OTHER):
                return hit.entry.topic
    return None
