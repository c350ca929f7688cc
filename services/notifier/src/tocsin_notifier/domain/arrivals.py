"""What happens as a claim or a stance arrives: its event, the rivals and what came before."""

from datetime import datetime, timedelta

from tocsin_notifier.domain.assessment import assess
from tocsin_notifier.domain.claims import denied_side, denying_side, own_hold
from tocsin_notifier.domain.identity import (
    ClaimIdentity,
    StanceIdentity,
    area_key,
    claim_identity,
    stance_identity,
    text_of,
)
from tocsin_notifier.domain.keys import event_bucket
from tocsin_notifier.domain.memories import DenialRecord, StanceHistoryRecord
from tocsin_notifier.domain.outcome import DropReason
from tocsin_notifier.domain.pending import Pending
from tocsin_notifier.domain.records import EventRecord
from tocsin_notifier.domain.reports import (
    add_share,
    find_event,
    open_event,
    remember,
    revised_to,
    said_before,
    share_of,
)
from tocsin_notifier.domain.times import report_time, stance_day
from tocsin_notifier.domain.windows import WINDOWS, full_hour
from tocsin_schemas.alerts import AlertSource
from tocsin_schemas.detection import Detection
from tocsin_schemas.slots import ClaimSlots, StanceSlots
from tocsin_schemas.vocabulary import ChangeReason, ClaimAssertion, StanceAssertion


def take_claim(pending: Pending, detection: Detection, slots: ClaimSlots, now: datetime) -> None:
    """A claim, or a denial of one."""
    if slots.assertion is not ClaimAssertion.DENIED:
        _join(pending, detection, slots, claim_identity(slots, detection.place), now)
        return
    denied, side = denied_side(slots), denying_side(slots)
    if denied is not None:
        _remember_denial(pending, detection, slots, denied, now)
    if side is not None:
        held = own_hold(slots, side)
        _join(pending, detection, held, claim_identity(held, detection.place), now)
        return
    place = area_key(detection.place)
    remember(pending, detection, f"denial|{place}|{denied}", now)
    about = ClaimIdentity(area=place, holder=denied or "", group="control")
    bucket = event_bucket(about, detection.scope, detection.mode)
    assess(pending, [event.event_id for event in pending.find(bucket, EventRecord)], now)


def take_stance(pending: Pending, detection: Detection, slots: StanceSlots, now: datetime) -> None:
    """A party's position; other events of the topic may shift by it."""
    day = stance_day(detection, now)
    if day is not None and slots.assertion is not StanceAssertion.DENIED:
        pending.put(
            StanceHistoryRecord(
                article_id=detection.article_id,
                revision=detection.revision,
                scope=detection.scope,
                mode=detection.mode,
                topic=slots.topic,
                counterpart=slots.counterpart,
                day=day,
                stance=slots.stance,
                forget_at=full_hour(now + timedelta(hours=WINDOWS.memory.stance_history_hours)),
            )
        )
    _join(pending, detection, slots, stance_identity(slots), now)


def _join(
    pending: Pending,
    detection: Detection,
    slots: ClaimSlots | StanceSlots,
    identity: ClaimIdentity | StanceIdentity,
    now: datetime,
) -> None:
    said = text_of(identity)
    before = said_before(pending, detection, said)
    first_time = before.first_time if before else report_time(detection, now)
    event = find_event(pending, detection, identity, now)
    if event is None and now - first_time > WINDOWS.of(detection.alert_type):
        pending.drop(DropReason.TOO_OLD, detection.detection_id)
        remember(pending, detection, said, now)
        return
    event = event or open_event(pending, detection, identity, ChangeReason.FIRST_REPORT, now)
    share = share_of(detection, slots, now, revised_to=revised_to(pending, detection.article_id))
    if not add_share(pending, event, detection, share, first_time, now):
        pending.drop(DropReason.SUPERSEDED, detection.detection_id)
    remember(pending, detection, said, now)
    bucket = event_bucket(identity, detection.scope, detection.mode)
    others = [other.event_id for other in pending.find(bucket, EventRecord)]
    assess(pending, [event.event_id, *others], now)


def _remember_denial(
    pending: Pending, detection: Detection, slots: ClaimSlots, denied: str, now: datetime
) -> None:
    pending.put(
        DenialRecord(
            detection_id=detection.detection_id,
            article_id=detection.article_id,
            revision=detection.revision,
            scope=detection.scope,
            mode=detection.mode,
            area=area_key(detection.place),
            holder=denied,
            voices=slots.voices,
            evidence=detection.evidence,
            source=AlertSource(
                url=detection.url,
                publisher=detection.publisher,
                language=detection.language,
                published_at=detection.published_at,
            ),
            forget_at=full_hour(report_time(detection, now) + WINDOWS.of(detection.alert_type)),
        )
    )
