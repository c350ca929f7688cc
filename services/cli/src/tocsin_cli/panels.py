"""Statements and alerts as a person reads them: who says what, in its sentence."""

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from tocsin_schemas.alerts import (
    AirRaidWarningAlert,
    NegotiationStanceAlert,
    TerritorialClaimAlert,
)
from tocsin_schemas.evidence import Evidence
from tocsin_schemas.slots import ClaimSlots, StanceSlots, WarningSlots
from tocsin_schemas.statement import Statement

_COLOURS = {
    "territorial-claim": "yellow",
    "negotiation-stance": "cyan",
    "air-raid-warning": "red",
}
_SHOWN = (
    "claimant", "loser", "action", "assertion", "area_km2", "area_qualifier", "settlements",
    "actor", "stance", "topic", "counterpart", "conditions", "mediators",
    "phase", "threat", "threats", "extent", "instruction", "issued_by",
)  # fmt: skip
"""Slots in the order in which they are shown."""


def quote_in_sentence(evidence: Evidence) -> Text:
    """The sentence of a piece of evidence with the quote in bold."""
    start = evidence.start - evidence.sentence_start
    text = Text(evidence.sentence)
    text.stylize("bold reverse", start, start + len(evidence.quote))
    return Text.assemble(
        (f"{evidence.field} {evidence.start}-{evidence.end} {evidence.role}  ", "dim"), text
    )


def statement_panel(name: str, statement: Statement) -> Panel:
    """A statement of the classifier."""
    places = ", ".join(f"{p.canonical_name} ({p.code or '?'})" for p in statement.places)
    return Panel(
        Group(_slots(statement.slots, places), *map(quote_in_sentence, statement.evidence)),
        title=f"{statement.alert_type}  {name}",
        subtitle=f"confidence {statement.confidence.score:.2f}",
        border_style=_COLOURS[statement.alert_type],
        title_align="left",
    )


def alert_panel(
    alert: TerritorialClaimAlert | NegotiationStanceAlert | AirRaidWarningAlert,
) -> Panel:
    """An alert as it arrived."""
    places = ", ".join(f"{p.canonical_name} ({p.code or '?'})" for p in alert.places)
    sources = ", ".join(sorted({source.publisher for source in alert.sources}))
    return Panel(
        Group(
            Text(alert.headline, style="bold"),
            _slots(alert, places),
            *map(quote_in_sentence, alert.evidence),
        ),
        title=f"{alert.alert_type}  {alert.status}",
        subtitle=f"{alert.severity} / {alert.urgency} / {alert.certainty}, "
        f"confidence {alert.confidence.score:.2f}, {sources}",
        border_style=_COLOURS[alert.alert_type],
        title_align="left",
    )


def _slots(
    slots: ClaimSlots
    | StanceSlots
    | WarningSlots
    | TerritorialClaimAlert
    | NegotiationStanceAlert
    | AirRaidWarningAlert,
    places: str,
) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_row("places", places or "none")
    for name in _SHOWN:
        value = getattr(slots, name, None)
        if value not in (None, ()):
            shown = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
            table.add_row(name, shown)
    voices = ", ".join(f"{v.name} ({v.side}, {v.assertion})" for v in slots.voices)
    table.add_row("voices", voices or "none")
    return table
