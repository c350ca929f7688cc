"""Territorial claims: who has the ground by all reports, who denies it, who says otherwise."""

from collections.abc import Sequence
from dataclasses import replace

from tocsin_notifier.domain.evidence import (
    MAX_SOURCES,
    Spoken,
    merge_evidence,
    merge_places,
    merge_voices,
    shares_of,
    spoken,
)
from tocsin_notifier.domain.headline import claim_headline, finish
from tocsin_notifier.domain.identity import NOBODY, SIDES, ClaimIdentity
from tocsin_notifier.domain.keys import denial_bucket, event_bucket
from tocsin_notifier.domain.lasting import lasting_part
from tocsin_notifier.domain.memories import DenialRecord
from tocsin_notifier.domain.pending import Pending
from tocsin_notifier.domain.records import EventArticle, EventRecord, Facts
from tocsin_notifier.domain.view import ClaimPart, View
from tocsin_notifier.domain.windows import full_hour
from tocsin_schemas.alerts import CounterClaim
from tocsin_schemas.evidence import Evidence
from tocsin_schemas.slots import ClaimSlots
from tocsin_schemas.vocabulary import Action, ClaimAssertion

MAX_RIVALS = 20

_STRENGTH = (
    Action.HOLD,
    Action.WITHDRAW,
    Action.ADVANCE,
    Action.CAPTURE,
    Action.RECAPTURE,
    Action.CONTESTED,
    Action.SOVEREIGNTY,
)
"""From weak to strong; the strongest action told is the event's."""


def denied_side(slots: ClaimSlots) -> str | None:
    """Whose claim a denial denies: of a denied loss the rival of who holds on, else the claimant.

    None when that is no side of the war.
    """
    if slots.action is Action.HOLD:
        return SIDES.get(slots.claimant or "")
    side = slots.claimant or SIDES.get(slots.loser or "")
    return side if side in SIDES else None


def denying_side(slots: ClaimSlots) -> str | None:
    """The side of the war whose own `hold` a denial is; None when anyone else denies."""
    denied = denied_side(slots)
    rival = SIDES.get(denied or "")
    return rival if any(voice.side == rival for voice in slots.voices) else None


def own_hold(slots: ClaimSlots, side: str) -> ClaimSlots:
    """A denial as what the denying side says of itself: that it holds the ground."""
    voices = tuple(
        voice.model_copy(
            update={
                "assertion": ClaimAssertion.CLAIMED
                if voice.side == side
                else ClaimAssertion.REPORTED
            }
        )
        for voice in slots.voices
    )
    return ClaimSlots(
        claimant=side, voices=voices, action=Action.HOLD, assertion=ClaimAssertion.CLAIMED
    )


def view_claim(pending: Pending, event: EventRecord, members: Sequence[EventArticle]) -> View:
    """The event by all that its articles say; there is at least one."""
    identity = event.identity
    assert isinstance(identity, ClaimIdentity)
    shares = shares_of(members)
    denials = _denials(pending, event, identity)
    said = [*spoken(shares), *(Spoken(denial.voices, denial.evidence) for denial in denials)]
    evidence = merge_evidence(said)
    rivals = _rivals(pending, event, identity)
    part = _part(identity, members, denials, said, evidence)
    places = merge_places([share.place for share in shares])
    common = lasting_part(
        event,
        members,
        headline=claim_headline(part, places[0] if places else None),
        evidence=evidence,
        observed=part.assertion is ClaimAssertion.CONCEDED,
    )
    denying = [denial.source for denial in denials if denial.source is not None]
    sources = tuple(dict.fromkeys((*common.sources[: MAX_SOURCES - len(denying)], *denying)))
    common = replace(common, sources=sources[:MAX_SOURCES])
    facts = Facts(
        certainty=common.certainty,
        expires_at=common.expires_at,
        assertion=part.assertion,
        area_km2=part.area_km2,
        settlements=part.settlements,
        rivals=tuple(sorted(rival.event_id for rival in rivals)),
        articles=tuple(sorted({piece.article_id for piece in evidence})),
    )
    named = ClaimPart(
        claimant=part.claimant,
        loser=part.loser,
        voices=part.voices,
        action=part.action,
        assertion=part.assertion,
        area_km2=part.area_km2,
        area_qualifier=part.area_qualifier,
        settlements=part.settlements,
        counter_claims=tuple(_counter_claim(pending, rival) for rival in rivals),
    )
    return View(facts, common, named, forget_at=full_hour(common.expires_at))


def _part(
    identity: ClaimIdentity,
    members: Sequence[EventArticle],
    denials: Sequence[DenialRecord],
    said: Sequence[Spoken],
    evidence: Sequence[Evidence],
) -> ClaimPart:
    told = [share.slots for share in shares_of(members) if isinstance(share.slots, ClaimSlots)]
    holder = None if identity.holder == NOBODY else identity.holder
    largest = max(
        (slots for slots in told if slots.area_km2 is not None),
        key=lambda slots: (slots.area_km2 or 0.0, str(slots.area_qualifier)),
        default=None,
    )
    losers = sorted({slots.loser for slots in told if slots.loser} - {holder})
    return ClaimPart(
        claimant=holder,
        loser=losers[0] if losers else None,
        voices=merge_voices(said, evidence),
        action=max((slots.action for slots in told), key=_STRENGTH.index),
        assertion=_assertion(told, denied=bool(denials)),
        area_km2=largest.area_km2 if largest else None,
        area_qualifier=largest.area_qualifier if largest else None,
        settlements=max((slots.settlements for slots in told if slots.settlements), default=None),
        counter_claims=(),
    )


def _assertion(told: Sequence[ClaimSlots], *, denied: bool) -> ClaimAssertion:
    if any(_concedes(slots) for slots in told):
        return ClaimAssertion.CONCEDED
    if denied:
        return ClaimAssertion.DENIED
    if any(slots.assertion is ClaimAssertion.CLAIMED for slots in told):
        return ClaimAssertion.CLAIMED
    return ClaimAssertion.REPORTED


def _concedes(slots: ClaimSlots) -> bool:
    if slots.assertion is ClaimAssertion.CONCEDED:
        return True
    withdrawn = slots.action is Action.WITHDRAW and slots.loser is not None
    return withdrawn and any(voice.side == slots.loser for voice in slots.voices)


def _denials(pending: Pending, event: EventRecord, identity: ClaimIdentity) -> list[DenialRecord]:
    if identity.group != "control":
        return []
    bucket = denial_bucket(event.scope, identity.area, event.mode)
    return [
        denial for denial in pending.find(bucket, DenialRecord) if denial.holder == identity.holder
    ]


def _rivals(pending: Pending, event: EventRecord, identity: ClaimIdentity) -> list[EventRecord]:
    bucket = event_bucket(identity, event.scope, event.mode)
    return [
        other
        for other in pending.find(bucket, EventRecord)
        if isinstance(other.identity, ClaimIdentity)
        and other.identity.holder != identity.holder
        and pending.is_supported(other.event_id)
    ][:MAX_RIVALS]


def _counter_claim(pending: Pending, rival: EventRecord) -> CounterClaim:
    identity = rival.identity
    assert isinstance(identity, ClaimIdentity)
    members = pending.members(rival.event_id)
    denials = _denials(pending, rival, identity)
    said = [
        *spoken(shares_of(members)),
        *(Spoken(denial.voices, denial.evidence) for denial in denials),
    ]
    part = _part(identity, members, denials, said, ())
    return CounterClaim(
        event_id=rival.event_id,
        claimant=part.claimant,
        action=part.action,
        headline=finish(claim_headline(part, rival.place), rival.mode),
    )
