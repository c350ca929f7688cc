"""The fault run: a stream of articles, faults in random order, and the comparison at the end.

    make soak                                     30 minutes
    SOAK_MINUTES=5 SOAK_SEED=7 make soak          shorter, with the faults of that seed
    SOAK_MINUTES=2 SOAK_BUG=drop-alert make soak  with a bug put in on purpose: must fail

Exits 0 only when nothing was lost, duplicated or otherwise wrong, and enough faults were injected.
"""

import asyncio
import contextlib
import logging
import os
import random
import secrets
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from faults.check import Answer, check
from faults.injection import Injector
from faults.memory import MemoryWatch
from faults.pipeline import Pipeline, running_pipeline
from faults.planted import BUGS
from faults.poison import Poisoner
from faults.recovery import longest_wait, recoveries

LEAST_FAULTS_A_MINUTE = 2.0
_PROGRESS_SECONDS = 10.0
_POISON_PAUSE_SECONDS = 4.0


@dataclass(frozen=True)
class Plan:
    """What a run does."""

    seconds: float
    """How long articles are posted."""
    seed: int
    per_second: float
    """Articles a second."""
    fault_pause: tuple[float, float] | None
    """Least and most seconds from one fault to the next; None injects none."""
    least_kinds: int
    """So many kinds of faults must have been injected."""
    bug: str = ""


@dataclass
class Run:
    """A run and its voice."""

    plan: Plan
    folder: Path
    memory: MemoryWatch | None = None
    """Watches the services' memory, where that is what the run is for."""
    started: float = 0.0

    def say(self, what: str) -> None:
        """Print a line with the time since the start."""
        print(f"[{time.monotonic() - self.started:6.0f} s] {what}", flush=True)

    async def do(self) -> bool:
        """Run all of it; whether everything was right."""
        self.started = time.monotonic()
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        plan = self.plan
        dice = random.Random(plan.seed)
        self.say(f"seed {plan.seed}, {plan.seconds / 60:g} minutes, logs in {self.folder}")
        deliver = self.memory is not None
        async with running_pipeline(
            self.folder, dice, plan.per_second, plan.bug, deliver=deliver
        ) as pipeline:
            injector = Injector(
                pipeline.supervisor,
                pipeline.spares,
                random.Random(plan.seed),
                self.say,
                lambda: len(pipeline.stream.ledger.accepted),
            )
            poisoner = Poisoner(pipeline.settings, random.Random(plan.seed), _POISON_PAUSE_SECONDS)
            await self._work(pipeline, injector, poisoner)
            self.say("posting and faults are over; waiting until all is processed")
            unruly = await pipeline.drain()
            self.say("all is processed; comparing")
            logs = await pipeline.read()
        answer = await asyncio.to_thread(check, logs, pipeline.stream.ledger, poisoner.stored)
        answer.findings.wrong += unruly + injector.failed + self._too_few(injector)
        if self.memory is not None:
            answer.findings.wrong += self.memory.judge(self.say)
        self._report(answer, pipeline, injector)
        return answer.findings.clean

    async def _work(self, pipeline: Pipeline, injector: Injector, poisoner: Poisoner) -> None:
        """Post, poison and inject side by side until the time is over."""
        posting = asyncio.create_task(pipeline.stream.run(self.plan.seconds))
        injecting = asyncio.create_task(self._inject(injector))
        others = [poisoner.run(), self._tell(pipeline, injector)]
        if self.memory is not None:
            others.append(self.memory.run(pipeline.supervisor.services))
        tasks = [posting, injecting, *map(asyncio.create_task, others)]
        try:
            done, _ = await asyncio.wait(
                tasks, timeout=self.plan.seconds, return_when=asyncio.FIRST_EXCEPTION
            )
            for task in done:
                task.result()
            injecting.cancel()
            await injector.settle()
            await posting
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _inject(self, injector: Injector) -> None:
        if self.plan.fault_pause is not None:
            await injector.run(self.plan.fault_pause)

    async def _tell(self, pipeline: Pipeline, injector: Injector) -> None:
        while True:
            await asyncio.sleep(_PROGRESS_SECONDS)
            ledger, ends = pipeline.stream.ledger, pipeline.supervisor.ends
            self.say(
                f"{len(ledger.accepted):,} articles accepted, {len(injector.done)} faults of "
                f"{len(injector.counts())} kinds, {ends.total()} restarts, "
                f"broker {'up' if pipeline.broker.kafka.running else 'down'}"
            )

    def _too_few(self, injector: Injector) -> list[str]:
        if self.plan.fault_pause is None:
            return []
        least = int(LEAST_FAULTS_A_MINUTE * self.plan.seconds / 60)
        done, kinds = len(injector.done), len(injector.counts())
        few = []
        if done < least:
            few.append(f"only {done} faults were injected, {least} are the least")
        if kinds < self.plan.least_kinds:
            few.append(f"only {kinds} kinds of faults, {self.plan.least_kinds} are the least")
        return few

    def _report(self, answer: Answer, pipeline: Pipeline, injector: Injector) -> None:
        found = recoveries(injector.done, answer.alerts)
        lines = [
            "requests: " + _table(pipeline.stream.ledger.tries),
            "ends of processes: " + _table(pipeline.supervisor.ends),
            "compared: " + _table(answer.findings.counts),
            f"faults: {len(injector.done)} of {len(injector.counts())} kinds: "
            + _table(injector.counts()),
            f"longest wait of an article for its alert: {longest_wait(answer.alerts):.1f} s",
        ]
        lines += [
            f"recovery: {seconds:.1f} s after {fault.kind} ({fault.what})"
            for seconds, fault in found[:5]
        ]
        if found:
            lines.append(f"worst recovery: {found[0][0]:.1f} s")
        print("\n".join([*lines, f"seed: {self.plan.seed}", *answer.findings.lines()]), flush=True)


def run(plan: Plan, folder: Path, memory: MemoryWatch | None = None) -> bool:
    """Do a run; the services' logs go to the folder. Gives whether everything was right."""
    return asyncio.run(Run(plan, folder, memory).do())


def run_as_command(plan: Plan, memory: MemoryWatch | None = None) -> NoReturn:
    """Do a run in a folder of its own, which stays when something was wrong; then exit."""
    # Clients of the harness itself that miss the broker are no news here.
    for library in ("aiokafka", "kafka", "asyncio"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    folder = Path(tempfile.mkdtemp(prefix="tocsin-soak-"))
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        if run(plan, folder, memory):
            shutil.rmtree(folder, ignore_errors=True)
            sys.exit(0)
        print(f"the services' logs are in {folder}", flush=True)
        sys.exit(1)
    sys.exit(130)


def _table(counts: "dict[str, int]") -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items())) or "none"


def _from_environment() -> Plan:
    minutes = float(os.environ.get("SOAK_MINUTES", "30"))
    seed = int(os.environ.get("SOAK_SEED", "") or secrets.randbelow(1_000_000))
    bug = os.environ.get("SOAK_BUG", "")
    if minutes <= 0 or (bug and bug not in BUGS):
        sys.exit(f"SOAK_MINUTES is {minutes:g} (more than 0), SOAK_BUG {bug!r} ({', '.join(BUGS)})")
    return Plan(
        seconds=minutes * 60,
        seed=seed,
        per_second=float(os.environ.get("SOAK_RATE", "60")),
        fault_pause=(8.0, 15.0),
        least_kinds=min(8, int(minutes * LEAST_FAULTS_A_MINUTE)),
        bug=bug,
    )


if __name__ == "__main__":
    run_as_command(_from_environment())
