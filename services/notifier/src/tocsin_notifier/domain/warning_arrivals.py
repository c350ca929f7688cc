"""What happens as a warning, an all-clear, a report of an attack or an official alarm arrives."""

from datetime import datetime, timedelta
from typing import Any

from tocsin_notifier.domain.alarms import touches
from tocsin_notifier.domain.assessment import assess
from tocsin_notifier.domain.identity import (
    AlarmIdentity,
    AttackIdentity,
    area_key,
    covers,
    text_of,
)
from tocsin_notifier.domain.keys import all_clear_bucket, event_bucket
from tocsin_notifier.domain.memories import AllClearRecord, OfficialAlarmRecord
from tocsin_notifier.domain.outcome import DropReason, Siren
from tocsin_notifier.domain.pending import Pending
from tocsin_notifier.domain.records import EventRecord, Share
from tocsin_notifier.domain.reports import (
    add_share,
    find_event,
    open_event,
    remember,
    revised_to,
    said_before,
    share_of,
)
from tocsin_notifier.domain.times import (
    all_clear_time,
    own_time,
    period_of,
    period_of_span,
    report_time,
)
from tocsin_notifier.domain.windows import WINDOWS, full_hour
from tocsin_schemas.detection import Detection
from tocsin_schemas.place import Place
from tocsin_schemas.slots import WarningSlots
from tocsin_schemas.vocabulary import ChangeReason, Mode, Origin, Phase


def take_warning(
    pending: Pending, detection: Detection, slots: WarningSlots, now: datetime
) -> None:
    """A warning of any phase, from the news or from the official alarm system."""
    place = detection.place
    if place is None:
        pending.drop(DropReason.NO_PLACE, detection.detection_id)
    elif slots.phase is Phase.ENDED:
        _take_all_clear(pending, detection, slots, place, now)
    elif detection.origin is Origin.OFFICIAL:
        _take_official(pending, detection, slots, place, now)
    elif slots.phase is Phase.ACTIVE:
        _take_active(pending, detection, slots, place, now)
    else:
        period = period_of_span(detection.event_time)
        _take_attack(pending, detection, slots, (period, None), ChangeReason.FIRST_REPORT, now)


def _take_active(
    pending: Pending, detection: Detection, slots: WarningSlots, place: Place, now: datetime
) -> None:
    identity = AlarmIdentity(area=area_key(place))
    said = text_of(identity)
    before = said_before(pending, detection, said)
    at = before.own_time if before else own_time(detection, now)
    remember(pending, detection, said, now, own_time=at)
    reason = _reason_not_active(detection, at, now)
    event = None
    if before is not None:
        event = _alarm_of(pending, detection, identity)
        reason = reason or ChangeReason.STALE
    elif reason is None and at is not None:
        event = _alarm_over(pending, detection, identity, at)
        if event is None and _is_cleared(pending, detection, slots, place, at):
            reason = ChangeReason.STALE
    if event is None and reason is None:
        event = _alarm_on(pending, detection, identity) or open_event(
            pending, detection, identity, ChangeReason.FIRST_REPORT, now
        )
    if event is None or at is None:
        period = period_of(at) if at else period_of_span(detection.event_time)
        _take_attack(pending, detection, slots, (period, at), reason or ChangeReason.STALE, now)
        return
    _add(pending, event, detection, slots, (Phase.ACTIVE, at), now)
    _add_remembered(pending, event, detection, now)
    assess(pending, [event.event_id], now)


def _reason_not_active(
    detection: Detection, at: datetime | None, now: datetime
) -> ChangeReason | None:
    if at is None:
        return ChangeReason.UNDATED
    active_for = min(timedelta(seconds=detection.active_for), WINDOWS.lapse)
    return ChangeReason.STALE if now - at > active_for else None


def _alarms(pending: Pending, detection: Detection, identity: AlarmIdentity) -> list[EventRecord]:
    bucket = event_bucket(identity, detection.scope, detection.mode)
    return [event for event in pending.find(bucket, EventRecord) if event.identity == identity]


def _alarm_on(
    pending: Pending, detection: Detection, identity: AlarmIdentity
) -> EventRecord | None:
    alarms = _alarms(pending, detection, identity)
    return next((e for e in alarms if e.told and e.told.phase is Phase.ACTIVE), None)


def _alarm_of(
    pending: Pending, detection: Detection, identity: AlarmIdentity
) -> EventRecord | None:
    """The alarm that the same article reported before."""
    for event in _alarms(pending, detection, identity):
        if pending.member(event.event_id, detection.article_id):
            return event
    return None


def _alarm_over(
    pending: Pending, detection: Detection, identity: AlarmIdentity, at: datetime
) -> EventRecord | None:
    """The lapsed or ended alarm that a report of that time was part of."""
    for event in _alarms(pending, detection, identity):
        times = _report_times(pending, event)
        if not event.told or not times or at < min(times) - WINDOWS.lapse:
            continue
        if event.told.phase is Phase.LAPSED and at <= max(times) + WINDOWS.lapse:
            return event
        ended_at = _ended_at(event)
        if ended_at is not None and at <= ended_at:
            return event
    return None


def _report_times(pending: Pending, event: EventRecord) -> list[datetime]:
    return [
        share.own_time
        for member in pending.members(event.event_id)
        for share in member.shares
        if share.phase is Phase.ACTIVE and share.own_time is not None
    ]


def _ended_at(event: EventRecord) -> datetime | None:
    if event.told is None or event.told.phase is not Phase.ENDED:
        return None
    return event.told.expires_at - WINDOWS.shown_after_end


