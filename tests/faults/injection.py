"""The kinds of faults, and their injection one after the other in random order."""

import asyncio
import contextlib
import random
import resource
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from faults.supervisor import Supervisor
from support.services import ConditionNotMetError, ServiceProcess, wait_until

SPARE = {"classifier": "classifier-3", "notifier": "notifier-3"}
"""Replicas that run only while a fault scales them in."""
_FULL_SECONDS = 20.0
_PATIENCE_SECONDS = 15.0
"""With the pause before, never more than 30 s: two faults a minute are promised."""
_READY_SECONDS = 60.0
_BROKER_SECONDS = 240.0
"""A broker that was killed reads all its logs again; on a busy machine that takes its time."""

Action = Callable[[], Awaitable[str]]
"""Injects one fault, undoes it, and says what it did."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that was injected."""

    kind: str
    what: str
    began: datetime
    ended: datetime
    """When it was undone, or the process was gone."""


@dataclass
class Injector:
    """Injects faults into a running pipeline."""

    supervisor: Supervisor
    spares: Mapping[str, ServiceProcess]
    dice: random.Random
    say: Callable[[str], None]
    progress: Callable[[], int]
    """How many articles were accepted so far."""
    done: list[Fault] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """Faults that could not be injected as meant."""
    _running: set[asyncio.Task[None]] = field(default_factory=set)
    _network: asyncio.Lock = field(default_factory=asyncio.Lock)

    def kinds(self) -> dict[str, Action]:
        """Every kind of fault by its name."""
        found: dict[str, Action] = {}
        for role in ("ingest", "classifier", "notifier"):
            found[f"kill-{role}"] = partial(self._signal, role, signal.SIGKILL)
            found[f"stop-{role}"] = partial(self._signal, role, signal.SIGTERM)
        for role in ("classifier", "notifier"):
            found[f"pause-{role}"] = partial(self._pause, role)
            found[f"scale-{role}"] = partial(self._scale, role)
        found |= {
            "stop-broker": partial(self._restart_broker, graceful=True),
            "kill-broker": partial(self._restart_broker, graceful=False),
            "pause-broker": self._pause_broker,
            "cut-connections": self._cut,
            "refuse-connections": self._refuse,
            "slow-connections": self._slow,
        }
        if sys.platform == "linux":
            found["full-disk"] = self._fill_disk
        return found

    def counts(self) -> Counter[str]:
        """How many faults of each kind were injected."""
        return Counter(fault.kind for fault in self.done)

    async def run(self, pause_seconds: tuple[float, float]) -> None:
        """Inject until cancelled: every kind once in random order, then again.

        Args:
            pause_seconds: least and most time from the beginning of one to that of the next; on a
                busy machine up to `_PATIENCE_SECONDS` more, until articles are accepted again.

        """
        kinds = self.kinds()
        while True:
            for kind in self.dice.sample(sorted(kinds), k=len(kinds)):
                task = asyncio.create_task(self._inject(kind, kinds[kind]))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
                await asyncio.sleep(self.dice.uniform(*pause_seconds))
                await self._wait_for_flow()

    async def _wait_for_flow(self) -> None:
        before = self.progress()
        with contextlib.suppress(ConditionNotMetError):
            await asyncio.to_thread(
                wait_until, lambda: self.progress() > before, _PATIENCE_SECONDS, "articles flow"
            )

    async def settle(self) -> None:
        """Wait until every fault that was begun is undone."""
        await asyncio.gather(*self._running)

    async def _inject(self, kind: str, action: Action) -> None:
        began = datetime.now(UTC)
        try:
            what = await action()
        except Exception as error:  # noqa: BLE001 - the run goes on and tells of it at its end
            self.failed.append(f"{kind}: {type(error).__name__}: {error}")
            self.say(f"fault {kind} failed: {error}")
            return
        self.done.append(Fault(kind, what, began, datetime.now(UTC)))
        self.say(f"fault {kind}: {what}")

    def _choose(self, role: str) -> tuple[str, ServiceProcess]:
        services = self.supervisor.services
        name = self.dice.choice(sorted(one for one in services if one.startswith(role)))
        return name, services[name]

    async def _signal(self, role: str, number: signal.Signals) -> str:
        name, service = self._choose(role)
        service.send(number)
        return f"{name} was sent {number.name}"

    async def _pause(self, role: str) -> str:
        name, service = self._choose(role)
        seconds = self.dice.uniform(2, 14)  # a member is given up after 8 s
        process = service.process
        assert process is not None
        service.send(signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            process.send_signal(signal.SIGCONT)
        return f"{name} stood still for {seconds:.1f} s"

    async def _scale(self, role: str) -> str:
        spare = self.spares[role]
        if spare.running:
            return f"{SPARE[role]} runs already"
        spare.start()
        try:
            with contextlib.suppress(AssertionError):  # the broker may be away just then
                await asyncio.to_thread(spare.wait_ready, _READY_SECONDS)
            await asyncio.sleep(self.dice.uniform(3, 10))
        finally:
            spare.send(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(spare.wait, 20)
            spare.kill()
        return f"{SPARE[role]} came and went"

    async def _restart_broker(self, *, graceful: bool) -> str:
        kafka = self.supervisor.broker.kafka
        async with self.supervisor.broker_busy:
            await asyncio.to_thread(kafka.halt, graceful=graceful)
            seconds = self.dice.uniform(0, 4)
            await asyncio.sleep(seconds)
            await asyncio.to_thread(kafka.start)
            await asyncio.to_thread(kafka.wait_ready, _BROKER_SECONDS)
        return f"the broker was {'stopped' if graceful else 'killed'}, {seconds:.1f} s down"

    async def _pause_broker(self) -> str:
        kafka = self.supervisor.broker.kafka
        seconds = self.dice.uniform(2, 8)
        async with self.supervisor.broker_busy:
            await asyncio.to_thread(kafka.pause)
            try:
                await asyncio.sleep(seconds)
            finally:
                kafka.resume()
        return f"the broker stood still for {seconds:.1f} s"

    async def _fill_disk(self) -> str:
        """Let no file of the broker grow: each write fails as on a full disk, and it ends."""
        kafka = self.supervisor.broker.kafka
        async with self.supervisor.broker_busy:
            pid = kafka.pid
            assert pid is not None, "the broker does not run"
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, hard))
            with contextlib.suppress(ConditionNotMetError):
                await asyncio.to_thread(
                    wait_until, lambda: not kafka.running, _FULL_SECONDS, "the broker ends"
                )
            ended = "ended by itself" if not kafka.running else "was killed"
            await asyncio.to_thread(kafka.kill)
            await asyncio.to_thread(kafka.start)
            await asyncio.to_thread(kafka.wait_ready, _BROKER_SECONDS)
        return f"the broker could write nothing, {ended} and was started again"

    async def _cut(self) -> str:
        share = self.dice.choice((0.3, 1.0))
        number = self.supervisor.broker.proxy.cut(share, self.dice)
        return f"{number} connections were reset"

    async def _refuse(self) -> str:
        proxy = self.supervisor.broker.proxy
        seconds = self.dice.uniform(2, 12)
        async with self._network:
            proxy.refusing = True
            proxy.cut(1.0, self.dice)
            try:
                await asyncio.sleep(seconds)
            finally:
                proxy.refusing = False
        return f"nobody reached the broker for {seconds:.1f} s"

    async def _slow(self) -> str:
        proxy = self.supervisor.broker.proxy
        seconds, delay = self.dice.uniform(4, 12), self.dice.uniform(0.05, 0.6)
        async with self._network:
            proxy.delay_seconds = delay
            try:
                await asyncio.sleep(seconds)
            finally:
                proxy.delay_seconds = 0.0
        return f"every answer took {2 * delay:.1f} s longer for {seconds:.1f} s"
