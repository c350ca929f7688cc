"""Why an active warning must not be delivered as one that is on."""

from datetime import datetime

from tocsin_schemas.alerts import AirRaidWarningAlert
from tocsin_schemas.standing import caveat

RETRACTED = "retracted"
REPLACED = "replaced"
REPLAYED = "replayed, may be over"


def why_not_on(
    alert: AirRaidWarningAlert, now: datetime, *, replayed: bool = False, replaced: bool = False
) -> str | None:
    """Why an active warning must not be shown as on; None when it may."""
    found = caveat(alert, now)
    if found is not None:
        return found
    if replaced:
        return REPLACED
    return REPLAYED if replayed else None
