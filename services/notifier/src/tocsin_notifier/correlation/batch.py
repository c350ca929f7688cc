"""A batch of records of one partition of `detections`, and the records that come of it."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tocsin_notifier.correlation.clock import CLOCK_KEY, Clock, from_ms
from tocsin_notifier.correlation.restore import Restored
from tocsin_notifier.domain.correlate import due
from tocsin_notifier.domain.outcome import AnyAlert, Outcome, Siren
from tocsin_notifier.domain.publication import stamp
from tocsin_notifier.domain.records import AnyStateRecord
from tocsin_notifier.domain.state import State
from tocsin_runtime.dead_letter import FailureBudget, Headers, Received, dead_letter
from tocsin_runtime.decoding import UNDECODABLE, SetAside, Undecodable, decode
from tocsin_runtime.errors import FailureBudgetError
from tocsin_runtime.logs import get_logger
from tocsin_runtime.outgoing import Outgoing, check_size, to_dead_letters
from tocsin_runtime.tracing import OFF, START, TRACEPARENT, Hop, Tracing
from tocsin_schemas.detection import (
    ArticleRevised,
    Detection,
    Heartbeat,
    Probe,
    Tick,
    read_detection_record,
)
from tocsin_schemas.envelope import encode_alert, header
from tocsin_schemas.topics import DETECTIONS_DEAD_LETTER, HEARTBEAT, NOTIFIER_STATE

_log = get_logger(__name__)

SERVICE = "notifier"
FAILED = "failed"
_MOST_ROUNDS = 1000
"""Timers that set new timers which are due at once would never come to an end."""

AnyRecord = Detection | ArticleRevised | Tick | Probe

Correlate = Callable[[State, AnyRecord, datetime], Outcome]
"""The pure function that this service is built around."""


@dataclass
class Made:
    """What came of a batch."""

    partition: int
    alerts: list[tuple[AnyAlert, Outgoing, Detection | None]] = field(default_factory=list)
    """Each alert with its record and the detection that led to it."""
    changes: dict[str, AnyStateRecord | None] = field(default_factory=dict)
    """The last change of each key."""
    letters: list[Outgoing] = field(default_factory=list)
    letter_reasons: Counter[str] = field(default_factory=Counter)
    heartbeats: list[Probe] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    sirens: list[Siren] = field(default_factory=list)
    hops: list[Hop] = field(default_factory=list)
    """One a record that led to an alert, or failed; they end when all is committed."""
    now: datetime | None = None
    """Where the partition's time stands now, None when it has not moved."""

    def outgoing(self, seen_at: datetime) -> list[Outgoing]:
        """Every record of the transaction."""
        records = [record for _, record, _ in self.alerts]
        records += [self._change(key, record) for key, record in self.changes.items()]
        records += self.letters
        if self.now is not None:
            clock = Clock(now=self.now)
            records.append(Outgoing(NOTIFIER_STATE, CLOCK_KEY, clock.to_json(), (), self.partition))
        for probe in self.heartbeats:
            beat = Heartbeat(path=probe.path, sent_at=probe.sent_at, seen_at=seen_at)
            records.append(Outgoing(HEARTBEAT, str(probe.path).encode(), beat.to_json()))
        return records

    def _change(self, key: str, record: AnyStateRecord | None) -> Outgoing:
        value = None if record is None else record.to_json()
        return Outgoing(NOTIFIER_STATE, key.encode(), value, (), self.partition)


