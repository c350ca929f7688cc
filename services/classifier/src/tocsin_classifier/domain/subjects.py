"""Who of those named in a sentence stands as a subject: no place, no object of a preposition."""

from tocsin_classifier.domain.actors import OPPONENT, Party, parties
from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.scan import Hit, Passage

OBLIQUE_REACH = 2
"""How many words may stand between a preposition and the name that it makes an object."""


OBLIQUE_WORDS = 4
"""How many articles and offices may stand between a preposition and a name."""


OWNED_REACH = 3
"""How many words after a possessive the topic may stand that it owns."""


LONGEST_ARTICLE = 3
"""Letters of the longest article."""


JOINERS = frozenset(
    {"and", "and the", "et", "et le", "et la", "et l'", "et les", "und", "und die", "sowie"}
    | {"та", "і", "й", "и", ",", "&"}
    | {", and", ", and the", ", et", ", et la", ", et le", ", та", ", и"}
)
"""What may stand between two subjects of one verb, folded."""


def subjects(passage: Passage) -> list[Party]:
    """The parties of a sentence that stand as subjects: no place, no object of a preposition."""
    known: list[Party] | None = passage.memory.get("subjects")
    if known is None:
        known = passage.memory["subjects"] = _find_subjects(passage)
    return known[:]


def _find_subjects(passage: Passage) -> list[Party]:
    found: list[Party] = []
    oblique: Party | None = None
    for one in named_parties(passage):
        if _is_oblique(passage, one) or (oblique and _continues(passage, oblique, one)):
            oblique = one
        else:
            found.append(one)
    return found


def named_parties(passage: Passage) -> list[Party]:
    """All parties of a sentence, both sides' and officers' too, in order; kept, never change it."""
    known: list[Party] | None = passage.memory.get("named")
    if known is None:
        known = passage.memory["named"] = _find_parties(passage)
    return known


def _find_parties(passage: Passage) -> list[Party]:
    named = parties(passage)
    for both in passage.of(Category.BOTH):
        named += [Party(code, both.start, both.end, code) for code in OPPONENT]
    named += _officers(passage)
    return sorted(named, key=lambda p: (p.start, p.end))


def _officers(passage: Passage) -> list[Party]:
    # An adjective of a nation beside an office: "Turkish president", "président turc".
    offices = passage.of(Category.OFFICE)
    words = passage.sentence.words_between
    found = []
    for nation in passage.of(Category.NATION):
        if nation.entry is None or nation.entry.code is None:
            continue
        for office in offices:
            ahead = nation.end <= office.start and words(nation.end, office.start) <= 1
            behind = office.end <= nation.start and words(office.end, nation.start) <= 1
            if ahead or behind:
                start, end = min(nation.start, office.start), max(nation.end, office.end)
                found.append(Party(nation.entry.code, start, end, nation.entry.means))
                break
    return found


def _is_oblique(passage: Passage, one: Party) -> bool:
    start, _ = passage.segment_of(one.start)
    words = passage.sentence.words_between
    after_office = any(
        words(o.end, one.start) <= OBLIQUE_REACH
        for o in passage.before(one.start, Category.OFFICE)
        if o.start >= start
    )
    if after_office:
        return False
    for mark in passage.of(Category.OBLIQUE):
        if mark.start <= one.start and one.end <= mark.end:
            return True
        if start <= mark.start and mark.end <= one.start and _is_filler(passage, mark.end, one):
            return True
    if _owns_topic(passage, one):
        return True
    topics = [t for t in passage.before(one.start, Category.TOPIC) if t.start >= start]
    verbs = passage.of(Category.STANCE, Category.SAYS)
    return any(
        _is_filler(passage, t.end, one) and not any(t.end <= v.start < one.start for v in verbs)
        for t in topics
    )


def _owns_topic(passage: Passage, one: Party) -> bool:
    """English "Russia's latest ceasefire proposal": whose it is, not who acts."""
    at = passage.sentence.start
    text = passage.sentence.text
    ends = (text[one.start - at : one.end - at], text[one.start - at : one.end + 2 - at])
    words = passage.sentence.words_between
    return any(name.endswith(("'s", "’s")) for name in ends) and any(
        words(one.end, t.start) <= OWNED_REACH for t in passage.after(one.end, Category.TOPIC)
    )


def _is_filler(passage: Passage, start: int, one: Party) -> bool:
    """Whether only articles and offices stand between a preposition and a name."""
    text = passage.sentence.text[
        start - passage.sentence.start : one.start - passage.sentence.start
    ]
    words = text.split()
    offices = {
        word
        for hit in passage.of(Category.OFFICE, Category.NATION)
        for word in passage.sentence.text[
            hit.start - passage.sentence.start : hit.end - passage.sentence.start
        ].split()
    }
    return len(words) <= OBLIQUE_WORDS and all(
        word in offices or (word.islower() and len(word) <= LONGEST_ARTICLE) for word in words
    )


def _continues(passage: Passage, before: Party, one: Party) -> bool:
    """Whether a name only goes on with the object before it: "with President Putin and Xi"."""
    between = passage.sentence.text[
        max(0, before.end - passage.sentence.start) : one.start - passage.sentence.start
    ]
    verbs = passage.of(Category.STANCE, Category.SAYS)
    if "," in between or any(before.end <= v.start < one.start for v in verbs):
        return False
    same = before.code == one.code and len(between.split()) <= 2
    return same or between.strip().casefold() in JOINERS


def subjects_before(passage: Passage, hit: Hit) -> list[Party]:
    """The subjects that stand before a word."""
    return [p for p in subjects(passage) if p.end <= hit.start]
