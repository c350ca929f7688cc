"""From the answer of ingest to the alert in a subscriber's hands, at several rates.

Articles are posted at random moments whether or not earlier ones have been answered, so that a slow
pipeline shows as it is. Times count from the 202, and, in a line of their own, from the moment at
which the article was due.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.claims import distinct_claims
from bench.hops import Hops, read_hops
from bench.posting import AlertWatch, Poster, Times, compose
from bench.process import processor_seconds
from bench.results import Series, Table, save
from bench.traffic import Traffic
from support.broker import running_broker
from support.pipeline import Pipeline, running_pipeline

RATES = {10.0: 60.0, 100.0: 60.0, 500.0: 30.0}
"""Seconds of each rate, by articles a second."""
_WARM_UP = 100
_WAIT_SECONDS = 15


async def post(pipeline: Pipeline, claims: Iterator[str], rate: float, count: int) -> Times:
    """Post articles at a rate; gives the times of those with an alert."""
    times = Times()
    posts = compose(Traffic(int(rate)), claims, f"{rate:g}-{count}", count)
    url = pipeline.stack.processes["ingest"].url
    async with AlertWatch(pipeline.settings, times) as watch:
        await Poster(url, rate, times).run(posts)
        times.missing = await watch.until_all(posts, _WAIT_SECONDS)
    return times


def measure(pipeline: Pipeline, claims: Iterator[str], rate: float, seconds: float) -> list[Series]:
    """The figures of one rate."""
    count = round(rate * seconds)
    pids = {name: one.process.pid for name, one in pipeline.stack.processes.items() if one.process}
    used = {name: processor_seconds(pid) for name, pid in pids.items()}
    times = asyncio.run(post(pipeline, claims, rate, count))
    spent = {name: processor_seconds(pid) - used[name] for name, pid in pids.items()}
    label = f"{rate:g} articles/s"
    accepted = times.milliseconds(times.accepted)
    series = [*quantiles(f"{label}, from the 202", accepted)]
    series += quantiles(f"{label}, from when it was due", times.milliseconds(times.due))
    series.append(Series(f"{label}: alerts that did not come", [times.missing]))
    hops: Hops = asyncio.run(read_hops(pipeline.settings, times))
    for name, found in hops.items():
        series += quantiles(f"{label}, {name}", found)[:2]
    for name, seconds_used in spent.items():
        series.append(
            Series(f"{label}, {name}: processor ms an article", [1000 * seconds_used / count])
        )
    return series


def quantiles(name: str, values: Sequence[float]) -> list[Series]:
    """p50, p99, p99.9 where there are enough values, and the longest, in milliseconds."""
    ordered = sorted(values)
    wanted = {"p50": 0.5, "p99": 0.99}
    if len(ordered) >= 1000:
        wanted["p99.9"] = 0.999
    found = [
        Series(f"{name}: {label} ms", [ordered[min(len(ordered) - 1, int(share * len(ordered)))]])
        for label, share in wanted.items()
    ]
    return [*found, Series(f"{name}: longest ms of {len(ordered)}", [ordered[-1]])]


def main() -> None:
    """Measure, print, and write the results."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rates", type=float, nargs="*", default=list(RATES))
    parser.add_argument("--seconds", type=float, help="of each rate, instead of the usual")
    given = parser.parse_args()
    claims = distinct_claims()
    table = Table(
        "latency",
        "From an accepted article to its alert, read by a read_committed subscriber",
        {"claims": "one article in ten leads to an alert"},
    )
    with (
        running_broker() as broker,
        TemporaryDirectory() as folder,
        running_pipeline(broker.bootstrap, Path(folder)) as pipeline,
    ):
        asyncio.run(post(pipeline, claims, 20.0, _WARM_UP))
        for rate in given.rates:
            seconds = given.seconds or RATES.get(rate, 60.0)
            print(f"{rate:g} articles a second for {seconds:g} s", flush=True)
            for series in measure(pipeline, claims, rate, seconds):
                table.add(series)
                print("  " + series.row(), flush=True)
    print(table.text())
    save(table)


if __name__ == "__main__":
    main()
