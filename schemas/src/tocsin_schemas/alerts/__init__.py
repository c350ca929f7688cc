"""The typed alerts: one type, one topic, one schema."""

import json
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from tocsin_schemas.alerts.air_raid_warning import AirRaidWarningAlert
from tocsin_schemas.alerts.common import AlertBase, AlertSource, Corroboration
from tocsin_schemas.alerts.negotiation_stance import NegotiationStanceAlert
from tocsin_schemas.alerts.territorial_claim import CounterClaim, TerritorialClaimAlert
from tocsin_schemas.unknown_words import keep_words, unknown_words
from tocsin_schemas.vocabulary import AlertType

__all__ = [
    "ALERT_MODELS",
    "AirRaidWarningAlert",
    "Alert",
    "AlertBase",
    "AlertSource",
    "Corroboration",
    "CounterClaim",
    "NegotiationStanceAlert",
    "TerritorialClaimAlert",
    "read_alert",
]

Alert = Annotated[
    TerritorialClaimAlert | NegotiationStanceAlert | AirRaidWarningAlert,
    Field(discriminator="alert_type"),
]
"""An alert of any type."""

ALERT_MODELS: dict[
    AlertType, type[TerritorialClaimAlert | NegotiationStanceAlert | AirRaidWarningAlert]
] = {
    AlertType.TERRITORIAL_CLAIM: TerritorialClaimAlert,
    AlertType.NEGOTIATION_STANCE: NegotiationStanceAlert,
    AlertType.AIR_RAID_WARNING: AirRaidWarningAlert,
}
"""The model of each type."""

_ALERTS: TypeAdapter[TerritorialClaimAlert | NegotiationStanceAlert | AirRaidWarningAlert] = (
    TypeAdapter(Alert)
)


def read_alert(
    value: bytes | str,
) -> TerritorialClaimAlert | NegotiationStanceAlert | AirRaidWarningAlert:
    """Parse the value of an alert topic as a reader does.

    Fields that this release does not know are ignored, words of open vocabularies are kept as they
    are (see `tocsin_schemas.unknown_words`).

    Raises:
        pydantic.ValidationError: the bytes are no such alert.

    """
    try:
        return _ALERTS.validate_json(value, extra="ignore")
    except ValidationError as error:
        words = unknown_words(error)
        if words is None:
            raise
    data = json.loads(value)
    # The type of alert comes first in the place of an error, but is no step in the data.
    keep_words(data, {place[1:]: vocabulary for place, vocabulary in words.items()})
    return _ALERTS.validate_python(data, extra="ignore")
