"""Correlation: one record of `detections` to changes of state and alerts, as a pure function."""

from datetime import datetime

from tocsin_notifier.domain.arrivals import take_claim, take_stance
from tocsin_notifier.domain.assessment import assess
from tocsin_notifier.domain.outcome import DropReason, Outcome
from tocsin_notifier.domain.pending import Pending
from tocsin_notifier.domain.records import EventRecord
from tocsin_notifier.domain.revisions import take_revision
from tocsin_notifier.domain.state import State
from tocsin_notifier.domain.times import report_time
from tocsin_notifier.domain.warning_arrivals import take_warning
from tocsin_notifier.domain.windows import WINDOWS
from tocsin_schemas.detection import ArticleRevised, Detection, Probe, Tick
from tocsin_schemas.slots import ClaimSlots, StanceSlots


def correlate(
    state: State, record: Detection | ArticleRevised | Tick | Probe, now: datetime
) -> Outcome:
    """What a record leads to; the state stays as it is until its owner applies the changes.

    Args:
        state: the partition's state, with all timers fired that are due at `now`.
        record: the record read. Ticks and probes lead to nothing: time moves by reading them.
        now: the highest record timestamp seen in the partition.

    """
    pending = Pending(state)
    if isinstance(record, ArticleRevised):
        take_revision(pending, record, now)
    elif isinstance(record, Detection):
        dropped = _reason_to_drop(pending, record, now)
        if dropped is not None:
            pending.drop(dropped, record.detection_id)
        else:
            _take_detection(pending, record, now)
    return pending.outcome()


def due(state: State, now: datetime) -> Outcome:
    """What time passing leads to: alarms lapse, and what is over is forgotten.

    To be called until `state.next_due()` lies after `now`, before and after each record.
    """
    pending = Pending(state)
    for key in state.due_keys(now):
        event = pending.get(key, EventRecord)
        if event is not None and event.lapse_at is not None and event.lapse_at <= now:
            assess(pending, [event.event_id], now)
            event = pending.get(key, EventRecord)
        if event is None:
            pending.forget(key)
        elif event.forget_at <= now:
            pending.close(event.event_id)
    return pending.outcome()


def _reason_to_drop(pending: Pending, detection: Detection, now: datetime) -> DropReason | None:
    article = pending.article(detection.article_id)
    if article is not None and detection.detection_id in article.detection_ids:
        return DropReason.REPEATED
    if article is not None and detection.revision < article.valid_from:
        return DropReason.SUPERSEDED
    if detection.confidence.score < detection.confidence.threshold:
        return DropReason.BELOW_THRESHOLD
    if now - report_time(detection, now) > WINDOWS.of(detection.alert_type):
        return DropReason.TOO_OLD
    return None


def _take_detection(pending: Pending, detection: Detection, now: datetime) -> None:
    slots = detection.slots
    if isinstance(slots, ClaimSlots):
        take_claim(pending, detection, slots, now)
    elif isinstance(slots, StanceSlots):
        take_stance(pending, detection, slots, now)
    else:
        take_warning(pending, detection, slots, now)
