"""A notifier with a bug put in on purpose: what the fault runs must find.

    python -m faults.planted drop-alert|double-alert|offsets-first

`drop-alert` forgets every 20th alert, `double-alert` sends every 20th twice, `offsets-first`
commits offsets before and outside the transaction of the alerts, so that only a kill shows it.
"""

import asyncio
import itertools
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tocsin_notifier.correlation.batch import AnyRecord, Correlate
from tocsin_notifier.correlation.bootstrap import create_correlation
from tocsin_notifier.correlation.partition import OwnedPartition
from tocsin_notifier.correlation.settings import CorrelateSettings
from tocsin_notifier.domain.correlate import correlate
from tocsin_notifier.domain.outcome import Outcome
from tocsin_notifier.domain.state import State
from tocsin_runtime.dead_letter import Received
from tocsin_runtime.kafka import group_name
from tocsin_runtime.metrics import NotifierMetrics
from tocsin_runtime.process import launch

BUGS = ("drop-alert", "double-alert", "offsets-first")
"""What can be put in."""

_EVERY = 20
_GAP_SECONDS = 0.3


def altering(times: int) -> Correlate:
    """Correlation that sends every 20th alert so many times."""
    numbers = itertools.count(1)

    def alter(state: State, record: AnyRecord, now: datetime) -> Outcome:
        outcome = correlate(state, record, now)
        alerts = [
            alert for alert in outcome.alerts for _ in range(1 if next(numbers) % _EVERY else times)
        ]
        return replace(outcome, alerts=tuple(alerts))

    return alter


def commit_offsets_first() -> None:
    """Put the bug into every partition of this process."""
    process = OwnedPartition.process

    async def process_later(
        self: OwnedPartition, records: Sequence[Received], metrics: NotifierMetrics
    ) -> None:
        fresh = [record for record in records if record.offset >= self.next_offset]
        if fresh:
            group = group_name(self._settings, "notifier")
            async with self.producer.transaction():
                await self.producer.send_offsets_to_transaction(
                    {self.partition: fresh[-1].offset + 1}, group
                )
            await asyncio.sleep(_GAP_SECONDS)
        await process(self, records, metrics)

    OwnedPartition.process = process_later  # type: ignore[method-assign] # the bug itself


def main() -> None:
    """Run the process."""
    (bug,) = sys.argv[1:]
    assert bug in BUGS, f"{bug!r} is none of {', '.join(BUGS)}"
    wrapped = {"drop-alert": altering(0), "double-alert": altering(2)}.get(bug, correlate)
    if bug == "offsets-first":
        commit_offsets_first()
    sys.exit(launch(CorrelateSettings, lambda settings: create_correlation(settings, wrapped)))


if __name__ == "__main__":
    main()
