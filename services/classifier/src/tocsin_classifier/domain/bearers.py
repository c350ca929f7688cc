"""Who holds a stance: the subject of its clause, whoever speaks, or who was named before."""

from tocsin_classifier.domain.actors import ENGLISH, OPPONENT, Party, narrator, parties
from tocsin_classifier.domain.attribution import Speaker, is_quoted
from tocsin_classifier.domain.lexicon import Category, Frame
from tocsin_classifier.domain.scan import Hit, Passage, Reading
from tocsin_classifier.domain.subjects import (
    JOINERS,
    OBLIQUE_REACH,
    named_parties,
    subjects,
    subjects_before,
)
from tocsin_schemas.vocabulary import StanceValue

INVERSION_REACH = 4
"""How many words after the start of a verb its subject may stand."""


AGENT_REACH = 6
"""How many words after a verb "by" may stand."""


CONTEXT_SENTENCES = 2
"""In how many sentences before whoever "he" stands for is looked for."""


INVERTING = frozenset({"de", "uk", "ru"})
"""Languages in which the subject may stand behind its verb."""


TOLD = ("dass ", "that ", "que ", "qu'", "qu’", "що ", "что ")
"""How a clause begins that somebody says, folded."""


def bearers(reading: Reading, passage: Passage, hit: Hit, said_by: Speaker | None) -> list[Party]:
    """Whose stance a word tells, several for one told of both sides; empty when nobody's."""
    if _is_outsiders(passage, hit):
        return []
    subjects = _subjects_of(passage, hit)
    chosen = _chosen(reading, passage, hit, said_by, subjects)
    if chosen is None:
        return []
    return [chosen, *_joined(passage, chosen, subjects)]


def _subjects_of(passage: Passage, hit: Hit) -> list[Party]:
    """The subjects that can hold this stance: not whom another verb of stance is addressed to."""
    verbs = [v for v in passage.of(Category.STANCE) if v.end <= hit.start]
    words = passage.sentence.words_between
    outside = hit.entry is not None and hit.entry.stance is StanceValue.MEDIATES
    return [
        one
        for one in subjects(passage)
        if not any(v.end <= one.start and words(v.end, one.start) <= 1 for v in verbs)
        and not (outside and one.code in OPPONENT)
    ]


def _chosen(
    reading: Reading,
    passage: Passage,
    hit: Hit,
    said_by: Speaker | None,
    found: list[Party],
) -> Party | None:
    speaker = _fit(hit, said_by.party if said_by else _headlined(passage, hit))
    impersonal = hit.entry is not None and hit.entry.frame is Frame.SPEAKER
    before = [p for p in found if p.end <= hit.start]
    if impersonal or is_quoted(reading, passage, hit.start):
        chosen = speaker or _nearest(before) or _context(reading, passage, hit)
        return chosen or _own_side(reading, passage, hit)
    start, end = passage.segment_of(hit.start)
    own = [p for p in before if p.start >= start]
    by = _agents(passage, hit, 0)
    if by:
        return by[0]
    if own and not (_is_price(hit) and _is_told_clause(passage, start)):
        if _ends_german_clause(reading, passage, hit, end):
            return own[0]
        return _nearest(own[:1] if _is_price(hit) else own)
    pronoun = any(start <= a.start < hit.end + 4 for a in passage.of(Category.ANAPHOR))
    behind = [] if pronoun else _inverted(reading, passage, hit, found, end)
    agent = [] if pronoun else _agents(passage, hit)
    led = before[:1] if _is_price(hit) else before
    chosen = _nearest(behind[:1]) or _nearest(agent[:1]) or _nearest(led) or speaker
    return chosen or _context(reading, passage, hit) or _own_side(reading, passage, hit)


def _ends_german_clause(reading: Reading, passage: Passage, hit: Hit, end: int) -> bool:
    """Whether all objects stand before the verb, so that the first name is its subject."""
    return reading.article.language == "de" and not passage.sentence.words_between(hit.end, end)


def _is_told_clause(passage: Passage, start: int) -> bool:
    """Whether a segment is what somebody says must be: "that Europe must sit at the table"."""
    at = start - passage.sentence.start
    return passage.sentence.text[at:].casefold().startswith(TOLD)


def _is_price(hit: Hit) -> bool:
    """Whether the word names a price: it is asked by the sentence's first subject."""
    return hit.entry is not None and hit.entry.stance is StanceValue.CONDITIONAL


def _fit(hit: Hit, one: Party | None) -> Party | None:
    mediates = hit.entry is not None and hit.entry.stance is StanceValue.MEDIATES
    return None if one and mediates and one.code in OPPONENT else one


