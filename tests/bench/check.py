"""Whether the ratios of the last measurements have become worse than the committed ones.

    python tests/bench/check.py                  compare what was measured with the baseline
    python tests/bench/check.py --accept         make what was measured the baseline

Only ratios of things measured in one run are compared, so that the machine does not matter. A
ratio may lie below its baseline by as much as both runs are spread, and by a tenth at least.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from bench.results import read_table, results_folder

BASELINE = Path(__file__).with_name("baseline.json")
LEAST_TOLERANCE = 0.1
"""Share of a ratio that no run can tell from noise, however alike its rounds are."""
_SPREADS = 2.0
"""How many spreads of the two runs together count as noise."""

Ratios = Mapping[str, Sequence[float]]
"""The values of each ratio; more is better."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A ratio, then and now."""

    name: str
    before: float
    now: float
    tolerance: float
    """By how much it may lie below."""

    @property
    def lost(self) -> bool:
        """Whether it is worse beyond noise."""
        return self.now < self.before - self.tolerance

    def line(self) -> str:
        """The finding in a line."""
        verdict = "LOST" if self.lost else "kept"
        return (
            f"{verdict}  {self.name}: {self.now:.3f}, was {self.before:.3f}"
            f" (noise {self.tolerance:.3f})"
        )


def compare(baseline: Ratios, measured: Ratios) -> list[Finding]:
    """A finding for each ratio that is in both.

    Raises:
        ValueError: nothing that the baseline names was measured.

    """
    common = [name for name in baseline if name in measured]
    if not common:
        raise ValueError("nothing that the baseline names was measured: run `make bench` first")
    return [_find(name, baseline[name], measured[name]) for name in common]


def _find(name: str, before: Sequence[float], now: Sequence[float]) -> Finding:
    was, found = statistics.median(before), statistics.median(now)
    spread = (_spread(before) ** 2 + _spread(now) ** 2) ** 0.5
    return Finding(name, was, found, max(LEAST_TOLERANCE * was, _SPREADS * spread))


def _spread(values: Sequence[float]) -> float:
    """The median distance from the median: one lap that was disturbed does not widen it."""
    middle = statistics.median(values)
    return statistics.median(abs(value - middle) for value in values)


def read_measured(folder: Path) -> dict[str, list[float]]:
    """The ratios of all results in a folder, by `<benchmark>: <name>`."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        table = read_table(path)
        for name, series in table.series.items():
            if series.ratio:
                found[f"{table.name}: {name}"] = list(series.values)
    return found


def main() -> None:
    """Compare and print; exit 1 when a ratio was lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--accept", action="store_true", help="write the baseline anew")
    given = parser.parse_args()
    measured = read_measured(results_folder())
    if given.accept:
        rounded = {name: [round(one, 4) for one in values] for name, values in measured.items()}
        BASELINE.write_text(json.dumps(rounded, indent=1, ensure_ascii=False) + "\n", "utf-8")
        print(f"{len(rounded)} ratios in {BASELINE}")
        return
    baseline = TypeAdapter(dict[str, list[float]]).validate_json(BASELINE.read_bytes())
    try:
        findings = compare(baseline, measured)
    except ValueError as error:
        sys.exit(str(error))
    for finding in findings:
        print(finding.line())
    for name in baseline.keys() - measured.keys():
        print(f"not measured  {name}")
    sys.exit(any(finding.lost for finding in findings))


if __name__ == "__main__":
    main()
