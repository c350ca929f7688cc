"""How many articles a second one core classifies, with the noise of the machine beside it."""

import argparse
import re
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tocsin_classifier.domain.classify import weigh
from tocsin_schemas.article import Article
from unit.classifier.samples import SEED, article

ORDINARY = """The town council has agreed to mend the old swimming pool before the summer.
Parents had asked for it since the roof began to leak, and a choir sang for the money.
The baker on the square will keep his ovens warm for a second winter, he told visitors.
At the school, pupils counted birds: eleven herons, two owls and more ducks than last year.
A bus line to the lake starts in May; tickets are sold by the driver, dogs travel free.
"""
"""Text without a trigger, the cheapest kind, repeated to the length of the sample article."""

FIXED = re.compile(r"\w+")


def fixed_work() -> int:
    """Work that no change of the product changes: its spread is the machine's noise."""
    return sum(len(word) for word in FIXED.findall(ORDINARY * 20))


def milliseconds(work: Callable[[], object], rounds: int) -> list[float]:
    """Processor time of each round."""
    found = []
    for _ in range(rounds):
        started = time.process_time()
        work()
        found.append((time.process_time() - started) * 1000)
    return sorted(found)


def report(name: str, times: list[float]) -> None:
    """One line: median with its spread, best, and articles a second by the median."""
    low, high = times[len(times) // 10], times[-len(times) // 10]
    median = statistics.median(times)
    print(
        f"{name:<16} median {median:7.3f} ms (10th to 90th percentile {low:.3f} to {high:.3f}),"
        f" best {times[0]:.3f} ms, {1000 / median:,.0f} a second"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300, help="articles of each kind")
    rounds = parser.parse_args().rounds
    text = Path(SEED).read_text("utf-8")
    long_enough = ORDINARY * (len(text) // len(ORDINARY) + 1)
    kinds: dict[str, Article] = {
        "sample article": article(text),
        "ordinary text": article(long_enough[: len(text)], "en"),
    }
    for name, one in kinds.items():
        weigh(one)
        report(name, milliseconds(partial(weigh, one), rounds))
    report("fixed work", milliseconds(fixed_work, rounds))


if __name__ == "__main__":
    main()
