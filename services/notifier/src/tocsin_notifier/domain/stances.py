"""Negotiation stances: the position of the latest day, and the shift against an earlier one."""

from collections.abc import Sequence
from itertools import chain

from tocsin_notifier.domain.evidence import (
    merge_evidence,
    merge_voices,
    shares_of,
    spoken,
)
from tocsin_notifier.domain.headline import stance_headline
from tocsin_notifier.domain.keys import history_bucket
from tocsin_notifier.domain.lasting import lasting_part
from tocsin_notifier.domain.memories import StanceHistoryRecord
from tocsin_notifier.domain.pending import Pending
from tocsin_notifier.domain.records import EventArticle, EventRecord, Facts, Share
from tocsin_notifier.domain.view import StancePart, View
from tocsin_notifier.domain.windows import full_hour
from tocsin_schemas.evidence import Evidence
from tocsin_schemas.slots import StanceSlots
from tocsin_schemas.vocabulary import Shift, StanceAssertion, StanceValue

MAX_CONDITIONS = 10
MAX_MEDIATORS = 10

SCALE = (StanceValue.REJECTS, StanceValue.CONDITIONAL, StanceValue.SUPPORTS)
"""From closed to open; to mediate is no point on it."""

_ORDER = (*SCALE, StanceValue.MEDIATES)


def view_stance(pending: Pending, event: EventRecord, members: Sequence[EventArticle]) -> View:
    """The event by all that its articles say; there is at least one."""
    shares = shares_of(members)
    evidence = merge_evidence(spoken(shares))
    part = _part(pending, event, shares, evidence)
    common = lasting_part(
        event, members, headline=stance_headline(part), evidence=evidence, observed=False
    )
    facts = Facts(
        certainty=common.certainty,
        expires_at=common.expires_at,
        assertion=part.assertion,
        stance=part.stance,
        shift=part.shift,
        articles=tuple(sorted({piece.article_id for piece in evidence})),
    )
    return View(facts, common, part, forget_at=full_hour(common.expires_at))


def shift_between(former: StanceValue | None, stance: StanceValue) -> Shift:
    """Whether a party came nearer to talks or went away from them."""
    if former not in SCALE or stance not in SCALE or former is stance:
        return Shift.NONE
    nearer = SCALE.index(stance) > SCALE.index(former)
    return Shift.SOFTENING if nearer else Shift.HARDENING


def merge_day(stances: set[StanceValue]) -> set[StanceValue]:
    """Supports and conditional on one day are conditional."""
    if StanceValue.CONDITIONAL in stances:
        return stances - {StanceValue.SUPPORTS}
    return stances


def _part(
    pending: Pending, event: EventRecord, shares: Sequence[Share], evidence: Sequence[Evidence]
) -> StancePart:
    told = [(share.day, slots) for share in shares if isinstance(slots := share.slots, StanceSlots)]
    affirmed = [(day, slots) for day, slots in told if slots.assertion != StanceAssertion.DENIED]
    counted = affirmed or told
    day = max((day for day, _ in counted if day is not None), default=None)
    latest = [slots for when, slots in counted if when == day]
    stance = min(merge_day({slots.stance for slots in latest}), key=_ORDER.index)
    counterpart = next((slots.counterpart for _, slots in counted if slots.counterpart), None)
    former = _former(pending, event, latest[0], stance, counterpart, day) if affirmed else None
    return StancePart(
        actor=latest[0].actor,
        voices=merge_voices(spoken(shares), evidence),
        counterpart=counterpart,
        stance=stance,
        assertion=_assertion([slots for _, slots in counted]),
        topic=latest[0].topic,
        conditions=_distinct([slots.conditions for slots in latest])[:MAX_CONDITIONS],
        mediators=_distinct([slots.mediators for _, slots in counted])[:MAX_MEDIATORS],
        previous_stance=former,
        shift=shift_between(former, stance),
    )


def _former(
    pending: Pending,
    event: EventRecord,
    slots: StanceSlots,
    stance: StanceValue,
    counterpart: str | None,
    day: str | None,
) -> StanceValue | None:
    if day is None:
        return None
    days: dict[str, set[StanceValue]] = {}
    bucket = history_bucket(event.scope, slots.topic, event.mode)
    for past in pending.find(bucket, StanceHistoryRecord):
        comparable = None in (past.counterpart, counterpart) or past.counterpart == counterpart
        if past.day < day and comparable:
            days.setdefault(past.day, set()).add(past.stance)
    for past_day in sorted(days, reverse=True):
        differing = merge_day(days[past_day]) - {stance}
        if differing:
            return min(differing, key=_ORDER.index)
    return None


def _assertion(told: Sequence[StanceSlots]) -> StanceAssertion:
    said = {slots.assertion for slots in told}
    for assertion in (StanceAssertion.STATED, StanceAssertion.REPORTED):
        if assertion in said:
            return assertion
    return StanceAssertion.DENIED


def _distinct(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(lists)))
