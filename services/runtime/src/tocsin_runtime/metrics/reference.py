"""docs/metrics.md: every metric as a table, made of the code, so that it cannot be wrong."""

import argparse
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.metrics import MetricWrapperBase

from tocsin_runtime.metrics import (
    ClassifierMetrics,
    CommonMetrics,
    DeliverMetrics,
    IngestMetrics,
    NotifierMetrics,
)

COMMAND = "python -m tocsin_runtime.metrics.reference"

LABELS: Mapping[str, tuple[str, int]] = {
    "alert_type": ("`territorial-claim`, `negotiation-stance`, `air-raid-warning`", 3),
    "fate": ("what became of a statement of the second opinion", 8),
    "field": ("field of an article that was refused, `body` for the whole", 30),
    "first": ("`news`, `siren`", 2),
    "hop": ("`ingest`, `classify`, `correlate`", 3),
    "kind": ("kind of record in the notifier's state", 12),
    "language": ("`en`, `fr`, `de`, `uk`, `ru`, and `und` where none was told", 6),
    "outcome": ("what came of it, a word", 12),
    "partition": ("number of the partition", 12),
    "reason": ("why, a word", 20),
    "region": ("ISO 3166-2 code, `UA` for the whole country, empty without a region", 120),
    "result": ("what an endpoint answered, a word", 20),
    "revision_kind": ("`first`, `correction`, `other`, `withdrawn`", 4),
    "service": ("name of the service", 1),
    "shift": ("`softening`, `hardening`", 2),
    "source": ("id of a source of the file of sources: as many as stand there", 100),
    "source_kind": ("kind of source, as in the article", 7),
    "stage": ("`ingest`, `notifier`, `deliver`", 1),
    "status": ("`new`, `updated`, `retracted`, `ended`", 4),
    "subscription": ("name in the file of subscriptions: as many as stand there", 50),
    "topic": ("name of the topic", 3),
    "topic_of_talks": ("what the talks are about", 8),
    "version": ("version of the release", 1),
}
"""Meaning of every label, and the most values that one process has of it."""

MOST_SERIES = 2_000
"""No metric may have more series than this in one process."""

_UNITS = ("seconds", "bytes", "ratio", "records", "alerts", "articles", "publishers")

_HEAD = """\
# Metrics

<!-- Made by `{command}`; change the code, not this file. -->

Every service serves these at `/metrics`, in Prometheus's text format or, when asked for, in
OpenMetrics, where the histograms of latencies carry a trace id as exemplar. Beside them stand
`process_*` (memory, CPU seconds, open files, start time) of Prometheus's own client. No label holds
an id, an address or text of an article. "Most series" is what one process can reach, with
{subscriptions} subscriptions and {sources} sources; {limit} is the limit for any metric.
"""


def sets() -> Mapping[str, CommonMetrics]:
    """One set of metrics of each service, on a registry of its own."""
    return {
        "ingest": IngestMetrics(CollectorRegistry(), "0"),
        "classifier": ClassifierMetrics(CollectorRegistry(), "0"),
        "notifier": NotifierMetrics(CollectorRegistry(), "0"),
        "deliver": DeliverMetrics(CollectorRegistry(), "0"),
    }


def metrics_of(owner: object) -> Iterator[MetricWrapperBase]:
    """The metrics that an object holds, in the order in which they were made."""
    return (one for one in vars(owner).values() if isinstance(one, MetricWrapperBase))


def name_of(metric: MetricWrapperBase) -> str:
    """The name as it is exposed, `_total` included."""
    (family,) = metric.describe()
    return f"{family.name}_total" if family.type == "counter" else family.name


def labels_of(metric: MetricWrapperBase) -> tuple[str, ...]:
    """The names of its labels."""
    names: tuple[str, ...] = metric._labelnames  # noqa: SLF001 - the client tells them nowhere else
    return names


def most_series(metric: MetricWrapperBase) -> int:
    """How many series one process can have of it."""
    count = math.prod(LABELS[label][1] for label in labels_of(metric))
    if isinstance(metric, Histogram):
        bounds: Any = metric._upper_bounds  # noqa: SLF001 - the client tells them nowhere else
        count *= len(bounds) + 2
    return count


def document() -> str:
    """The whole page."""
    own = sets()
    common = {name_of(one) for one in metrics_of(CommonMetrics(CollectorRegistry(), "any", "0"))}
    parts = [
        _HEAD.format(
            command=COMMAND,
            limit=f"{MOST_SERIES:,}",
            subscriptions=LABELS["subscription"][1],
            sources=LABELS["source"][1],
        ),
        _section("Every service", [m for m in metrics_of(own["ingest"]) if name_of(m) in common]),
    ]
    for service, owner in own.items():
        rows = [one for one in metrics_of(owner) if name_of(one) not in common]
        parts.append(_section(service.capitalize(), rows))
    told = "\n".join(f"| `{name}` | {text} | {most} |" for name, (text, most) in LABELS.items())
    parts.append(f"## Labels\n\n| label | values | most |\n| --- | --- | --- |\n{told}\n")
    return "\n".join(parts)


def _section(title: str, metrics: Sequence[MetricWrapperBase]) -> str:
    rows = "\n".join(map(_row, metrics))
    head = "| metric | type | unit | labels | what it tells | most series |"
    return f"## {title}\n\n{head}\n| --- | --- | --- | --- | --- | --- |\n{rows}\n"


def _row(metric: MetricWrapperBase) -> str:
    (family,) = metric.describe()
    name = name_of(metric)
    unit = next((one for one in _UNITS if name.removesuffix("_total").endswith(one)), "")
    labels = ", ".join(f"`{label}`" for label in labels_of(metric))
    series = most_series(metric)
    cells = (f"`{name}`", family.type, unit, labels, family.documentation, f"{series:,}")
    return "| " + " | ".join(cells) + " |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or compare the page; the exit code is 1 when it is out of date."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[5])
    options = parser.parse_args(arguments)
    path = options.root / "docs" / "metrics.md"
    text = document()
    if options.check:
        if path.is_file() and path.read_text("utf-8") == text:
            return 0
        sys.stderr.write(f"{path}: differs from the code; run {COMMAND}\n")
        return 1
    path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
