"""The metrics that every service has, and what all metrics share."""

from itertools import product

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

LATENCY_BUCKETS = (
    0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0,
)  # fmt: skip
"""Seconds, from a quiet pipeline to a backlog."""

LANGUAGES = ("en", "fr", "de", "uk", "ru")
"""The languages that are classified, as label values."""

WORK_BUCKETS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0)
"""Seconds that one piece of work takes."""


def begin_at_zero(metric: Counter | Histogram, *values: tuple[str, ...]) -> None:
    """Create every combination of label values: a counter born at 5 shows no increase."""
    for combination in product(*values):
        metric.labels(*combination)


class CommonMetrics:
    """What every service tells."""

    def __init__(self, registry: CollectorRegistry, service: str, version: str) -> None:
        self.registry = registry
        # Memory, CPU seconds and open files of the process, by the names that Prometheus knows.
        ProcessCollector(registry=registry)
        self.build_info = Gauge(
            "tocsin_build_info",
            "Always 1; the labels say what runs",
            ["service", "version"],
            registry=registry,
        )
        self.build_info.labels(service, version).set(1)
        self.ready = Gauge("tocsin_ready", "1 while /readyz says ready", registry=registry)
        self.hop_latency_seconds = Histogram(
            "tocsin_hop_latency_seconds",
            "Seconds a record took on one hop, from the record before it",
            ["hop"],
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )
        self.dead_letters_total = Counter(
            "tocsin_dead_letters_total",
            "Records sent to a dead-letter topic",
            ["topic", "reason"],
            registry=registry,
        )
        self.consumer_lag = Gauge(
            "tocsin_consumer_lag_records",
            "Records behind the end of the partition",
            ["topic", "partition"],
            registry=registry,
        )
        self.consumer_lag_seconds = Gauge(
            "tocsin_consumer_lag_seconds",
            "Seconds since the oldest record that is not committed was written; 0 when none waits",
            ["topic", "partition"],
            registry=registry,
        )
        self.records_skipped_total = Counter(
            "tocsin_records_skipped_total",
            "Records read and set aside on purpose, by reason",
            ["topic", "reason"],
            registry=registry,
        )
        self.assignments_total = Counter(
            "tocsin_assignments_total", "Partition assignments received", registry=registry
        )
        self.probes_total = Counter(
            "tocsin_probes_total", "Heartbeat probes sent or passed on", registry=registry
        )
        self.heartbeat_timestamp_seconds = Gauge(
            "tocsin_heartbeat_timestamp_seconds",
            "Unix time of the oldest path's last probe at this stage",
            ["stage"],
            registry=registry,
        )
        self.trace_spans_total = Counter(
            "tocsin_trace_spans_total",
            "Spans of traces; recorded less sent and failed wait, or fell out of a full queue",
            ["outcome"],
            registry=registry,
        )
