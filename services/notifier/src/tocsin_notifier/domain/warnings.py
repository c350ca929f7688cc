"""Air-raid warnings: alarms and attacks as all reports have them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin_notifier.domain.alarms import AlarmLife, life_of
from tocsin_notifier.domain.corroboration import corroborate
from tocsin_notifier.domain.evidence import (
    merge_confidence,
    merge_evidence,
    merge_incident,
    merge_places,
    merge_sources,
    merge_statements,
    merge_time,
    merge_voices,
    shares_of,
    spoken,
)
from tocsin_notifier.domain.headline import finish, warning_headline
from tocsin_notifier.domain.identity import AttackIdentity, area_key, covers
from tocsin_notifier.domain.keys import all_clear_bucket, official_bucket
from tocsin_notifier.domain.memories import AllClearRecord, OfficialAlarmRecord
from tocsin_notifier.domain.pending import Pending
from tocsin_notifier.domain.records import EventArticle, EventRecord, Facts, Share
from tocsin_notifier.domain.severity import certainty, rate
from tocsin_notifier.domain.view import CommonPart, View, WarningPart
from tocsin_notifier.domain.windows import WINDOWS, full_hour
from tocsin_schemas.evidence import Evidence
from tocsin_schemas.place import Place
from tocsin_schemas.slots import WarningSlots
from tocsin_schemas.vocabulary import Extent, Instruction, Level, Phase, Threat, TimePrecision

_WIDTH = (
    Level.COUNTRY,
    Level.REGION,
    Level.RAION,
    Level.AREA,
    Level.CITY,
    Level.TOWN,
    Level.VILLAGE,
)


@dataclass(frozen=True, slots=True)
class _Times:
    expires_at: datetime
    forget_at: datetime
    lapse_at: datetime | None = None
    late_after: datetime | None = None
    lead: timedelta | None = None
    period: str | None = None


def view_warning(
    pending: Pending, event: EventRecord, members: Sequence[EventArticle], now: datetime
) -> View | None:
    """The event by all that its articles say, None when no article says it any longer."""
    shares = shares_of(members)
    reports = [share for share in shares if share.phase is not Phase.ENDED]
    if isinstance(event.identity, AttackIdentity):
        return _view_attack(event, event.identity, members, reports)
    all_clears = [share for share in shares if share.phase is Phase.ENDED]
    if not reports and not (all_clears and event.told and event.told.phase is Phase.ENDED):
        return None
    return _view_alarm(pending, event, members, (reports, all_clears), now)


def _view_alarm(
    pending: Pending,
    event: EventRecord,
    members: Sequence[EventArticle],
    told: tuple[list[Share], list[Share]],
    now: datetime,
) -> View:
    reports, all_clears = told
    assert event.place is not None
    life = life_of(event.place, reports, all_clears, now)
    if not reports and event.told:
        life = AlarmLife(Phase.ENDED, None, life.last_at, life.last_at, (), (), Extent.WHOLE)
    confirmed = event.told is not None and event.told.official_match
    lead = None if confirmed else _lead(pending, event, life)
    area = _widest(reports) if reports else event.place
    part = _part(event, area, (reports, all_clears), life, official=confirmed or lead is not None)
    expires_at = {
        Phase.ENDED: (life.ended_at or life.last_at) + WINDOWS.shown_after_end,
        Phase.LAPSED: life.lapse_at + WINDOWS.shown_after_end,
    }.get(life.phase, life.lapse_at)
    late = [s.own_time + timedelta(seconds=s.active_for) for s in reports if s.own_time]
    active = life.phase is Phase.ACTIVE
    if reports and event.told is not None and event.told.phase is Phase.ACTIVE:
        # What changes on an alarm that is on is as fresh as the change.
        late.append(now + timedelta(seconds=max(share.active_for for share in reports)))
    times = _Times(
        expires_at=expires_at,
        forget_at=full_hour(expires_at + (WINDOWS.shown_after_end if active else timedelta(0))),
        lapse_at=life.lapse_at if active else None,
        late_after=max(late, default=None) if active else None,
        lead=lead,
    )
    return _view(event, members, part, times)


def _view_attack(
    event: EventRecord,
    identity: AttackIdentity,
    members: Sequence[EventArticle],
    reports: Sequence[Share],
) -> View | None:
    if not reports:
        return None
    exact = [
        share.event_time.start
        for share in reports
        if share.event_time and share.event_time.precision in (TimePrecision.MINUTE, "hour")
    ]
    named = {threat for share in reports for threat in _slots(share).threats}
    last_at = max(member.first_time for member in members)
    life = AlarmLife(
        phase=Phase.REPORTED,
        started_at=min(exact, default=None),
        last_at=last_at,
        ended_at=None,
        threats=tuple(sorted(named - {Threat.UNKNOWN, Threat.MIXED})),
        ended_areas=(),
        extent=Extent.WHOLE,
    )
    part = _part(event, _widest(reports), (reports, ()), life, official=False)
    times = _Times(
        expires_at=max(member.seen_at for member in members) + WINDOWS.shown_after_end,
        forget_at=full_hour(last_at + WINDOWS.of(event.alert_type)),
        period=identity.period,
    )
    return _view(event, members, part, times)


def _part(
    event: EventRecord,
    area: Place,
    told: tuple[Sequence[Share], Sequence[Share]],
    life: AlarmLife,
    *,
    official: bool,
) -> WarningPart:
    reports, all_clears = told
    over = life.phase is Phase.ENDED
    speaking = [*all_clears, *reports] if over else [*reports, *all_clears]
    evidence = _evidence(reports, all_clears, over=over)
    issuers = all_clears if over else reports
    threat = life.threats[0] if len(life.threats) == 1 else Threat.MIXED
    return WarningPart(
        region=area.code or event.scope,
        area=area,
        extent=life.extent,
        ended_areas=life.ended_areas,
        threat=threat if life.threats else Threat.UNKNOWN,
        threats=life.threats,
        phase=life.phase,
        issued_by=next((s.issued_by for s in map(_slots, issuers) if s.issued_by), None),
        voices=merge_voices(spoken(speaking), evidence),
        instruction=_instruction(reports, life.phase),
        started_at=life.started_at,
        ended_at=life.ended_at,
        official_match=official,
    )


def _view(
    event: EventRecord, members: Sequence[EventArticle], part: WarningPart, times: _Times
) -> View:
    shares = shares_of(members)
    reports = [share for share in shares if share.phase is not Phase.ENDED]
    all_clears = [share for share in shares if share.phase is Phase.ENDED]
    saying = [m for m in members if any(s.phase is not Phase.ENDED for s in m.shares)]
    evidence = _evidence(reports, all_clears, over=part.phase is Phase.ENDED)
    corroboration = corroborate(saying or members)
    sure = certainty(corroboration.publishers, observed=part.official_match)
    severity, urgency = rate(part.phase, part.threats)
    named = [part.area, *(share.place for share in reports), *part.ended_areas]
    common = CommonPart(
        headline=finish(warning_headline(part, times.period), event.mode),
        event_time=merge_time(reports),
        expires_at=times.expires_at,
        severity=severity,
        urgency=urgency,
        certainty=sure,
        confidence=merge_confidence(reports or shares),
        places=merge_places(named),
        evidence=evidence,
        sources=merge_sources(members),
        corroboration=corroboration,
        incident_id=merge_incident(reports),
        statement_ids=merge_statements(shares),
        mode=event.mode,
    )
    facts = Facts(
        certainty=sure,
        expires_at=times.expires_at,
        phase=part.phase,
        threats=part.threats,
        ended_areas=tuple(area_key(place) for place in part.ended_areas),
        official_match=part.official_match,
        articles=tuple(sorted({piece.article_id for piece in evidence})),
    )
    return View(facts, common, part, times.forget_at, times.lapse_at, times.late_after, times.lead)


def _slots(share: Share) -> WarningSlots:
    assert isinstance(share.slots, WarningSlots)
    return share.slots


def _evidence(
    reports: Sequence[Share], all_clears: Sequence[Share], *, over: bool
) -> tuple[Evidence, ...]:
    speaking = [*all_clears, *reports] if over else [*reports, *all_clears]
    return merge_evidence(spoken(speaking))


def _instruction(reports: Sequence[Share], phase: Phase) -> Instruction:
    told = {_slots(share).instruction for share in reports}
    if phase is Phase.ACTIVE and Instruction.SHELTER in told:
        return Instruction.SHELTER
    return Instruction.SHELTER_WAS_ORDERED if told - {Instruction.NONE} else Instruction.NONE


def _widest(reports: Sequence[Share]) -> Place:
    places = [share.place for share in reports if share.place is not None]
    return min(places, key=lambda place: _WIDTH.index(place.level))


def _lead(pending: Pending, event: EventRecord, life: AlarmLife) -> timedelta | None:
    """How long the news was before the nearest official alarm that fits it, None without one."""
    if event.place is None or life.started_at is None:
        return None
    earliest = life.started_at - WINDOWS.lapse
    latest = life.ended_at or life.lapse_at
    clears = pending.find(all_clear_bucket(event.scope, event.mode), AllClearRecord)
    leads = []
    for official in pending.find(official_bucket(event.scope, event.mode), OfficialAlarmRecord):
        over = any(
            official.own_time < clear.own_time < life.started_at
            and covers(clear.place, official.place)
            for clear in clears
        )
        fits = covers(official.place, event.place) and earliest <= official.own_time <= latest
        if fits and not over:
            leads.append(official.own_time - life.started_at)
    return min(leads, key=abs, default=None)
