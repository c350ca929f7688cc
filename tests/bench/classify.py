"""How many articles a second one core classifies, with the noise of the machine beside it."""

import argparse
import re
import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from bench import growth
from tocsin_classifier.domain.classify import weigh
from tocsin_classifier.garbage import spare_what_is_loaded
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


def interleaved(works: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Processor time of each work in turn, so that all meet the same noise."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            found[name] += milliseconds(work, 1)
    return {name: sorted(times) for name, times in found.items()}


def compare_with_spacy(sample: Article, rounds: int) -> None:
    """How many times as long as the classifier spaCy's small French pipeline takes."""
    try:
        from bench.spacy_pipeline import pipeline
    except ImportError:
        print("spaCy is not installed (uv sync --group bench): no comparison")
        return
    loaded = pipeline()
    works = {"Tocsin": partial(weigh, sample), "spaCy": partial(loaded, sample.text)}
    times = interleaved(works, rounds)
    for name in works:
        report(name, times[name])
    ratio = statistics.median(times["spaCy"]) / statistics.median(times["Tocsin"])
    print(f"spaCy takes {ratio:.0f} times as long on the sample article, by the medians")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300, help="articles of each kind")
    parser.add_argument("--growth", action="store_true", help="how time grows with length, too")
    given = parser.parse_args()
    text = Path(SEED).read_text("utf-8")
    long_enough = ORDINARY * (len(text) // len(ORDINARY) + 1)
    kinds: dict[str, Article] = {
        "sample article": article(text),
        "ordinary text": article(long_enough[: len(text)], "en"),
    }
    for one in kinds.values():
        weigh(one)
    spare_what_is_loaded()
    works: dict[str, Callable[[], object]] = {
        name: partial(weigh, one) for name, one in kinds.items()
    }
    works["fixed work"] = fixed_work
    for name, times in interleaved(works, given.rounds).items():
        report(name, times)
    compare_with_spacy(kinds["sample article"], max(3, given.rounds // 10))
    if given.growth:
        growth.main()


if __name__ == "__main__":
    main()
