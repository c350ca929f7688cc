"""Pictures of the last measurements for docs/performance.md: PNG and SVG."""

import re
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from bench.results import StoredTable, read_table, results_folder

TARGET = Path(__file__).resolve().parents[2] / "docs" / "performance"

_RATE = re.compile(r"(?P<who>.+): articles a second")
_USED = re.compile(r"(?P<who>.+): processor s per 1,000 articles")
_LATENCY = re.compile(r"(?P<rate>\S+) articles/s, from the 202: (?P<what>p50|p99|p99\.9) ms")


def main() -> None:
    """Draw what was measured; what was not is left as it is."""
    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "tocsin"
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, draw in (("throughput", _bars), ("hollow", _bars), ("latency", _latency)):
        path = results_folder() / f"{name}.json"
        if not path.exists():
            print(f"{path} is not there: nothing drawn of it")
            continue
        result = read_table(path)
        figure, axes = plt.subplots(1, 2 if draw is _bars else 1, figsize=(10, 3.6), squeeze=False)
        figure.suptitle(result.title)
        draw(list(axes[0]), result)
        figure.tight_layout()
        for kind in ("png", "svg"):
            metadata = {"Date": None} if kind == "svg" else {}
            figure.savefig(TARGET / f"{name}.{kind}", dpi=110, metadata=metadata)
        print(TARGET / f"{name}.svg")


def _bars(axes: list[Axes], result: StoredTable) -> None:
    wanted = (("articles a second", _RATE), ("processor seconds per 1,000 articles", _USED))
    for one, (label, pattern) in zip(axes, wanted, strict=True):
        found = {
            match["who"]: series
            for name, series in result.series.items()
            if not series.ratio and (match := pattern.fullmatch(name))
        }
        names = list(reversed(found))
        medians = [found[name].median for name in names]
        low = [found[name].median - min(found[name].values) for name in names]
        high = [max(found[name].values) - found[name].median for name in names]
        one.barh(names, medians, xerr=[low, high], capsize=3, color="#4c72b0")
        one.set_xlabel(label)


def _latency(axes: list[Axes], result: StoredTable) -> None:
    found: dict[str, dict[str, float]] = {}
    for name, series in result.series.items():
        if match := _LATENCY.fullmatch(name):
            found.setdefault(match["what"], {})[match["rate"]] = series.median
    rates = list(next(iter(found.values()), {}))
    for number, (what, values) in enumerate(found.items()):
        places = [at + 0.25 * number for at, rate in enumerate(rates) if rate in values]
        axes[0].bar(places, [values[rate] for rate in rates if rate in values], 0.23, label=what)
    axes[0].set_xticks([at + 0.25 for at in range(len(rates))], rates)
    axes[0].set_xlabel("articles a second")
    axes[0].set_ylabel("ms from the 202 to the alert")
    axes[0].set_yscale("log")
    axes[0].legend()


if __name__ == "__main__":
    main()
