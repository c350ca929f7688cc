"""Delivers what waits for one subscription: when to try, when to wait, when to give up."""

import asyncio
import random
from datetime import UTC, datetime, timedelta

from tocsin_notifier.delivery.domain.backlog import Waiting
from tocsin_notifier.delivery.domain.retry import MAX_REFUSALS, Answer, Gate, Rate, Verdict
from tocsin_notifier.delivery.subscriptions.file import AnySubscription
from tocsin_notifier.delivery.subscriptions.letters import Letters
from tocsin_notifier.delivery.subscriptions.mailbox import Mailbox
from tocsin_notifier.delivery.subscriptions.sink import Parcel, Sink
from tocsin_runtime.hops import exemplar_of
from tocsin_runtime.logs import get_logger
from tocsin_runtime.metrics import DeliverMetrics

_log = get_logger(__name__)

_LOOK_SECONDS = 1.0
"""How often to look without any reason, as for the age of what waits."""

_GRACE_SECONDS = 2.0


def clock() -> datetime:
    """Now."""
    return datetime.now(UTC)


class Courier:
    """The deliveries of one subscription; nothing here is shared with another one."""

    def __init__(
        self,
        subscription: AnySubscription,
        mailbox: Mailbox,
        sink: Sink,
        letters: Letters,
        metrics: DeliverMetrics,
    ) -> None:
        self._name = subscription.name
        self._patience = subscription.retry.patience()
        self._mailbox = mailbox
        self._sink = sink
        self._letters = letters
        self._metrics = metrics
        self._gate = Gate(self._patience)
        self._rate = Rate(subscription.rate)
        self._under_way: set[asyncio.Task[None]] = set()
        self._gone: str | None = None

    async def run(self, stop: asyncio.Event) -> str | None:
        """Deliver until told to stop, or until the endpoint says that it is gone.

        Returns:
            What the endpoint said when it is gone; None after a stop.

        """
        try:
            while not stop.is_set() and self._gone is None:
                self._mailbox.changed.clear()
                self._settle_finished()
                now = clock()
                next_at = await self._start_due(now)
                self._tell(now)
                await self._wait(stop, now, next_at)
        finally:
            await self._wind_up()
        return self._gone

    async def _wind_up(self) -> None:
        """Let what is under way end; what takes longer is sent again after the start."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=_GRACE_SECONDS)
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _wait(self, stop: asyncio.Event, now: datetime, next_at: datetime | None) -> None:
        seconds = _LOOK_SECONDS
        if next_at is not None:
            seconds = min(seconds, max((next_at - now).total_seconds(), 0.005))
        waits = [asyncio.ensure_future(one.wait()) for one in (self._mailbox.changed, stop)]
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    def _settle_finished(self) -> None:
        """Let an attempt that failed in our own code, or at the broker, end everything."""
        for task in [one for one in self._under_way if one.done()]:
            self._under_way.discard(task)
            task.result()

    async def _start_due(self, now: datetime) -> datetime | None:
        """Start what may go now; gives when more may go."""
        if self._gate.failures:
            await self._give_up_overdue(now)
        if self._gate.is_shut(now):
            return self._gate.opens_at
        free = self._sink.connections if not self._gate.failures else 1
        free -= len(self._under_way)
        if free <= 0:
            return None
        plan = self._sink.plan((one for one in self._mailbox.held if one.may_go(now)), now)
        for parcel in plan.parcels[:free]:
            rate_at = self._rate.free_at(now)
            if rate_at > now:
                return rate_at
            self._rate.take(now)
            self._start(parcel, now)
        again = [one.next_at for one in self._mailbox.held if one.next_at is not None]
        times = [at for at in (*again, plan.next_at) if at is not None and at > now]
        return min(times, default=None)

    def _start(self, parcel: Parcel, now: datetime) -> None:
        for one in parcel:
            one.busy = True
        task = asyncio.create_task(self._attempt(parcel, now))
        self._under_way.add(task)
        task.add_done_callback(lambda _: self._mailbox.changed.set())

    async def _attempt(self, parcel: Parcel, now: datetime) -> None:
        answer = await self._sink.send(parcel, now)
        await self._settle(parcel, answer)
        for one in parcel:  # only now: what is being given up must not go once more meanwhile
            one.busy = False

    async def _settle(self, parcel: Parcel, answer: Answer) -> None:
        self._metrics.delivery_attempts_total.labels(self._name, answer.reason).inc()
        match answer.verdict:
            case Verdict.DELIVERED:
                self._end_outage()
                self._finish(parcel)
            case Verdict.REFUSED:
                self._end_outage()
                await self._meet_refusal(parcel, answer)
            case Verdict.FAILED:
                await self._meet_failure(parcel, answer)
            case Verdict.GONE:
                self._gone = answer.detail

    def _end_outage(self) -> None:
        """The endpoint works: after an outage, but not after one failure, nothing waits longer.

        An alert that alone makes the endpoint fail is so not tried at each success of another.
        """
        if self._gate.failures > 1:
            for one in self._mailbox.held:
                one.next_at, one.tries = None, 0
        self._gate.succeed()

    def _finish(self, parcel: Parcel) -> None:
        now = clock()
        for one in parcel:
            seconds = max((now - one.at).total_seconds(), 0)
            taken = self._metrics.delivery_seconds.labels(self._name)
            taken.observe(seconds, exemplar_of(one.headers))
            self._metrics.deliveries_total.labels(self._name, "delivered").inc()
            self._mailbox.finish(one)

    async def _meet_refusal(self, parcel: Parcel, answer: Answer) -> None:
        """The endpoint works and does not want this: five times, then the next ones are left."""
        now = clock()
        for one in parcel:
            one.refusals += 1
            if self._mailbox.drop_if_replaced(one):
                continue
            if one.refusals >= MAX_REFUSALS:
                await self._bury(one, answer.reason, answer.detail)
            else:
                self._retry(one, now, one.refusals, answer)

    async def _meet_failure(self, parcel: Parcel, answer: Answer) -> None:
        now = clock()
        wait = self._gate.fail(now, random.random(), answer.retry_after)  # noqa: S311 - jitter
        _log.warning(
            "delivery failed", subscription=self._name, reason=answer.reason,
            detail=answer.detail, failures=self._gate.failures, waiting=self._mailbox.waiting,
            next_try_seconds=round(wait.total_seconds(), 1),
        )  # fmt: skip
        for one in parcel:
            one.tries += 1
            one.failing_since = one.failing_since or now
            if self._mailbox.drop_if_replaced(one):
                continue
            if self._is_overdue(one, now):
                await self._bury(one, answer.reason, self._too_long(answer.detail))
            else:
                self._retry(one, now, one.tries, answer)

    def _retry(self, one: Waiting, now: datetime, tries: int, answer: Answer) -> None:
        chance = random.random()  # noqa: S311 - jitter
        one.next_at = now + self._patience.wait(tries, chance, answer.retry_after)
        self._metrics.delivery_retries_total.labels(self._name).inc()

    def _is_overdue(self, one: Waiting, now: datetime) -> bool:
        since = one.failing_since or self._gate.failing_since
        return since is not None and now >= self._patience.deadline(one.at, since)

    async def _give_up_overdue(self, now: datetime) -> None:
        """While an endpoint is dead, what is too old goes without an attempt of its own."""
        for one in [*self._mailbox.held]:
            if not one.busy and self._is_overdue(one, now):
                one.busy = True
                await self._bury(one, "endpoint_failing", self._too_long("the endpoint fails"))

    def _too_long(self, detail: str) -> str:
        hours = self._patience.give_up / timedelta(hours=1)
        return f"given up after {hours:g} h: {detail}"

    async def _bury(self, one: Waiting, reason: str, detail: str) -> None:
        if one.value is None:  # the group has given its partition to another process meanwhile
            return
        at = clock()
        await self._letters.bury(one, self._name, reason=reason, detail=detail, at=at)
        _log.error(
            "delivery given up", subscription=self._name, reason=reason, detail=detail,
            topic=one.spot[0], partition=one.spot[1], offset=one.spot[2],
        )  # fmt: skip
        self._mailbox.finish(one)

    def _tell(self, now: datetime) -> None:
        metrics, name = self._metrics, self._name
        oldest = self._mailbox.oldest_at
        metrics.subscription_waiting.labels(name).set(self._mailbox.waiting)
        metrics.subscription_oldest_seconds.labels(name).set(
            0 if oldest is None else max((now - oldest).total_seconds(), 0)
        )
        metrics.subscription_failing.labels(name).set(1 if self._gate.failures else 0)
