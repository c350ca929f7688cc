"""A view of an event as a typed alert, whole but for the time at which it is sent."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from tocsin_notifier.domain.headline import finish
from tocsin_notifier.domain.outcome import AnyAlert, DraftAlert
from tocsin_notifier.domain.records import EventRecord
from tocsin_notifier.domain.view import ClaimPart, CommonPart, StancePart, View, WarningPart
from tocsin_schemas import ids
from tocsin_schemas.alerts import ALERT_MODELS
from tocsin_schemas.vocabulary import ChangeReason, Phase, Status

MAX_REFERENCES = 100


def compose(event: EventRecord, view: View, reason: ChangeReason, now: datetime) -> DraftAlert:
    """The next revision of an event's alert: new, updated, or ended."""
    ended = isinstance(view.part, WarningPart) and view.part.phase is Phase.ENDED
    status = Status.ENDED if ended else Status.UPDATED
    return _draft(event, view, Status.NEW if event.revision == 0 else status, reason, now)


def compose_retraction(
    event: EventRecord, view: View, reason: ChangeReason, now: datetime
) -> DraftAlert:
    """The last revision of an event whose only evidence was corrected away or withdrawn."""
    return _draft(event, view, Status.RETRACTED, reason, now)


def stamp(draft: DraftAlert, sent_at: datetime) -> AnyAlert:
    """The alert as sent.

    Args:
        draft: what correlation made.
        sent_at: the time of publication; an active alert whose report is older than its source's
            `active_for` by then is marked late.

    """
    late = draft.late_after is not None and sent_at > draft.late_after
    told = draft.alert.model_dump(by_alias=True) | {"sent_at": sent_at, "late": late}
    return type(draft.alert).model_validate(told)


def _draft(
    event: EventRecord, view: View, status: Status, reason: ChangeReason, now: datetime
) -> DraftAlert:
    revision = event.revision + 1
    replaced = range(max(1, revision - MAX_REFERENCES), revision)
    said = _fields(view.common) | _fields(view.part)
    if status is Status.RETRACTED:
        plain = view.common.headline.removeprefix("DRILL: ")
        said["headline"] = finish(f"Retracted: {plain}", event.mode)
    life = {
        "alert_id": ids.alert_id(event.event_id, revision),
        "event_id": event.event_id,
        "revision": revision,
        "status": status,
        "references": tuple(ids.alert_id(event.event_id, former) for former in replaced),
        "change_reason": reason,
        "sent_at": now,
    }
    alert = ALERT_MODELS[event.alert_type].model_validate(said | life)
    active = status is not Status.RETRACTED
    return DraftAlert(alert, view.late_after if active else None)


def _fields(part: CommonPart | ClaimPart | StancePart | WarningPart) -> dict[str, Any]:
    return {field.name: getattr(part, field.name) for field in fields(part)}
