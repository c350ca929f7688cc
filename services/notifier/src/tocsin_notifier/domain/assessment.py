"""Whether an event, as its reports have it now, is worth an alert."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from tocsin_notifier.domain.claims import view_claim
from tocsin_notifier.domain.crowd import thin_out
from tocsin_notifier.domain.outcome import Siren
from tocsin_notifier.domain.pending import Pending
from tocsin_notifier.domain.publication import compose, compose_retraction
from tocsin_notifier.domain.records import EventRecord
from tocsin_notifier.domain.stances import view_stance
from tocsin_notifier.domain.updates import is_corrected, reason_to_update
from tocsin_notifier.domain.view import View
from tocsin_notifier.domain.warnings import view_warning
from tocsin_schemas.vocabulary import AlertType, ChangeReason, Mode


def view_of(pending: Pending, event: EventRecord, now: datetime) -> View | None:
    """The event as its reports have it, None when nothing supports it any longer."""
    view = _view(pending, event, now)
    mentions = pending.count_mentions(event.event_id)
    if view is None or mentions == 0:
        return view
    counted = view.common.corroboration
    counted = counted.model_copy(update={"articles": counted.articles + mentions})
    return replace(view, common=replace(view.common, corroboration=counted))


def _view(pending: Pending, event: EventRecord, now: datetime) -> View | None:
    members = pending.members(event.event_id)
    if not members:
        return None
    if event.alert_type is AlertType.TERRITORIAL_CLAIM:
        return view_claim(pending, event, members)
    if event.alert_type is AlertType.NEGOTIATION_STANCE:
        return view_stance(pending, event, members)
    return view_warning(pending, event, members, now)


def assess(pending: Pending, event_ids: Iterable[UUID], now: datetime) -> None:
    """Send what the events' new or changed reports are worth, and set their timers."""
    for event_id in dict.fromkeys(event_ids):
        event = pending.event(event_id)
        view = view_of(pending, event, now) if event else None
        if event is None or view is None:
            continue
        if event.told is None:
            reason: ChangeReason | None = event.first_reason
        else:
            reason = reason_to_update(event.told, view.facts)
        _settle(pending, event, view, reason, now)
        thin_out(pending, event, view, lambda one: view_of(pending, one, now))


def reassess_revised(
    pending: Pending,
    before: Iterable[tuple[EventRecord, View | None]],
    reason: ChangeReason,
    now: datetime,
) -> None:
    """Update or retract events after an article's evidence was corrected away or withdrawn.

    Args:
        pending: the state with that evidence already gone.
        before: the events that the article spoke of, as they were with it.
        reason: correction or withdrawal.
        now: the time in the log.

    """
    for event, former in before:
        view = view_of(pending, event, now)
        if view is None:
            if former is not None and event.told is not None:
                pending.send(compose_retraction(event, former, reason, now))
            pending.close(event.event_id)
        else:
            corrected = event.told is not None and is_corrected(event.told, view.facts)
            _settle(pending, event, view, reason if corrected else None, now)


def _settle(
    pending: Pending, event: EventRecord, view: View, reason: ChangeReason | None, now: datetime
) -> None:
    told = event.told
    revision = event.revision
    if reason is not None:
        pending.send(compose(event, view, reason, now))
        if view.lead is not None and event.mode is Mode.LIVE:
            pending.witness(Siren(event.scope, view.lead.total_seconds()))
        told = view.facts
        revision += 1
    pending.put(
        event.model_copy(
            update={
                "revision": revision,
                "told": told,
                "lapse_at": view.lapse_at,
                "forget_at": view.forget_at,
            }
        )
    )
