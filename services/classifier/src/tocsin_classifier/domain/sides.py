"""Who gained and who lost ground: roles by the order of the words and their segments."""

from dataclasses import dataclass

from tocsin_classifier.domain.actors import HABIT, OPPONENT, narrator
from tocsin_classifier.domain.attribution import Speaker
from tocsin_classifier.domain.lexicon import Category, Frame
from tocsin_classifier.domain.negation import segment_of
from tocsin_classifier.domain.quotation import is_scare_quoted
from tocsin_classifier.domain.scan import Hit, Passage, Reading
from tocsin_schemas.vocabulary import Action


@dataclass(frozen=True, slots=True)
class Sides:
    """Who gained, who lost, and the words that say so."""

    claimant: str | None
    loser: str | None
    spans: tuple[tuple[int, int], ...] = ()


NOBODY = Sides(None, None)

AGAINST = frozenset(
    {"against", "at", "on", "with", "contre", "avec", "sur", "gegen", "auf", "mit"}
    | {"проти", "против"}
)
"""Words before soldiers who are not those who act."""

ARTICLES = frozenset({"the", "les", "l'", "die", "den", "der"})
"""Articles that may stand between such a word and the soldiers."""

UNDER = ("sous", "unter", "under", "під", "под")
"""How words end after which comes whose control it is: "revenu sous le contrôle de Kiev"."""

FOREIGN = frozenset({"en", "fr", "de"})
"""Languages of neither side, whose texts say "the enemy" as their source does."""

Doer = tuple[str, tuple[int, int]]
STRONG = (Category.SIDE, Category.OWN, Category.ENEMY)
STATES = (Category.ACTOR, Category.CAPITAL)

AGENT_REACH = 4
"""Words between a passive and the side that it names as its doer."""

ADJACENT = 1
"""Words between a word and the adjective of a nation that belongs to it: "contrôle russe"."""

NOUN_REACH = 2
"""Words between a noun or adjective of state ("is Ukrainian") and the nation it names."""


def sides_of(
    reading: Reading, passage: Passage, hit: Hit, said_by: Speaker | None, land: str | None
) -> Sides:
    """Who gained and who lost by a claim's word; `land` is the country whose ground it is."""
    entry = hit.entry
    bare_hold = entry is not None and entry.action is Action.HOLD and entry.frame is Frame.BARE
    told = NOBODY if bare_hold else _told(reading, passage, hit, said_by, land)
    if told.claimant is None and told.loser is None:
        return _implied(reading, passage, hit, said_by, land)
    return told


def sovereign(reading: Reading, passage: Passage, hit: Hit, said_by: Speaker | None) -> Sides:
    """Whose land it is said to be: the nation named in the words or right after them, or ours."""
    words = passage.sentence.words_between
    named = [
        h
        for h in passage.of(Category.NATION, *STATES)
        if h.end > hit.start and words(hit.end, h.start) <= NOUN_REACH
    ]
    own = _own_side(reading, said_by)
    for one in named:
        code = one.entry.code if one.entry else None
        if code in OPPONENT and not (said_by and said_by.party.code == OPPONENT[code]):
            return Sides(code, None, ((one.start, one.end),))
        if code in OPPONENT:
            return Sides(own, None) if passage.of(Category.NEGATION) else NOBODY
    return Sides(own, None) if own else NOBODY


def _ground_owner(passage: Passage) -> str | None:
    owners = [
        h.entry.code
        for h in passage.of(Category.NATION, Category.ACTOR)
        if h.entry
        and (_is_of_ground(passage, h) if h.category is Category.NATION else _owns(passage, h))
    ]
    return next((code for code in owners if code in OPPONENT), None)


