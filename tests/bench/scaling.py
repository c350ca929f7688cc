"""Two classifiers against one, each limited to 0.4 of a core: at least 1.7 times the articles.

    python tests/bench/scaling.py [--articles 2000] [--rounds 5] [--share 0.4]

One classifier works on topics of its own, two share others; both get the same articles, in turns,
on all twelve partitions. The broker and the load run on what the limits leave. A lap goes from the
first article written to the last record stored. The exit code is 1 when the ratio is below 1.7. It
must run where control groups may be made (as root).
"""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from bench.arena import Arena, Load, pairs_of
from bench.process import Measured, processor_seconds, running
from bench.results import Series, Table, save
from bench.shares import share_of_a_core
from bench.throughput import environment, measure_alone
from bench.traffic import Traffic
from support.broker import fresh_topics, running_broker
from support.services import SCRIPTS
from support.topics import lag, publish
from tocsin_runtime.kafka import group_name, open_admin
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.detection import Probe
from tocsin_schemas.topics import ARTICLES, TOPICS

WANTED = 1.7
WARM_UP = 200
_MOST_WARM_UPS = 5
_JOIN_SECONDS = 90
_BEATS = 3
_BEAT_SECONDS = 2.0
_BALANCED = 0.35
"""Least part of the work that each of two must have taken before it is measured."""


@dataclass
class Team:
    """Classifiers that share topics."""

    settings: KafkaSettings
    members: Sequence[Measured]
    seconds: list[float] = field(default_factory=list)
    used: list[float] = field(default_factory=list)
    """Processor seconds of all members, by lap."""

    async def warm_up(self, arena: Arena, load: Load) -> None:
        """Wait until all have joined, then work until each member does its part.

        Raises:
            TimeoutError: they did not join.
            RuntimeError: one did nothing, or has ended.

        """
        group = group_name(self.settings, "classifier")
        async with asyncio.timeout(_JOIN_SECONDS), open_admin(self.settings) as admin:
            while not await _is_settled(admin, group, len(self.members)):
                for one in self.members:
                    one.require_alive()
                await asyncio.sleep(0.5)
            await self._beat()
        for _ in range(_MOST_WARM_UPS):
            _, used = await self._lap(arena, load)
            if min(used) >= _BALANCED * sum(used):
                return
        raise RuntimeError(f"the work was not shared: {used} processor seconds")

    async def _beat(self) -> None:
        """Send probes, as ingest does, until all of some beats have come through at once."""
        through = 0
        while through < _BEATS:
            for path in range(TOPICS[ARTICLES].partitions):
                probe = Probe(path=path, sent_at=datetime.now(UTC))
                record = (str(path).encode(), probe.to_json())
                await publish(self.settings, ARTICLES, [record], partition=path)
            await asyncio.sleep(_BEAT_SECONDS)
            behind = await lag(self.settings, ARTICLES, "classifier")
            through = 0 if behind else through + 1

    async def lap(self, arena: Arena, load: Load) -> None:
        """Work through a load, measured."""
        seconds, used = await self._lap(arena, load)
        self.seconds.append(seconds)
        self.used.append(sum(used))

    async def _lap(self, arena: Arena, load: Load) -> tuple[float, list[float]]:
        before = [processor_seconds(one.pid) for one in self.members]
        lap = await arena.lap(self.members[0], load)
        after = [processor_seconds(one.pid) for one in self.members]
        return lap.seconds, [one - other for one, other in zip(after, before, strict=True)]


async def _is_settled(admin: AIOKafkaAdminClient, group: str, members: int) -> bool:
    """Whether a group has so many members and is not about to share its partitions anew."""
    try:
        (answer,) = await admin.describe_consumer_groups([group])
    except KafkaError:  # nobody has joined yet
        return False
    found = answer.to_object()["groups"][0]
    return found["state"] == "Stable" and len(found["members"]) == members


