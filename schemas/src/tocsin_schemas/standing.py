"""Whether a warning may be shown as on: the one rule that every delivery and client follows."""

from datetime import datetime
from typing import Literal

from tocsin_schemas.alerts import AirRaidWarningAlert
from tocsin_schemas.vocabulary import Phase, Status

Caveat = Literal["retracted", "told late, may be over", "expired"]
"""Why an active alert must not be shown as on."""


def is_on(alert: AirRaidWarningAlert, now: datetime) -> bool:
    """An alarm is under way: active, told in time, not expired, not taken back.

    Whether another revision has replaced it only the caller can know.
    """
    return (
        alert.phase is Phase.ACTIVE
        and alert.status is not Status.RETRACTED
        and not alert.late
        and now < alert.expires_at
    )


def caveat(alert: AirRaidWarningAlert, now: datetime) -> Caveat | None:
    """Why an active alert must not be shown as on; None when it may, or is not active."""
    if alert.phase is not Phase.ACTIVE or is_on(alert, now):
        return None
    if alert.status is Status.RETRACTED:
        return "retracted"
    return "told late, may be over" if alert.late else "expired"
