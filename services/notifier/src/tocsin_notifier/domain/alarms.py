"""What is left of an alarm after its all-clears: the phases of its life."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tocsin_notifier.domain.identity import area_key, contains, covers
from tocsin_notifier.domain.records import Share
from tocsin_notifier.domain.windows import WINDOWS
from tocsin_schemas.place import Place
from tocsin_schemas.slots import WarningSlots
from tocsin_schemas.vocabulary import Extent, Phase, Threat


@dataclass(frozen=True, slots=True)
class AlarmLife:
    """How an alarm stands."""

    phase: Phase
    started_at: datetime | None
    last_at: datetime
    """Own time of the last report, or of the all-clear when no report is left."""
    ended_at: datetime | None
    threats: tuple[Threat, ...]
    """Threats that are on; of an ended alarm all that were named."""
    ended_areas: tuple[Place, ...]
    extent: Extent

    @property
    def lapse_at(self) -> datetime:
        """When it lapses, or lapsed, without another report."""
        return self.last_at + WINDOWS.lapse


def life_of(
    area: Place, reports: Sequence[Share], all_clears: Sequence[Share], now: datetime
) -> AlarmLife:
    """The life of an alarm for an area by its reports and all-clears; one of them is not empty.

    An all-clear counts when its own time is after the alarm's start. It ends the alarm when it is
    for the same or a larger area, and no report of the alarm is later: a later report was read
    before it and belongs to what is still on.
    """
    times = [share.own_time for share in reports if share.own_time is not None]
    clears = sorted(
        (share for share in all_clears if _after(share, times)),
        key=lambda share: (share.own_time, area_key(share.place), share.statement_id),
    )
    named = _threats(reports)
    whole = [c for c in clears if _is_whole(c, area)]
    general = [c for c in whole if not _slots(c).threats and _is_last(c, times)]
    cleared = {
        threat for c in whole for threat in _slots(c).threats if _is_last_of(threat, c, reports)
    }
    left = tuple(threat for threat in named if threat not in cleared)
    ended_at = general[0].own_time if general else None
    every_named = bool(named) and not left and all(_slots(share).threats for share in reports)
    if ended_at is None and every_named:
        ended_at = max(c.own_time for c in whole if c.own_time and _slots(c).threats)
    last_at = max(times) if times else max(c.own_time for c in clears if c.own_time)
    parts = [c for c in clears if c.place is not None and contains(area, c.place)]
    distinct = {area_key(c.place): c.place for c in reversed(parts) if c.place is not None}
    phase = Phase.ENDED if ended_at else Phase.ACTIVE
    if phase is Phase.ACTIVE and now >= last_at + WINDOWS.lapse:
        phase = Phase.LAPSED
    part_over = phase is not Phase.ENDED and any(not _is_whole(c, area) for c in clears)
    part_told = bool(reports) and all(_slots(s).extent is Extent.PART for s in reports)
    return AlarmLife(
        phase=phase,
        started_at=min(times, default=None),
        last_at=last_at,
        ended_at=ended_at,
        threats=named if phase is Phase.ENDED else left,
        ended_areas=tuple(distinct[key] for key in sorted(distinct)),
        extent=Extent.PART if part_over or part_told else Extent.WHOLE,
    )


def touches(area: Place, place: Place) -> bool:
    """Whether an all-clear for a place says anything about an alarm for an area."""
    return covers(place, area) or contains(area, place)


def _slots(share: Share) -> WarningSlots:
    assert isinstance(share.slots, WarningSlots)
    return share.slots


def _threats(reports: Sequence[Share]) -> tuple[Threat, ...]:
    vague = {Threat.UNKNOWN, Threat.MIXED}
    named = {threat for share in reports for threat in _slots(share).threats} - vague
    return tuple(sorted(named))


def _after(share: Share, times: Sequence[datetime]) -> bool:
    return share.own_time is not None and (not times or share.own_time > min(times))


def _is_whole(share: Share, area: Place) -> bool:
    whole = share.place is not None and covers(share.place, area)
    return whole and _slots(share).extent is Extent.WHOLE


def _is_last(share: Share, times: Sequence[datetime]) -> bool:
    return share.own_time is not None and (not times or share.own_time >= max(times))


def _is_last_of(threat: Threat, share: Share, reports: Sequence[Share]) -> bool:
    naming = [r.own_time for r in reports if threat in _slots(r).threats and r.own_time]
    return _is_last(share, naming)