@contextmanager
def running_members(settings: KafkaSettings, folder: Path, count: int) -> Iterator[list[Measured]]:
    """Classifiers as they are released."""
    members = [
        Measured(
            (str(SCRIPTS / "tocsin-classifier"),),
            {
                **environment(settings),
                "TOCSIN_INSTANCE_ID": f"classifier-{number}-of-{count}",
                "TOCSIN_LOG_LEVEL": "WARNING",
            },
            folder / f"{number}-of-{count}.log",
        )
        for number in range(1, count + 1)
    ]
    with ExitStack() as stack:
        for one in members:
            stack.enter_context(running(one))
        yield members


def measured_load(folder: Path, count: int) -> Load:
    """Articles, and how many records they lead to."""
    load = Load(pairs_of(list(Traffic().articles(count, datetime.now(UTC)))), 0)
    return Load(load.pairs, measure_alone(folder, load)[1])


async def compete(teams: Sequence[Team], loads: tuple[Load, Load], rounds: int) -> None:
    """All rounds, with progress."""
    warm_up, load = loads
    async with AsyncExitStack() as stack:
        arenas = [await stack.enter_async_context(Arena(team.settings)) for team in teams]
        for team, arena in zip(teams, arenas, strict=True):
            await team.warm_up(arena, warm_up)
        for number in range(rounds):
            for team, arena in zip(teams, arenas, strict=True):
                await team.lap(arena, load)
            rates = [len(load.pairs) / team.seconds[-1] for team in teams]
            told = ", ".join(f"{len(team.members)}: {rate:.0f} articles/s"
                             for team, rate in zip(teams, rates, strict=True))  # fmt: skip
            load_now = os.getloadavg()[0]
            print(f"round {number + 1} of {rounds}: {told}, ratio {rates[1] / rates[0]:.2f}, "
                  f"load of the machine {load_now:.1f}", flush=True)  # fmt: skip


def tabulate(teams: Sequence[Team], articles: int, share: float) -> Table:
    """What was measured; the last figure is the one that is judged."""
    one, two = teams
    table = Table(
        "scaling",
        f"Two classifiers against one, each limited to {share:g} of a core",
        {"articles": articles, "load of the machine": f"{os.getloadavg()[0]:.1f}"},
    )
    for team in teams:
        name = f"{len(team.members)} limited to {share:g} of a core"
        table.add(Series(f"{name}: articles a second", [articles / lap for lap in team.seconds]))
        cores = [used / lap for used, lap in zip(team.used, team.seconds, strict=True)]
        table.add(Series(f"{name}: cores used", cores))
    pairs = zip(one.seconds, two.seconds, strict=True)
    table.add(Series("two to one: articles a second", [a / b for a, b in pairs], ratio=True))
    return table


def run(articles: int, rounds: int, share: float) -> Table:
    """Measure on a broker of its own."""
    with ExitStack() as stack:
        broker = stack.enter_context(running_broker())
        folder = Path(stack.enter_context(TemporaryDirectory()))
        loads = (measured_load(folder, WARM_UP), measured_load(folder, articles))
        teams = []
        for count in (1, 2):
            settings = stack.enter_context(fresh_topics(broker.bootstrap))
            started = running_members(settings, folder, count)
            teams.append(Team(settings, stack.enter_context(started)))
        pids = [one.pid for team in teams for one in team.members]
        stack.enter_context(share_of_a_core(share, pids))
        asyncio.run(compete(teams, loads, rounds))
        return tabulate(teams, articles, share)


def main() -> None:
    """Measure, print, and write the results; fails below the ratio."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000, help="of each lap")
    parser.add_argument("--rounds", type=int, default=5, help="laps of each team")
    parser.add_argument("--share", type=float, default=0.4, help="of a core, for each classifier")
    given = parser.parse_args()
    table = run(given.articles, given.rounds, given.share)
    print(table.text())
    save(table)
    ratio = table.series[-1].median
    if ratio < WANTED:
        sys.exit(f"two classifiers do {ratio:.2f} times the work of one; {WANTED} are wanted")


if __name__ == "__main__":
    main()
