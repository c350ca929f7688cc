"""Each attempt to tell an alert as a hop of its article's way."""

from collections.abc import Iterable
from datetime import datetime

from tocsin_notifier.delivery.domain.backlog import Waiting
from tocsin_notifier.delivery.domain.retry import Answer, Verdict
from tocsin_notifier.delivery.subscriptions.sink import Parcel, Plan, Sink
from tocsin_runtime.dead_letter import Received
from tocsin_runtime.tracing import Tracing
from tocsin_schemas.envelope import header


class TracedSink:
    """A sink that does as another one does."""

    def __init__(self, sink: Sink, subscription: str, tracing: Tracing) -> None:
        self._sink = sink
        self._subscription = subscription
        self._tracing = tracing
        self.connections = sink.connections

    def plan(self, waiting: Iterable[Waiting], now: datetime) -> Plan:
        """Choose what to send of what may go."""
        return self._sink.plan(waiting, now)

    async def send(self, parcel: Parcel, now: datetime) -> Answer:
        """Send a parcel; what goes in one message is linked."""
        hops = [self._tracing.receive("deliver alert", _record(one), _others(one, parcel))
                for one in parcel]  # fmt: skip
        answer = await self._sink.send(parcel, now)
        for one, hop in zip(parcel, hops, strict=True):
            hop.note(
                subscription=self._subscription,
                alert_id=header(one.headers, "ce_id") or "",
                answer=answer.reason,
            )
            if answer.verdict is not Verdict.DELIVERED:
                hop.fail(answer.reason)
            hop.end()
        return answer

    async def close(self) -> None:
        """Let everything go."""
        await self._sink.close()


def _record(one: Waiting) -> Received:
    topic, partition, offset = one.spot
    return Received(topic, partition, offset, one.key, one.value, one.headers)


def _others(one: Waiting, parcel: Parcel) -> list[tuple[tuple[str, bytes], ...]]:
    return [other.headers for other in parcel if other is not one]