def _told(
    reading: Reading, passage: Passage, hit: Hit, said_by: Speaker | None, land: str | None
) -> Sides:
    frame = hit.entry.frame if hit.entry else None
    own = _own_side(reading, said_by) or _defender(reading, passage, land)
    inside = _inside(passage, hit, own)
    before, after = _doers(passage, hit, own)
    if frame in (Frame.FREE_OF, Frame.LOSS_OF):
        return _driven_out(passage, hit, inside, before, after)
    if frame is Frame.LOSS:
        return _lost(inside or before or after)
    if frame is Frame.PASSIVE:
        return _gained(inside) if inside else _passive(passage, hit, before, after)
    belongs = inside is not None and inside[1][1] > hit.end
    if before and not belongs and before[1][0] >= segment_of(passage, hit.start)[0]:
        return _gained(before)
    return _gained(inside or before or after)


def _defender(reading: Reading, passage: Passage, land: str | None) -> str | None:
    """Whose "the enemy" is in a text on no side: in the West his whose ground is fought for."""
    foreign = reading.article.language in FOREIGN
    owner = (land or _ground_owner(passage)) if foreign else None
    return owner or HABIT.get(reading.article.language)


def _driven_out(
    passage: Passage, hit: Hit, inside: Doer | None, before: Doer | None, after: Doer | None
) -> Sides:
    """The loser in the words or right after them, else who drives out or who leaves before them."""
    reach = passage.sentence.words_between
    near = after if after and reach(hit.end, after[1][0]) <= AGENT_REACH else None
    if inside or near:
        return _lost(inside or near)
    leaves = hit.entry is not None and hit.entry.action is Action.WITHDRAW
    return _lost(before) if leaves else _gained(before)


def _passive(passage: Passage, hit: Hit, before: Doer | None, after: Doer | None) -> Sides:
    start, end = segment_of(passage, hit.start)
    near = passage.sentence.words_between
    freed = hit.entry is not None and hit.entry.action is Action.RECAPTURE
    under = passage.sentence.text[: hit.end - passage.sentence.start].endswith(UNDER)
    if after and freed and not under and _is_marked_loser(passage, hit, after[1][0]):
        return _lost(after)
    named = after and (
        _is_soldiers(passage, after)
        or _is_state(passage, after)
        or near(hit.end, after[1][0]) <= ADJACENT
    )
    if after and named and after[1][0] < end and near(hit.end, after[1][0]) <= AGENT_REACH:
        return _gained(after)
    if before and before[1][0] >= start and _is_soldiers(passage, before):
        return _gained(before)
    return NOBODY


def _implied(
    reading: Reading, passage: Passage, hit: Hit, said_by: Speaker | None, land: str | None
) -> Sides:
    """Nobody is named: what fell was its owner's; what was freed or is held is the speaker's."""
    action = hit.entry.action if hit.entry else None
    frame = hit.entry.frame if hit.entry else None
    own = _own_side(reading, said_by)
    if action is Action.SOVEREIGNTY:
        owner = land or _ground_owner(passage)
        return Sides(OPPONENT[owner], None) if owner else NOBODY
    if action is Action.HOLD and frame is Frame.BARE:
        return Sides(land, None) if land else NOBODY
    if frame is Frame.LOSS or frame is Frame.LOSS_OF or action is Action.WITHDRAW:
        loser = own if frame is Frame.LOSS else land
        return Sides(OPPONENT.get(loser or ""), loser) if loser else NOBODY
    if land and (
        is_scare_quoted(passage, hit) or (action is Action.CAPTURE and frame is Frame.PASSIVE)
    ):
        return Sides(OPPONENT[land], None)
    owner = _ground_owner(passage)
    if action in (Action.CAPTURE, Action.ADVANCE) and owner:
        return Sides(OPPONENT[owner], None)
    if action is Action.RECAPTURE and own is None and reading.article.language != "ru":
        own = land
    return Sides(own, None) if own and action in (Action.RECAPTURE, Action.HOLD) else NOBODY


def _own_side(reading: Reading, said_by: Speaker | None) -> str | None:
    if said_by and said_by.party.code in OPPONENT:
        return said_by.party.code
    return narrator(reading)


