"""Who may have done what a claim's word tells: soldiers, states and nations around it."""

from tocsin_classifier.domain.actors import OPPONENT
from tocsin_classifier.domain.lexicon import Category, Frame
from tocsin_classifier.domain.scan import Hit, Passage
from tocsin_schemas.vocabulary import Action

AGAINST = frozenset(
    {"against", "at", "on", "with", "contre", "avec", "sur", "gegen", "auf", "mit"}
    | {"проти", "против"}
)
"""Words before soldiers who are not those who act."""


ARTICLES = frozenset({"the", "les", "l'", "die", "den", "der"})
"""Articles that may stand between such a word and the soldiers."""


Doer = tuple[str, tuple[int, int]]


STRONG = (Category.SIDE, Category.OWN, Category.ENEMY)


STATES = (Category.ACTOR, Category.CAPITAL)


def doer_inside(passage: Passage, hit: Hit, own: str | None) -> Doer | None:
    """A side named within the words themselves: "under Russian control"."""
    kinds = (*STRONG, *STATES, Category.NATION)
    within = [h for h in passage.of(*kinds) if hit.start <= h.start and h.end <= hit.end]
    within += [h for h in passage.of(Category.SIDE) if hit.start < h.start < hit.end < h.end]
    free = [h for h in within if not owns_ground(passage, h)]
    free = [h for h in free if h.category is not Category.NATION or not _is_in_place(passage, h)]
    coded = [(code, (h.start, h.end)) for h in free if (code := _code(h, own)) in OPPONENT]
    strong = {(h.start, h.end) for h in passage.of(*STRONG)}
    return next((one for one in coded if one[1] in strong), coded[-1] if coded else None)


def doers_around(passage: Passage, hit: Hit, own: str | None) -> tuple[Doer | None, Doer | None]:
    """The likeliest doer before and after a claim's word.

    Soldiers in the same segment come first, then states in it, then adjectives that belong to no
    ground, then the nearest of any kind in the rest of the sentence.
    """
    start, end = passage.segment_of(hit.start)
    found: list[Doer | None] = []
    for named in (
        [
            *_overlapping(passage, hit),
            *passage.before(hit.start, *STRONG, *STATES, Category.NATION),
        ],
        passage.after(hit.end, *STRONG, *STATES, Category.NATION),
    ):
        side = [h for h in named if not _is_object(passage, hit, h) and not owns_ground(passage, h)]
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
            or not is_of_ground(passage, h)
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
    start, end = passage.segment_of(hit.start)
    strong = {(h.start, h.end) for h in passage.of(*STRONG) if start <= h.start < end}
    return one[1] in strong and other[1] not in strong


def is_soldiers(passage: Passage, doer: Doer) -> bool:
    """Whether a doer is named as soldiers of a side."""
    return doer[1] in _spans(passage, *STRONG)


def is_state(passage: Passage, doer: Doer) -> bool:
    """Whether a doer is named as a state, or by its capital."""
    return doer[1] in _spans(passage, *STATES)


def _spans(passage: Passage, *categories: Category) -> frozenset[tuple[int, int]]:
    known: dict[tuple[Category, ...], frozenset[tuple[int, int]]]
    known = passage.memory.setdefault("spans", {})
    if categories not in known:
        known[categories] = frozenset((h.start, h.end) for h in passage.of(*categories))
    return known[categories]


def _is_object(passage: Passage, hit: Hit, doer: Hit) -> bool:
    """Whether the side is no doer: it stands within another claim's words, or in another case."""
    if any(claim is not hit for claim in _claims_around(passage, doer)):
        return True
    if _is_taken_from(passage, hit, doer):
        return True
    if _is_where(passage, doer):
        return hit.entry is not None and hit.entry.frame is not Frame.LOSS_OF
    active = hit.entry is not None and hit.entry.frame in (Frame.ACTIVE, Frame.LOSS)
    return active and (doer.start, doer.end) in _spans(passage, Category.OBLIQUE)


def _claims_around(passage: Passage, side: Hit) -> list[Hit]:
    """The claims in whose words a side stands, not as their first."""
    known: dict[tuple[int, int], list[Hit]] = passage.memory.setdefault("claims_around", {})
    start, end = side.start, side.end
    if (start, end) not in known:
        claims = passage.of(Category.CLAIM)
        known[start, end] = [h for h in claims if h.start < start and end <= h.end]
    return known[start, end]


def _is_taken_from(passage: Passage, hit: Hit, soldiers: Hit) -> bool:
    """Whether it is they who lost: "liberated villages from Russian forces", "against" them."""
    entry = hit.entry
    takes = entry is not None and entry.frame is Frame.ACTIVE
    takes = takes and entry is not None and entry.action in (Action.CAPTURE, Action.RECAPTURE)
    if not takes or soldiers.start < hit.end:
        return False
    mark = passage.next_before(soldiers.start, Category.LOSER_MARK, Category.LOCATIVE)
    if mark is None or mark.start < hit.end:
        return False
    return passage.sentence.words_between(mark.end, soldiers.start) == 0


def _is_where(passage: Passage, state: Hit) -> bool:
    """Whether a state's name tells where ("in der Ukraine"), or soldiers are fought against."""
    if state.category not in STATES:
        ahead = passage.sentence.text[: state.start - passage.sentence.start].lower().split()
        if ahead and ahead[-1] in ARTICLES:
            ahead.pop()
        return bool(ahead) and ahead[-1] in AGAINST
    near = passage.next_before(state.start, Category.LOCATIVE)
    if near is None or passage.sentence.words_between(near.end, state.start) > 1:
        return False
    return (near.start, near.end) not in _spans(passage, Category.FROM)


def _is_attached(passage: Passage, hit: Hit, nation: Hit) -> bool:
    """Whether an adjective stands right beside the word: "contrôle russe", "russische Gewinne"."""
    words = passage.sentence.words_between
    if nation.start >= hit.end:
        return words(hit.end, nation.start) == 0
    return nation.end <= hit.start and words(nation.end, hit.start) == 0


def owns_ground(passage: Passage, state: Hit) -> bool:
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


def is_of_ground(passage: Passage, nation: Hit) -> bool:
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


def _code(hit: Hit, own: str | None) -> str | None:
    if hit.category is Category.OWN:
        return own
    if hit.category is Category.ENEMY:
        return OPPONENT.get(own or "")
    return hit.entry.code if hit.entry else None
