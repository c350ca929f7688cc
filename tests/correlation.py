"""A partition as the notifier's loop runs it: timers before and after each record, a state log."""

from collections.abc import Iterable
from datetime import datetime

from tocsin_notifier.domain.correlate import correlate, due
from tocsin_notifier.domain.heading import read_heading
from tocsin_notifier.domain.outcome import AnyAlert, DropReason, Outcome, Siren
from tocsin_notifier.domain.publication import stamp
from tocsin_notifier.domain.records import AnyStateRecord, EventRecord, read_state_record
from tocsin_notifier.domain.state import State
from tocsin_schemas.alerts import read_alert
from tocsin_schemas.detection import ArticleRevised, Detection, Probe, Tick


class Partition:
    """The state, alerts and drops of one partition as records are read."""

    def __init__(self) -> None:
        self.state = State()
        self.log: dict[str, bytes] = {}
        """The state topic after its compaction: what a restart finds."""
        self.alerts: list[AnyAlert] = []
        self.drops: list[DropReason] = []
        self.sirens: list[Siren] = []
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

    def tick_when_due(self, now: datetime) -> None:
        """Let time pass as the notifier does: without a due timer nothing is read."""
        at = self.state.next_due()
        if at is not None and at <= now:
            self.tick(now)

    def restart(self) -> None:
        """Lose all memory and restore it from the state topic."""
        self.state = State()
        for key, value in self.log.items():
            self.state.load_value(key, value, read_heading(key, value))

    def records(self) -> dict[str, AnyStateRecord]:
        """The whole state by key, as its topic has it."""
        return {key: read_state_record(value) for key, value in self.log.items()}

    def events(self) -> list[EventRecord]:
        """The open events."""
        return [record for record in self.records().values() if isinstance(record, EventRecord)]

    def _fire(self, now: datetime) -> None:
        while (next_due := self.state.next_due()) is not None and next_due <= now:
            self._take(due(self.state, now), now)

    def _take(self, outcome: Outcome, now: datetime) -> None:
        self.state.apply(outcome.changes)
        for key, record in outcome.changes:
            if record is None:
                del self.log[key]
            else:
                self.log[key] = record.to_json()
        self.drops += [drop.reason for drop in outcome.dropped]
        self.sirens += outcome.sirens
        for draft in outcome.alerts:
            alert = stamp(draft, now)
            assert read_alert(alert.to_json()) == alert
            self.alerts.append(alert)
