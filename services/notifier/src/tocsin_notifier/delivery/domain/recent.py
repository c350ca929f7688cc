"""The newest events with their whole last alert: what feeds and the page's list are made of."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tocsin_notifier.domain.outcome import AnyAlert
from tocsin_schemas.alerts import read_alert
from tocsin_schemas.vocabulary import AlertType

MAX_EVENTS = 1_000
"""Events kept of each type; those whose last alert is oldest are forgotten first."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The latest alert of an event, as bytes: a thousand parsed ones would take much memory."""

    event_id: UUID
    alert_id: UUID
    revision: int
    sent_at: datetime
    first_sent_at: datetime
    """When the event's first known alert was sent."""
    sent: dict[UUID, datetime]
    """When each known alert of the event was sent, by alert_id."""
    body: bytes

    def alert(self) -> AnyAlert:
        """The alert."""
        return read_alert(self.body)


class Recent:
    """The latest alert of the newest events, of all modes, by the alerts taken so far."""

    def __init__(self, max_events: int = MAX_EVENTS) -> None:
        self._max = max_events
        self._events: dict[AlertType, dict[UUID, Kept]] = {one: {} for one in AlertType}
        self._event_of: dict[UUID, tuple[AlertType, UUID]] = {}
        self.changed_at: dict[AlertType, datetime] = {}
        """When the newest alert of each type was sent."""

    def take(self, alert: AnyAlert) -> None:
        """Take an alert; an older revision only adds the time when it was sent."""
        events = self._events[alert.alert_type]
        held = events.get(alert.event_id)
        sent = {} if held is None else held.sent
        sent[alert.alert_id] = alert.sent_at
        self._event_of[alert.alert_id] = (alert.alert_type, alert.event_id)
        if held is not None and held.revision >= alert.revision:
            return
        events[alert.event_id] = Kept(
            event_id=alert.event_id,
            alert_id=alert.alert_id,
            revision=alert.revision,
            sent_at=alert.sent_at,
            first_sent_at=alert.sent_at if held is None else held.first_sent_at,
            sent=sent,
            body=alert.to_json(),
        )
        newest = self.changed_at.get(alert.alert_type)
        self.changed_at[alert.alert_type] = max(newest or alert.sent_at, alert.sent_at)
        if len(events) > self._max + self._max // 8:
            self._forget_oldest(events)

    def newest(self, *types: AlertType) -> Iterator[Kept]:
        """The latest alerts of these types, or of all, the last sent first."""
        ordered = [
            sorted(self._events[one].values(), key=_order, reverse=True)
            for one in types or tuple(AlertType)
        ]
        return heapq.merge(*ordered, key=_order, reverse=True)

    def latest_of(self, alert_id: UUID) -> Kept | None:
        """The latest alert of the event that an alert belongs to; None when it is not known."""
        alert_type, event_id = self._event_of.get(alert_id, (AlertType.AIR_RAID_WARNING, alert_id))
        return self._events[alert_type].get(event_id)

    def _forget_oldest(self, events: dict[UUID, Kept]) -> None:
        """Many at once: to look for the oldest one at every alert would be slow."""
        for old in sorted(events.values(), key=_order)[: len(events) - self._max]:
            del events[old.event_id]
            for alert_id in old.sent:
                self._event_of.pop(alert_id, None)


def _order(kept: Kept) -> tuple[datetime, str]:
    return kept.sent_at, str(kept.event_id)