def _inside(passage: Passage, hit: Hit, own: str | None) -> Doer | None:
    """A side named within the words themselves: "under Russian control"."""
    kinds = (*STRONG, *STATES, Category.NATION)
    within = [h for h in passage.of(*kinds) if hit.start <= h.start and h.end <= hit.end]
    within += [h for h in passage.of(Category.SIDE) if hit.start < h.start < hit.end < h.end]
    free = [h for h in within if not _owns(passage, h)]
    free = [h for h in free if h.category is not Category.NATION or not _is_in_place(passage, h)]
    coded = [(code, (h.start, h.end)) for h in free if (code := _code(h, own)) in OPPONENT]
    strong = {(h.start, h.end) for h in passage.of(*STRONG)}
    return next((one for one in coded if one[1] in strong), coded[-1] if coded else None)


def _doers(passage: Passage, hit: Hit, own: str | None) -> tuple[Doer | None, Doer | None]:
    """The likeliest doer before and after a claim's word.

    Soldiers in the same segment come first, then states in it, then adjectives that belong to no
    ground, then the nearest of any kind in the rest of the sentence.
    """
    start, end = segment_of(passage, hit.start)
    found: list[Doer | None] = []
    for named in (
        [
            *_overlapping(passage, hit),
            *passage.before(hit.start, *STRONG, *STATES, Category.NATION),
        ],
        passage.after(hit.end, *STRONG, *STATES, Category.NATION),
    ):
        side = [h for h in named if not _is_object(passage, hit, h) and not _owns(passage, h)]
        if named and not side and not found:
            side = named
        near = [h for h in side if start <= h.start < end]
        kinds = (STRONG, STATES, (Category.NATION,))
        ranked = [h for kind in kinds for h in near if h.category in kind]
        ranked += [h for h in side if h not in near and h.category is not Category.NATION]
        free = [
            h
            for h in ranked
            if h.category is not Category.NATION
            or _is_attached(passage, hit, h)
            or not _is_of_ground(passage, h)
        ]
        coded = [(code, (h.start, h.end)) for h in free if (code := _code(h, own)) in OPPONENT]
        found.append(coded[0] if coded else None)
    before, after = found
    if before and after and _is_stronger(passage, hit, after, before):
        before = None
    return before, after


def _overlapping(passage: Passage, hit: Hit) -> list[Hit]:
    """Sides whose last word is the claim's first: "Ukrainian forces" in "forces hold"."""
    return [h for h in passage.of(*STRONG, *STATES) if h.start < hit.start < h.end]


def _is_stronger(passage: Passage, hit: Hit, one: Doer, other: Doer) -> bool:
    """Whether one stands in the word's own segment and the other does not, or is no soldiers."""
    start, end = segment_of(passage, hit.start)
    strong = {(h.start, h.end) for h in passage.of(*STRONG) if start <= h.start < end}
    return one[1] in strong and other[1] not in strong


def _is_soldiers(passage: Passage, doer: Doer) -> bool:
    return doer[1] in _spans(passage, *STRONG)


def _is_state(passage: Passage, doer: Doer) -> bool:
    return doer[1] in _spans(passage, *STATES)


def _spans(passage: Passage, *categories: Category) -> frozenset[tuple[int, int]]:
    known: dict[tuple[Category, ...], frozenset[tuple[int, int]]]
    known = passage.memory.setdefault("spans", {})
    if categories not in known:
        known[categories] = frozenset((h.start, h.end) for h in passage.of(*categories))
    return known[categories]


def _is_object(passage: Passage, hit: Hit, doer: Hit) -> bool:
    """Whether the side is no doer: it stands within another claim's words, or in another case."""
    claims = [h for h in passage.of(Category.CLAIM) if h is not hit]
    if any(h.start < doer.start and doer.end <= h.end for h in claims):
        return True
    if _is_taken_from(passage, hit, doer):
        return True
    if _is_where(passage, doer):
        return hit.entry is not None and hit.entry.frame is not Frame.LOSS_OF
    active = hit.entry is not None and hit.entry.frame in (Frame.ACTIVE, Frame.LOSS)
    return active and (doer.start, doer.end) in _spans(passage, Category.OBLIQUE)


