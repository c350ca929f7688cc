"""What is on now, by the alert topics alone: the view behind `/v1/state`.

It takes the alerts of all partitions in the order of each event and keeps of every live event the
latest revision until that expires. What it answers is documented in docs/state-api.md.
"""

import heapq
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from tocsin_notifier.domain.outcome import AnyAlert
from tocsin_schemas.alerts import (
    AirRaidWarningAlert,
    NegotiationStanceAlert,
    TerritorialClaimAlert,
)
from tocsin_schemas.envelope import region_of
from tocsin_schemas.vocabulary import AlertType, Mode, Phase, Status

Standing = Literal["on", "late", "reported", "ended", "lapsed", "open"]
"""`on`: an alarm that is under way. `late`: an alarm that was told too late to be shown as on.
`reported`, `ended`, `lapsed`: the phases of what is no alarm any longer. `open`: a claim or a
stance inside its window."""

_COMMON = (
    "event_id", "alert_id", "revision", "headline", "sent_at", "event_time", "expires_at",
    "severity", "certainty", "corroboration", "incident_id",
)  # fmt: skip
_WARNING = (
    "area", "extent", "ended_areas", "threat", "threats", "instruction", "issued_by",
    "started_at", "ended_at", "official_match",
)  # fmt: skip
_CLAIM = (
    "claimant", "loser", "action", "assertion", "area_km2", "area_qualifier", "settlements",
)  # fmt: skip
_STANCE = (
    "actor", "counterpart", "stance", "assertion", "topic", "conditions", "mediators",
    "previous_stance", "shift",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Held:
    """The latest revision of an event: only what is shown of it."""

    revision: int
    subject: str
    """The region's code, or a stance's actor."""
    standing: Standing
    sent_at: datetime
    expires_at: datetime
    shown: dict[str, Any]


class Situation:
    """The live events that have not expired, by the alerts taken so far."""

    def __init__(self) -> None:
        self._warnings: dict[UUID, _Held] = {}
        self._claims: dict[UUID, _Held] = {}
        self._stances: dict[UUID, _Held] = {}
        self._ends: list[tuple[datetime, UUID]] = []

    def __len__(self) -> int:
        return len(self._warnings) + len(self._claims) + len(self._stances)

    def take(self, alert: AnyAlert, now: datetime) -> None:
        """Take an alert; one that is older than what is known of its event changes nothing."""
        if alert.mode is not Mode.LIVE:
            return
        events = self._events_of(alert)
        held = events.get(alert.event_id)
        if held is not None and held.revision >= alert.revision:
            return
        if alert.status is Status.RETRACTED or alert.expires_at <= now:
            events.pop(alert.event_id, None)
            return
        events[alert.event_id] = _hold(alert)
        if held is None or held.expires_at != alert.expires_at:
            heapq.heappush(self._ends, (alert.expires_at, alert.event_id))

    def forget_expired(self, now: datetime) -> None:
        """Forget the events whose last alert has expired."""
        while self._ends and self._ends[0][0] <= now:
            _, event_id = heapq.heappop(self._ends)
            for events in (self._warnings, self._claims, self._stances):
                held = events.get(event_id)
                if held is not None and held.expires_at <= now:
                    del events[event_id]

    def alarms(self, now: datetime) -> Mapping[str, int]:
        """How many alarms are on, by region."""
        return Counter(
            held.subject
            for held in self._warnings.values()
            if held.standing == "on" and held.expires_at > now
        )

    def standing(self) -> Mapping[AlertType, int]:
        """How many events are known that have not expired, of every type."""
        return {
            AlertType.TERRITORIAL_CLAIM: len(self._claims),
            AlertType.NEGOTIATION_STANCE: len(self._stances),
            AlertType.AIR_RAID_WARNING: len(self._warnings),
        }

    def regions(self, now: datetime, only: str | None = None) -> list[dict[str, Any]]:
        """Every region that something is known of, those under alarm first.

        Args:
            now: what has expired by then is left out.
            only: a region's code, for that region alone.

        """
        regions: dict[str, dict[str, Any]] = {}
        for events, name in ((self._warnings, "warnings"), (self._claims, "claims")):
            for held in _standing(events, now, only):
                region = regions.setdefault(held.subject, _empty_region(held.subject))
                region["alarms" if held.standing == "on" else name].append(held.shown)
        for region in regions.values():
            region["under_alarm"] = bool(region["alarms"])
            region["threats"] = sorted({t for alarm in region["alarms"] for t in alarm["threats"]})
        return sorted(regions.values(), key=lambda one: (not one["under_alarm"], one["region"]))

    def stances(self, now: datetime, only: str | None = None) -> list[dict[str, Any]]:
        """Every stance inside its window, by actor and topic, the latest word first.

        Args:
            now: what has expired by then is left out.
            only: an actor, for that one alone.

        """
        actors: dict[str, list[dict[str, Any]]] = {}
        for held in _standing(self._stances, now, only):
            actors.setdefault(held.subject, []).append(held.shown)
        return [
            {"actor": actor, "stances": sorted(told, key=_topic)}
            for actor, told in sorted(actors.items())
        ]

    def _events_of(self, alert: AnyAlert) -> dict[UUID, _Held]:
        if isinstance(alert, AirRaidWarningAlert):
            return self._warnings
        return self._claims if isinstance(alert, TerritorialClaimAlert) else self._stances


def _topic(shown: dict[str, Any]) -> str:
    return str(shown["topic"])


def _empty_region(code: str) -> dict[str, Any]:
    return {
        "region": code,
        "under_alarm": False,
        "threats": [],
        "alarms": [],
        "warnings": [],
        "claims": [],
    }


def _standing(events: dict[UUID, _Held], now: datetime, only: str | None) -> list[_Held]:
    found = [
        held for held in events.values() if held.expires_at > now and only in (None, held.subject)
    ]
    return sorted(found, key=_latest, reverse=True)


def _latest(held: _Held) -> tuple[datetime, str]:
    return held.sent_at, str(held.shown["event_id"])


def _hold(alert: AnyAlert) -> _Held:
    standing, names = _judge(alert)
    shown = alert.model_dump(mode="json", include={*_COMMON, *names})
    subject = alert.actor if isinstance(alert, NegotiationStanceAlert) else region_of(alert)
    return _Held(
        revision=alert.revision,
        subject=subject or "unknown",
        standing=standing,
        sent_at=alert.sent_at,
        expires_at=alert.expires_at,
        shown={"standing": standing} | shown,
    )


def _judge(alert: AnyAlert) -> tuple[Standing, tuple[str, ...]]:
    if isinstance(alert, TerritorialClaimAlert):
        return "open", _CLAIM
    if isinstance(alert, NegotiationStanceAlert):
        return "open", _STANCE
    if alert.phase is Phase.ACTIVE:
        return ("late" if alert.late else "on"), _WARNING
    standings: dict[Phase, Standing] = {
        Phase.REPORTED: "reported",
        Phase.ENDED: "ended",
        Phase.LAPSED: "lapsed",
    }
    return standings[alert.phase], _WARNING
