"""CAP severity, urgency and certainty of an alert: the table in `data/severity.toml`."""

import tomllib
from collections.abc import Collection
from importlib import resources

from tocsin_notifier.domain.windows import WINDOWS
from tocsin_schemas.contract import Contract
from tocsin_schemas.vocabulary import Certainty, Phase, Severity, Threat, Urgency

CERTAINTY_ORDER = (
    Certainty.UNKNOWN,
    Certainty.UNLIKELY,
    Certainty.POSSIBLE,
    Certainty.LIKELY,
    Certainty.OBSERVED,
)
"""From unsure to sure."""


class SeverityRow(Contract):
    """Severity and urgency of alerts in a phase with one of the threats; absent fits anything."""

    phase: Phase | None = None
    threats: tuple[Threat, ...] | None = None
    severity: Severity
    urgency: Urgency


class _Table(Contract):
    row: tuple[SeverityRow, ...]


def _load() -> tuple[SeverityRow, ...]:
    text = resources.files("tocsin_notifier").joinpath("data/severity.toml").read_text("utf-8")
    return _Table.model_validate(tomllib.loads(text)).row


SEVERITIES = _load()
"""The table as read, first fit first."""


def rate(phase: Phase | None, threats: Collection[Threat]) -> tuple[Severity, Urgency]:
    """Severity and urgency of a warning, or of another alert when the phase is None."""
    for row in SEVERITIES:
        fits_threat = row.threats is None or any(threat in row.threats for threat in threats)
        if row.phase in (None, phase) and fits_threat:
            return row.severity, row.urgency
    return Severity.UNKNOWN, Urgency.UNKNOWN


def certainty(publishers: int, *, observed: bool) -> Certainty:
    """Observed when official or conceded, Likely from two independent publishers, else Possible."""
    if observed:
        return Certainty.OBSERVED
    likely = publishers >= WINDOWS.corroboration.likely_publishers
    return Certainty.LIKELY if likely else Certainty.POSSIBLE
