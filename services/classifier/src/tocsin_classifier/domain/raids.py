"""What the warnings of one article say about one another: one raid, told in several sentences."""

from tocsin_classifier.domain.draft import Draft
from tocsin_schemas.slots import WarningSlots
from tocsin_schemas.vocabulary import Phase, Threat

UNDATED = "undated"
"""The feature of a warning whose sentence names no time."""


PAST = "told_past"
"""The feature of a warning whose sentence has a word of the past."""


SHORT = "short_sentence"
"""The feature of a warning in a line as siren channels write them."""


def name_missiles(drafts: list[Draft]) -> None:
    """A ballistic missile told of twice is no second weapon when it is once only "a missile"."""
    ballistic = {d.key for d in drafts if _told(d) == (Threat.BALLISTIC,)}
    for draft in drafts:
        if draft.key in ballistic and _told(draft) == (Threat.MISSILE,):
            draft.slots = draft.slots.model_copy(update={"threats": (Threat.BALLISTIC,)})


def join_the_active(drafts: list[Draft]) -> None:
    """Attacks told with no time or past of their own, where an alarm is on, are a part of it."""
    on = {d.key[2] for d in drafts if _phase(d) is Phase.ACTIVE and UNDATED in d.features}
    for draft in drafts:
        if _phase(draft) is not Phase.REPORTED or UNDATED not in draft.features:
            continue
        if PAST in draft.features and SHORT not in draft.features:
            continue
        regions = draft.key[2]
        if any(_covers(area, regions) for area in on):
            draft.slots = draft.slots.model_copy(update={"phase": Phase.ACTIVE})
            draft.key = (draft.key[0], Phase.ACTIVE, regions)


def _covers(area: object, regions: object) -> bool:
    assert isinstance(area, frozenset)
    assert isinstance(regions, frozenset)
    if area == {"UA"}:
        return all(code.startswith("UA-") for code in regions)
    return regions <= area


def _phase(draft: Draft) -> Phase | None:
    return draft.slots.phase if isinstance(draft.slots, WarningSlots) else None


def _told(draft: Draft) -> tuple[Threat, ...]:
    return draft.slots.threats if isinstance(draft.slots, WarningSlots) else ()
