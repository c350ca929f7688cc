"""Typed alerts of Tocsin, as an asynchronous iterator: the package for subscribers."""

from tocsin_client.received import Received
from tocsin_client.stream import AlertStream, MissingTopicError, Skipped
from tocsin_schemas.alerts import (
    AirRaidWarningAlert,
    NegotiationStanceAlert,
    TerritorialClaimAlert,
)
from tocsin_schemas.filter import AlertFilter, AnyAlert
from tocsin_schemas.vocabulary import AlertType, Mode, Phase, Severity, Status

__all__ = [
    "AirRaidWarningAlert",
    "AlertFilter",
    "AlertStream",
    "AlertType",
    "AnyAlert",
    "MissingTopicError",
    "Mode",
    "NegotiationStanceAlert",
    "Phase",
    "Received",
    "Severity",
    "Skipped",
    "Status",
    "TerritorialClaimAlert",
]