def _is_cleared(
    pending: Pending, detection: Detection, slots: WarningSlots, place: Place, at: datetime
) -> bool:
    bucket = all_clear_bucket(detection.scope, detection.mode)
    cleared: set[str] = set()
    for clear in pending.find(bucket, AllClearRecord):
        if at > clear.own_time or not covers(clear.place, place):
            continue
        if not clear.threats and clear.whole:
            return True
        cleared.update(clear.threats)
    return bool(slots.threats) and cleared.issuperset(slots.threats)


def _take_attack(
    pending: Pending,
    detection: Detection,
    slots: WarningSlots,
    when: tuple[str | None, datetime | None],
    reason: ChangeReason,
    now: datetime,
) -> None:
    period, at = when
    assert detection.place is not None
    identity = AttackIdentity(region=detection.place.code or detection.scope, period=period)
    said = text_of(identity)
    event = find_event(pending, detection, identity, now) or open_event(
        pending, detection, identity, reason, now
    )
    _add(pending, event, detection, slots, (Phase.REPORTED, at), now)
    remember(pending, detection, said, now, own_time=at)
    assess(pending, [event.event_id], now)


def _take_all_clear(
    pending: Pending, detection: Detection, slots: WarningSlots, place: Place, now: datetime
) -> None:
    said = "|".join(("all-clear", area_key(place), slots.extent, *sorted(slots.threats)))
    before = said_before(pending, detection, said)
    at = before.own_time if before else all_clear_time(detection, now)
    remember(pending, detection, said, now, own_time=at)
    if at is None:
        pending.drop(DropReason.ALL_CLEAR_UNDATED, detection.detection_id)
        return
    common = _memory_of(detection, slots, place, at, WINDOWS.memory.all_clear_hours)
    record = AllClearRecord(**common, detection=detection)
    if record.forget_at > now:
        pending.put(record)
    bucket = event_bucket(AlarmIdentity(area=""), detection.scope, detection.mode)
    touched = [
        event for event in pending.find(bucket, EventRecord) if _applies(pending, event, record)
    ]
    for event in touched:
        _add(pending, event, detection, slots, (Phase.ENDED, at), now)
    assess(pending, [event.event_id for event in touched], now)


def _applies(pending: Pending, event: EventRecord, clear: AllClearRecord) -> bool:
    if event.place is None or not touches(event.place, clear.place):
        return False
    times = _report_times(pending, event)
    if not times or clear.own_time <= min(times):
        return False
    ended_at = _ended_at(event)
    if ended_at is not None:
        # Kept as a second word on the end, should the first be withdrawn.
        return clear.own_time <= ended_at + WINDOWS.lapse
    whole = covers(clear.place, event.place) and clear.whole and not clear.threats
    return not whole or clear.own_time >= max(times)


def _add_remembered(
    pending: Pending, event: EventRecord, detection: Detection, now: datetime
) -> None:
    """Let all-clears that overtook the alarm count for parts of it and for single threats."""
    for clear in pending.find(all_clear_bucket(detection.scope, detection.mode), AllClearRecord):
        slots = clear.detection.slots
        if not isinstance(slots, WarningSlots) or event.place is None:
            continue
        whole = covers(clear.place, event.place) and clear.whole and not clear.threats
        if not whole and _applies(pending, event, clear):
            _add(pending, event, clear.detection, slots, (Phase.ENDED, clear.own_time), now)


def _take_official(
    pending: Pending, detection: Detection, slots: WarningSlots, place: Place, now: datetime
) -> None:
    said = f"official|{area_key(place)}"
    before = said_before(pending, detection, said)
    at = before.own_time if before else own_time(detection, now)
    remember(pending, detection, said, now, own_time=at)
    if slots.phase is not Phase.ACTIVE or at is None:
        pending.drop(DropReason.OFFICIAL_UNUSED, detection.detection_id)
        return
    hours = WINDOWS.memory.official_alarm_hours
    record = OfficialAlarmRecord(**_memory_of(detection, slots, place, at, hours))
    if record.forget_at > now:
        pending.put(record)
        if before is None and detection.mode is Mode.LIVE:
            pending.witness(Siren(detection.scope))
    bucket = event_bucket(AlarmIdentity(area=""), detection.scope, detection.mode)
    alarms = [
        event.event_id
        for event in pending.find(bucket, EventRecord)
        if event.place is not None and covers(place, event.place)
    ]
    assess(pending, alarms, now)


def _memory_of(
    detection: Detection, slots: WarningSlots, place: Place, at: datetime, hours: int
) -> dict[str, Any]:
    """What all-clears and official alarms are remembered with."""
    return {
        "detection_id": detection.detection_id,
        "article_id": detection.article_id,
        "revision": detection.revision,
        "scope": detection.scope,
        "mode": detection.mode,
        "place": place,
        "own_time": at,
        "threats": tuple(sorted(slots.threats)),
        "forget_at": full_hour(at + timedelta(hours=hours)),
    }


def _add(
    pending: Pending,
    event: EventRecord,
    detection: Detection,
    slots: WarningSlots,
    told: tuple[Phase, datetime | None],
    now: datetime,
) -> None:
    phase, at = told
    share: Share = share_of(
        detection, slots, now, revised_to=revised_to(pending, detection.article_id)
    ).model_copy(update={"phase": phase, "own_time": at})
    first_time = report_time(detection, now)
    if not add_share(pending, event, detection, share, first_time, now):
        pending.drop(DropReason.SUPERSEDED, detection.detection_id)
