"""How much memory each service takes while it works, and whether that keeps growing."""

import asyncio
import statistics
import subprocess
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

_SAMPLE_SECONDS = 10.0
_MEGABYTE = 1_000_000


class Runs(Protocol):
    """Something that runs as a process, or does not at present."""

    process: subprocess.Popen[bytes] | None


@dataclass
class MemoryWatch:
    """Samples the resident memory of services and judges the growth after the first minutes."""

    settle_minutes: float = 5.0
    """What comes before is not judged: caches fill, libraries load."""
    limit_mb_per_minute: float = 1.0
    samples: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    """By service: minutes since the start, megabytes."""

    async def run(self, services: Mapping[str, Runs]) -> None:
        """Sample until cancelled."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        while True:
            sizes = await asyncio.to_thread(megabytes_of, services)
            minutes = (loop.time() - started) / 60
            for name, megabytes in sizes.items():
                self.samples[name].append((minutes, megabytes))
            await asyncio.sleep(_SAMPLE_SECONDS)

    def judge(self, say: Callable[[str], None]) -> list[str]:
        """Tell each service's growth; gives those that grow too fast, or were not seen enough."""
        faults = []
        for name, samples in sorted(self.samples.items()):
            late = [sample for sample in samples if sample[0] >= self.settle_minutes]
            if len(late) < 10:
                faults.append(f"memory of {name}: {len(late)} samples are too few")
                continue
            slope = growth(late)
            say(
                f"memory of {name}: {samples[0][1]:.1f} MB at first, {late[0][1]:.1f} MB after "
                f"{self.settle_minutes:g} minutes, {late[-1][1]:.1f} MB at the end, "
                f"growth {slope:+.2f} MB a minute"
            )
            if slope >= self.limit_mb_per_minute:
                faults.append(f"memory of {name} grows by {slope:.2f} MB a minute")
        return faults


def growth(samples: Sequence[tuple[float, float]]) -> float:
    """Megabytes a minute, of at least two samples of minutes and megabytes."""
    return statistics.linear_regression(*zip(*samples, strict=True)).slope


def megabytes_of(services: Mapping[str, Runs]) -> dict[str, float]:
    """Resident memory by service, as `ps` tells on Linux and macOS."""
    pids = {one.process.pid: name for name, one in services.items() if one.process is not None}
    listed = subprocess.run(
        ["ps", "-o", "pid=,rss=", "-p", ",".join(map(str, pids))],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = (line.split() for line in listed.stdout.splitlines())
    return {pids[int(pid)]: int(kilobytes) * 1024 / _MEGABYTE for pid, kilobytes in rows}