def _is_taken_from(passage: Passage, hit: Hit, soldiers: Hit) -> bool:
    """Whether it is they who lost: "liberated villages from Russian forces", "against" them."""
    entry = hit.entry
    takes = entry is not None and entry.frame is Frame.ACTIVE
    takes = takes and entry is not None and entry.action in (Action.CAPTURE, Action.RECAPTURE)
    if not takes or soldiers.start < hit.end:
        return False
    marks = passage.next_before(soldiers.start, Category.LOSER_MARK, Category.LOCATIVE)
    words = passage.sentence.words_between
    return any(hit.end <= m.start and words(m.end, soldiers.start) == 0 for m in marks)


def _is_where(passage: Passage, state: Hit) -> bool:
    """Whether a state's name tells where ("in der Ukraine"), or soldiers are fought against."""
    words = passage.sentence.words_between
    if state.category not in STATES:
        ahead = passage.sentence.text[: state.start - passage.sentence.start].lower().split()
        if ahead and ahead[-1] in ARTICLES:
            ahead.pop()
        return bool(ahead) and ahead[-1] in AGAINST
    near = passage.next_before(state.start, Category.LOCATIVE)
    origins = _spans(passage, Category.FROM)
    return any(words(h.end, state.start) <= 1 and (h.start, h.end) not in origins for h in near)


def _is_attached(passage: Passage, hit: Hit, nation: Hit) -> bool:
    """Whether an adjective stands right beside the word: "contrôle russe", "russische Gewinne"."""
    words = passage.sentence.words_between
    if nation.start >= hit.end:
        return words(hit.end, nation.start) == 0
    return nation.end <= hit.start and words(nation.end, hit.start) == 0


def _owns(passage: Passage, state: Hit) -> bool:
    """Whether a state's name belongs to the ground before it: "the territory of Ukraine"."""
    words = passage.sentence.words_between
    return state.category is Category.ACTOR and any(
        g.end <= state.start and words(g.end, state.start) == 0 for g in passage.of(Category.GROUND)
    )


def _is_in_place(passage: Passage, nation: Hit) -> bool:
    """Whether an adjective is a part of a longer name."""
    length = nation.end - nation.start
    return any(
        p.start <= nation.start < p.end and p.end - p.start > length for p in passage.places()
    )


def _is_of_ground(passage: Passage, nation: Hit) -> bool:
    """Whether an adjective of a nation describes a place or a word for ground, not soldiers."""
    words = passage.sentence.words_between
    spots = [
        (h.start, h.end)
        for h in passage.hits
        if h.category in (None, Category.GROUND) and (h.start, h.end) != (nation.start, nation.end)
    ]
    return any(
        a <= nation.start < b
        or (a >= nation.end and words(nation.end, a) <= 1)
        or (b <= nation.start and words(b, nation.start) == 0)
        for a, b in spots
    )


def _is_marked_loser(passage: Passage, hit: Hit, at: int) -> bool:
    marks = passage.after(hit.end, Category.LOSER_MARK)
    return any(m.end <= at and passage.sentence.words_between(m.end, at) == 0 for m in marks)


def _code(hit: Hit, own: str | None) -> str | None:
    if hit.category is Category.OWN:
        return own
    if hit.category is Category.ENEMY:
        return OPPONENT.get(own or "")
    return hit.entry.code if hit.entry else None


def _gained(taker: Doer | None) -> Sides:
    return Sides(taker[0], None, (taker[1],)) if taker else NOBODY


def _lost(loser: Doer | None) -> Sides:
    return Sides(OPPONENT[loser[0]], loser[0], (loser[1],)) if loser else NOBODY