def _nearest(before: list[Party]) -> Party | None:
    if not before:
        return None
    nearest = before[-1]
    same = [p for p in before if p.code == nearest.code and p.person]
    return same[-1] if same else nearest


def _inverted(
    reading: Reading, passage: Passage, hit: Hit, found: list[Party], end: int
) -> list[Party]:
    mediates = hit.entry is not None and hit.entry.stance is StanceValue.MEDIATES
    if reading.article.language not in INVERTING and not mediates:
        return []
    words = passage.sentence.words_between
    reach = AGENT_REACH if mediates else INVERSION_REACH
    # "Until Russia leaves": whom a price names is not who asks it.
    first = hit.end if _is_price(hit) else hit.start
    return [p for p in found if first <= p.start < end and words(hit.start, p.start) <= reach]


def _agents(passage: Passage, hit: Hit, reach: int = AGENT_REACH) -> list[Party]:
    words = passage.sentence.words_between
    marks = [m for m in passage.after(hit.end, Category.AGENT) if words(hit.end, m.start) <= reach]
    return [
        p
        for p in named_parties(passage)
        if any(m.end <= p.start and words(m.end, p.start) <= OBLIQUE_REACH for m in marks)
        and _fit(hit, p)
    ]


def _headlined(passage: Passage, hit: Hit) -> Party | None:
    """Who speaks in a headline: "Kremlin: no talks", "no talks — Kremlin"."""
    segments = passage.segments()
    text = passage.sentence.text
    start, _ = passage.segment_of(hit.start)
    for one in named_parties(passage):
        first, last = passage.segment_of(one.start)
        if first == start:
            continue
        behind = text[last - passage.sentence.start :].lstrip()[:1]
        ahead = text[: first - passage.sentence.start].rstrip()[-1:]
        if first == segments[0][0] and behind == ":":
            return one
        if last == segments[-1][1] and ahead in "—–-" and last - first <= 60:
            return one
    return None


def _context(reading: Reading, passage: Passage, hit: Hit) -> Party | None:
    """Whom "he" or an indirect speech without a subject stands for."""
    impersonal = hit.entry is not None and hit.entry.frame is Frame.SPEAKER
    if not (impersonal or passage.of(Category.ANAPHOR)):
        return None
    for other in reading.previous(passage, CONTEXT_SENTENCES):
        if other.of(Category.OUTSIDER):
            return None
        found = [p for p in subjects(other) if _fit(hit, p)]
        if found:
            return next((p for p in found if p.person), found[0])
    return None


def _own_side(reading: Reading, passage: Passage, hit: Hit) -> Party | None:
    """Soldiers told of before the word, else the article's own side where it names the other."""
    if hit.entry is not None and hit.entry.stance is StanceValue.MEDIATES:
        return None
    for side in passage.before(hit.start, Category.SIDE):
        if side.entry is not None and side.entry.code in OPPONENT:
            return Party(side.entry.code, side.start, side.end, side.entry.means)
    own = narrator(reading)
    if own is None or not any(p.code == OPPONENT[own] for p in parties(passage)):
        return None
    return Party(own, hit.start, hit.end, ENGLISH[own])


def _joined(passage: Passage, chosen: Party, found: list[Party]) -> list[Party]:
    """The other subjects of the same verb: "Moscow and Kyiv agreed"."""
    joined = [p for p in found if p.start == chosen.start]
    for run in (
        [p for p in found if p.start >= chosen.end],
        [p for p in found if p.end <= chosen.start][::-1],
    ):
        last = chosen
        for one in run:
            between = _between(passage, last, one)
            if one.code == last.code and len(between.split()) <= 2:  # an office and its holder
                last = one
                continue
            if between not in JOINERS or (len(joined) == 1 and between == ","):
                break
            joined.append(one)
            last = one
    return [p for p in joined if p.code != chosen.code]


def _between(passage: Passage, one: Party, other: Party) -> str:
    """The words between two names, folded."""
    first, second = sorted((one, other), key=lambda p: p.start)
    offset = passage.sentence.start
    return passage.sentence.text[first.end - offset : second.start - offset].strip().casefold()


def _is_outsiders(passage: Passage, hit: Hit) -> bool:
    """Whether the stance is that of somebody who binds no state: an analyst, a former minister."""
    people = [p for p in parties(passage) if p.person]
    for outsider in passage.before(hit.start, Category.OUTSIDER):
        start, _ = passage.segment_of(outsider.start)
        here, _ = passage.segment_of(hit.start)
        between = [p for p in people if outsider.end < p.start < hit.start]
        led = [p for p in subjects(passage) if p.end <= start]
        if start == here or not (between or led):
            return True
    after = passage.after(hit.end, Category.OUTSIDER)
    return bool(after) and not subjects_before(passage, hit)