class PartitionWork:
    """Turns the records of one partition into alerts and changes of its state; knows no broker."""

    def __init__(
        self,
        partition: int,
        restored: Restored,
        correlate: Correlate,
        budget: FailureBudget,
        control: Detection,
        tracing: Tracing = OFF,
    ) -> None:
        """Prepare.

        Args:
            partition: its number.
            restored: its state and time.
            correlate: the pure function.
            budget: shared by all partitions of the process.
            control: a detection that `correlate` must take; when it fails too, the release is bad.
            tracing: begins a hop for each record.

        """
        self.partition = partition
        self.state = restored.state
        self._now = restored.now
        self._correlate = correlate
        self._budget = budget
        self._control = control
        self._tracing = tracing

    async def run(self, records: Sequence[Received]) -> Made:
        """Work through a batch, giving the event loop a turn after each record.

        Raises:
            FailureBudgetError: our own code fails too often, or on the control detection too;
                nothing of the batch may be committed.

        """
        made = Made(self.partition)
        for record in records:
            now = max(self._now, from_ms(record.timestamp_ms))
            if now > self._now:
                self._now = made.now = now
            self._take(record, made)
            await asyncio.sleep(0)
        return made

    def _take(self, record: Received, made: Made) -> None:
        found = decode(record.value, read_detection_record)
        match found:
            case SetAside(reason):
                made.skipped[reason] += 1
            case Undecodable(detail):
                self._bury(record, made, UNDECODABLE, detail)
            case _:
                self._correlate_one(found, record, made)

    def _correlate_one(self, found: AnyRecord, record: Received, made: Made) -> None:
        hop = self._tracing.receive("correlate detection", record)
        try:
            self._fire_timers(made)
            outcome = self._correlate(self.state, found, self._now)
            cause = found if isinstance(found, Detection) else None
            trace = hop.pass_on(record.headers) if outcome.alerts else ()
            alerts = self._accept(outcome, made, cause, trace)
            self._fire_timers(made)
        except Exception as error:  # noqa: BLE001 - one record must not stop the partition
            detail = f"{type(error).__name__}: {error}"
            _log.error(
                "record failed", partition=record.partition, offset=record.offset, detail=detail,
                detection_id=str(getattr(found, "detection_id", "")), exc_info=True,
            )  # fmt: skip
            hop.fail(FAILED)
            made.hops.append(hop)
            self._budget.fail(detail)
            self._prove_health(detail)
            self._bury(record, made, FAILED, detail)
        else:
            self._budget.succeed()
            if alerts:
                _describe(hop, found, alerts)
                made.hops.append(hop)
            if isinstance(found, Probe):
                made.heartbeats.append(found)

    def _fire_timers(self, made: Made) -> None:
        for _ in range(_MOST_ROUNDS):
            at = self.state.next_due()
            if at is None or at > self._now:
                return
            self._accept(due(self.state, self._now), made)
        raise RuntimeError(f"timers of partition {self.partition} do not come to an end")

    def _accept(
        self,
        outcome: Outcome,
        made: Made,
        cause: Detection | None = None,
        trace: Headers = (),
    ) -> list[AnyAlert]:
        """Take an outcome over as a whole: what can fail comes first."""
        sent_at = datetime.now(UTC)
        alerts = [stamp(draft, sent_at) for draft in outcome.alerts]
        records = [_encode(alert, trace) for alert in alerts]
        for one in records:
            check_size(one)
        self.state.apply(outcome.changes)
        made.changes.update(outcome.changes)
        made.alerts += [(alert, one, cause) for alert, one in zip(alerts, records, strict=True)]
        made.dropped.update(str(drop.reason) for drop in outcome.dropped)
        made.sirens += outcome.sirens
        return alerts

    def _prove_health(self, detail: str) -> None:
        try:
            self._correlate(State(), self._control, self._control.received_at)
        except Exception as error:
            raise FailureBudgetError(
                f"the control detection fails too ({type(error).__name__}: {error}), so the "
                f"release is at fault, not the record: {detail}"
            ) from error

    def _bury(self, record: Received, made: Made, reason: str, detail: str) -> None:
        letter = dead_letter(
            record, reason=reason, detail=detail, service=SERVICE, at=datetime.now(UTC)
        )
        made.letters.append(to_dead_letters(DETECTIONS_DEAD_LETTER, letter))
        made.letter_reasons[reason] += 1


def _describe(hop: Hop, found: AnyRecord, alerts: Sequence[AnyAlert]) -> None:
    if isinstance(found, Detection | ArticleRevised):
        hop.note(article_id=str(found.article_id))
    hop.note(
        alert_ids=[str(alert.alert_id) for alert in alerts],
        event_ids=[str(alert.event_id) for alert in alerts],
        alert_statuses=[str(alert.status) for alert in alerts],
    )


def _encode(alert: AnyAlert, trace: Headers) -> Outgoing:
    hop, start = header(trace, TRACEPARENT), header(trace, START)
    message = encode_alert(alert, traceparent=hop, start_traceparent=start or hop)
    return Outgoing(message.topic, message.key, message.value, message.headers)
