"""How long events and memories last: the table in `data/windows.toml`."""

import tomllib
from datetime import datetime, timedelta
from importlib import resources
from typing import Annotated

from pydantic import Field

from tocsin_schemas.contract import Contract
from tocsin_schemas.vocabulary import AlertType

Hours = Annotated[int, Field(ge=1, le=100_000)]


class EventWindows(Contract):
    """How long an event stays open after its last report."""

    claim_hours: Hours
    stance_hours: Hours
    attack_hours: Hours


class AlarmTimes(Contract):
    """The times in the life of an alarm."""

    lapse_hours: Hours
    renew_minutes: Annotated[int, Field(ge=1, le=1440)]
    future_minutes: Annotated[int, Field(ge=0, le=1440)]
    shown_after_end_hours: Hours


class MemoryTimes(Contract):
    """How long what is no event is remembered."""

    article_hours: Hours
    all_clear_hours: Hours
    official_alarm_hours: Hours
    stance_history_hours: Hours


class CorroborationLimits(Contract):
    """What counts as an independent report."""

    same_text_share: Annotated[float, Field(gt=0, le=1)]
    position_bytes: Annotated[int, Field(ge=1, le=8)]
    likely_publishers: Annotated[int, Field(ge=2, le=100)]


class Windows(Contract):
    """The whole table."""

    windows: EventWindows
    alarm: AlarmTimes
    memory: MemoryTimes
    corroboration: CorroborationLimits

    def of(self, alert_type: AlertType) -> timedelta:
        """How long an event of that type stays open after its last report (alarms: see lapse)."""
        hours = {
            AlertType.TERRITORIAL_CLAIM: self.windows.claim_hours,
            AlertType.NEGOTIATION_STANCE: self.windows.stance_hours,
            AlertType.AIR_RAID_WARNING: self.windows.attack_hours,
        }
        return timedelta(hours=hours[alert_type])

    @property
    def lapse(self) -> timedelta:
        """How long an alarm stays on without a report."""
        return timedelta(hours=self.alarm.lapse_hours)

    @property
    def renew(self) -> timedelta:
        """By how much an alarm's expiry must move to be worth an update."""
        return timedelta(minutes=self.alarm.renew_minutes)

    @property
    def future(self) -> timedelta:
        """How far a time may lie ahead of now and still be believed."""
        return timedelta(minutes=self.alarm.future_minutes)

    @property
    def shown_after_end(self) -> timedelta:
        """How long reported, ended and lapsed alerts are shown."""
        return timedelta(hours=self.alarm.shown_after_end_hours)


def full_hour(at: datetime) -> datetime:
    """The next full hour, so that memories are forgotten in few timers."""
    floor = at.replace(minute=0, second=0, microsecond=0)
    return floor if floor == at else floor + timedelta(hours=1)


def _load() -> Windows:
    text = resources.files("tocsin_notifier").joinpath("data/windows.toml").read_text("utf-8")
    return Windows.model_validate(tomllib.loads(text))


WINDOWS = _load()
"""The table as read."""
