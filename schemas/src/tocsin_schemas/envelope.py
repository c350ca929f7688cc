"""An alert as a Kafka message: CloudEvents 1.0 in binary mode, bytes in and out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tocsin_schemas.alerts import (
    AirRaidWarningAlert,
    NegotiationStanceAlert,
    TerritorialClaimAlert,
    read_alert,
)
from tocsin_schemas.topics import ALERT_TOPICS
from tocsin_schemas.vocabulary import AlertType

CE_SOURCE = "/tocsin/notifier"
"""The CloudEvents source of every alert."""

CONTENT_TYPE = "application/json"

Headers = Sequence[tuple[str, bytes]]
"""Kafka headers."""


@dataclass(frozen=True, slots=True)
class Message:
    """A Kafka message before it is sent; `topic` is without prefix."""

    topic: str
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...]


def ce_type(alert_type: AlertType) -> str:
    """The CloudEvents type of an alert type, such as `org.tocsin.alert.air-raid-warning.v1`."""
    return f"org.tocsin.alert.{alert_type}.v1"


def encode_alert(
    alert: TerritorialClaimAlert | NegotiationStanceAlert | AirRaidWarningAlert,
    *,
    traceparent: str | None = None,
    start_traceparent: str | None = None,
) -> Message:
    """The message of an alert.

    Args:
        alert: the alert.
        traceparent: W3C trace context of this hop.
        start_traceparent: trace context in which the way of the article began.

    """
    attributes = {
        "content-type": CONTENT_TYPE,
        "ce_specversion": "1.0",
        "ce_id": str(alert.alert_id),
        "ce_type": ce_type(alert.alert_type),
        "ce_source": CE_SOURCE,
        "ce_subject": str(alert.event_id),
        "ce_time": alert.sent_at.isoformat(),
        "ce_dataschema": alert.schema_,
        "ce_expirytime": alert.expires_at.isoformat(),
        "ce_alerttype": alert.alert_type,
        "ce_alertseverity": alert.severity,
        "ce_alertmode": alert.mode,
        "ce_alertstatus": alert.status,
        "ce_region": region_of(alert),
        "ce_lang": alert.sources[0].language,
        "traceparent": traceparent,
        "ce_traceparent": start_traceparent,
    }
    return Message(
        topic=ALERT_TOPICS[alert.alert_type],
        key=str(alert.event_id).encode(),
        value=alert.to_json(),
        headers=tuple((name, value.encode()) for name, value in attributes.items() if value),
    )


def region_of(alert: TerritorialClaimAlert | NegotiationStanceAlert | AirRaidWarningAlert) -> str:
    """The region code of an alert for filters; empty when it has none."""
    if isinstance(alert, AirRaidWarningAlert):
        return alert.region
    return next((place.code for place in alert.places if place.code), "")


def decode_alert(
    value: bytes,
) -> TerritorialClaimAlert | NegotiationStanceAlert | AirRaidWarningAlert:
    """The alert in a message of an alert topic.

    Raises:
        pydantic.ValidationError: the value is no alert.

    """
    return read_alert(value)


def header(headers: Iterable[tuple[str, bytes]], name: str) -> str | None:
    """The first header of that name as text, None when absent or no UTF-8."""
    for key, value in headers:
        if key == name:
            try:
                return value.decode()
            except UnicodeDecodeError:
                return None
    return None


def headers_of(values: Mapping[str, str]) -> list[tuple[str, bytes]]:
    """Kafka headers of text values."""
    return [(name, value.encode()) for name, value in values.items()]
