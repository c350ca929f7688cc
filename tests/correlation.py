"""A partition as the notifier's loop runs it: timers before and after each record."""

from collections.abc import Iterable
from datetime import datetime

from tocsin_notifier.domain.correlate import correlate, due
from tocsin_notifier.domain.outcome import AnyAlert, DropReason, Outcome
from tocsin_notifier.domain.publication import stamp
from tocsin_notifier.domain.records import AnyStateRecord, EventRecord
from tocsin_notifier.domain.state import State
from tocsin_schemas.alerts import read_alert
from tocsin_schemas.detection import ArticleRevised, Detection, Probe, Tick


class Partition:
    """The state, alerts and drops of one partition as records are read."""

    def __init__(self) -> None:
        self.state = State()
        self.alerts: list[AnyAlert] = []
        self.drops: list[DropReason] = []
        self.now: datetime | None = None

    def read(
        self, record: Detection | ArticleRevised | Tick | Probe, now: datetime
    ) -> list[AnyAlert]:
        """Read one record at a time in the log; the alerts that it led to, sent at once."""
        first = len(self.alerts)
        self.now = now if self.now is None else max(now, self.now)
        self._fire(self.now)
        self._take(correlate(self.state, record, self.now), self.now)
        self._fire(self.now)
        return self.alerts[first:]

    def read_all(self, records: Iterable[Detection | ArticleRevised], now: datetime) -> None:
        """Read records at one time."""
        for record in records:
            self.read(record, now)

    def tick(self, now: datetime) -> list[AnyAlert]:
        """Let time pass."""
        return self.read(Tick(due=now), now)

    def records(self) -> dict[str, AnyStateRecord]:
        """The whole state by key."""
        return {record.key(): record for record in self.state.iterate()}

    def events(self) -> list[EventRecord]:
        """The open events."""
        return [record for record in self.state.iterate() if isinstance(record, EventRecord)]

    def _fire(self, now: datetime) -> None:
        while (next_due := self.state.next_due()) is not None and next_due <= now:
            self._take(due(self.state, now), now)

    def _take(self, outcome: Outcome, now: datetime) -> None:
        self.state.apply(outcome.changes)
        self.drops += [drop.reason for drop in outcome.dropped]
        for draft in outcome.alerts:
            alert = stamp(draft, now)
            assert read_alert(alert.to_json()) == alert
            self.alerts.append(alert)
