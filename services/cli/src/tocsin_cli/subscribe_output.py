"""The forms in which `tocsin subscribe` shows alerts: panels, a live table, JSON Lines, CAP."""

import sys
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self
from uuid import UUID

from tocsin_cli.console import emit, open_console
from tocsin_client import AirRaidWarningAlert, AnyAlert, Phase, Received, Status
from tocsin_schemas.standing import caveat

if TYPE_CHECKING:
    from rich.table import Table

_MAX_SENT = 10_000
_ROWS_AROUND = 6
"""Lines of the terminal that the table's frame takes."""


class Output(Protocol):
    """Shows alerts; a context, so that a live view can give the terminal back."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def show(self, received: Received) -> None:
        """Show one alert."""


class _Plain:
    """An output that only writes."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        sys.stdout.flush()


class JsonOutput(_Plain):
    """JSON Lines."""

    def show(self, received: Received) -> None:
        """One line."""
        emit(received.alert.to_json().decode())


class Panels(_Plain):
    """For people: a panel with the evidence in its sentences."""

    def show(self, received: Received) -> None:
        """One panel."""
        print_panel(received.alert)


class CapOutput(_Plain):
    """CAP 1.2, one XML document after the other; warnings only."""

    def __init__(self) -> None:
        """Nothing was shown yet, so nothing can be referred to."""
        self._sent: dict[UUID, datetime] = {}

    def show(self, received: Received) -> None:
        """One document."""
        from tocsin_notifier.delivery.domain.cap import CapProfile, to_cap

        alert = received.alert
        if not isinstance(alert, AirRaidWarningAlert):
            raise TypeError(f"an alert of type {alert.alert_type} cannot be told in CAP")
        emit(to_cap(alert, CapProfile(), now=datetime.now(UTC), sent=self._sent).rstrip("\n"))
        self._sent[alert.alert_id] = alert.sent_at
        if len(self._sent) > _MAX_SENT:
            del self._sent[next(iter(self._sent))]


class LiveTable:
    """The newest state of each event, in place; on anything but a terminal a line for each alert.

    Whether an alarm is on is asked again each second, so that one that expires does not stay red.
    """

    def __init__(self) -> None:
        """Empty."""
        from rich.live import Live

        self._console = open_console()
        self._events: dict[UUID, Received] = {}
        self._live = Live(
            console=self._console, get_renderable=self._table, refresh_per_second=1, screen=False
        )

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def show(self, received: Received) -> None:
        """Replace the event's row, which moves to the top."""
        if not self._console.is_terminal:
            emit("  ".join(_cells(received, datetime.now(UTC))))
            return
        self._events.pop(received.alert.event_id, None)
        self._events[received.alert.event_id] = received
        while len(self._events) > max(1, self._console.height - _ROWS_AROUND):
            del self._events[next(iter(self._events))]
        self._live.refresh()

    def _table(self) -> "Table":
        from rich.table import Table
        from rich.text import Text

        now = datetime.now(UTC)
        title = f"Tocsin, {now:%H:%M:%S} UTC. News monitoring, not a siren."
        table = Table(title=title, expand=True)
        for name in ("sent", "type", "where", "standing", "severity", "conf."):
            table.add_column(name, no_wrap=True)
        table.add_column("headline", ratio=1)
        for received in reversed(self._events.values()):
            style = "bold red" if received.is_on(now) else ""
            # As text: what stands in square brackets in a headline is no mark-up.
            table.add_row(*map(Text, _cells(received, now)), style=style)
        return table


def standing(received: Received, now: datetime) -> str:
    """What may be said of an alert now: `ON` only for an alarm that is under way."""
    alert = received.alert
    if received.is_on(now):
        return "ON"
    if received.is_replaced:
        return "replaced"
    if isinstance(alert, AirRaidWarningAlert) and alert.status is not Status.RETRACTED:
        return caveat(alert, now) or (
            "no all-clear" if alert.phase is Phase.LAPSED else alert.phase
        )
    return alert.status


_PHASES = {Phase.LAPSED: "no all-clear"}


def print_panel(alert: AnyAlert) -> None:
    """Print an alert for people."""
    from tocsin_cli.panels import alert_panel

    open_console().print(alert_panel(alert))


def print_alert(alert: AnyAlert, *, as_json: bool) -> None:
    """Print one alert: a JSON line, or a panel."""
    if as_json:
        emit(alert.to_json().decode())
    else:
        print_panel(alert)


def _cells(received: Received, now: datetime) -> tuple[str, ...]:
    alert = received.alert
    where = (
        alert.region
        if isinstance(alert, AirRaidWarningAlert)
        else next((place.code for place in alert.places if place.code), "-")
    )
    return (
        f"{alert.sent_at:%Y-%m-%d %H:%M}",
        alert.alert_type,
        where,
        standing(received, now),
        alert.severity,
        f"{alert.confidence.score:.2f}",
        alert.headline,
    )
