"""Every metric of the product, typed, in one place: a wrong name does not pass the type checker.

Names follow Prometheus: prefix `tocsin_`, base units, `_total` for counters. No label holds an id
or an address. Each service makes its own set on its own registry.
"""

from itertools import product

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
)

from tocsin_schemas.vocabulary import AlertType, RevisionKind, Status

LATENCY_BUCKETS = (
    0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0,
)  # fmt: skip
"""Seconds, from a quiet pipeline to a backlog."""

LANGUAGES = ("en", "fr", "de", "uk", "ru")
"""The languages that are classified, as label values."""

WORK_BUCKETS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0)
"""Seconds that one piece of work takes."""


def _begin_at_zero(counter: Counter, *values: tuple[str, ...]) -> None:
    """Create every combination of label values: a counter born at 5 shows no increase."""
    for combination in product(*values):
        counter.labels(*combination)


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


class IngestMetrics(CommonMetrics):
    """What ingest tells."""

    def __init__(self, registry: CollectorRegistry, version: str) -> None:
        super().__init__(registry, "ingest", version)
        self.articles_received_total = Counter(
            "tocsin_articles_received_total",
            "Articles handed over, before any check",
            ["source_kind"],
            registry=registry,
        )
        self.articles_published_total = Counter(
            "tocsin_articles_published_total",
            "Articles stored on the topic by the broker",
            ["language", "revision_kind"],
            registry=registry,
        )
        _begin_at_zero(self.articles_published_total, (*LANGUAGES, "und"), tuple(RevisionKind))
        self.articles_unchanged_total = Counter(
            "tocsin_articles_unchanged_total",
            "Articles known already, unchanged",
            registry=registry,
        )
        self.articles_rejected_total = Counter(
            "tocsin_articles_rejected_total",
            "Articles refused, by field and reason",
            ["field", "reason"],
            registry=registry,
        )
        self.index_articles = Gauge(
            "tocsin_index_articles", "Articles in the index of revisions", registry=registry
        )
        self.source_up = Gauge(
            "tocsin_source_up", "1 while a source's last poll succeeded", ["source"],
            registry=registry,
        )  # fmt: skip
        self.source_success_timestamp_seconds = Gauge(
            "tocsin_source_success_timestamp_seconds",
            "Unix time of a source's last poll that succeeded",
            ["source"],
            registry=registry,
        )
        self.source_polls_total = Counter(
            "tocsin_source_polls_total",
            "Polls of a source, by what came of them",
            ["source", "outcome"],
            registry=registry,
        )
        self.source_items_total = Counter(
            "tocsin_source_items_total",
            "Items of a source that were new to us, by what became of them",
            ["source", "outcome"],
            registry=registry,
        )
        self.pages_total = Counter(
            "tocsin_pages_total",
            "Pages of articles asked for, by what came of them",
            ["source", "outcome"],
            registry=registry,
        )
        self.other_threats_total = Counter(
            "tocsin_siren_other_threats_total",
            "Official alarms for something else than an air raid, by poll; not published",
            registry=registry,
        )
        self.poll_lag_seconds = Histogram(
            "tocsin_poll_lag_seconds",
            "Seconds from when a poll was due to its begin",
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )
        self.sources_file_good = Gauge(
            "tocsin_sources_file_good",
            "0 while the file of sources is wrong and the former one is in force",
            registry=registry,
        )


class ClassifierMetrics(CommonMetrics):
    """What the classifier tells."""

    def __init__(self, registry: CollectorRegistry, version: str) -> None:
        super().__init__(registry, "classifier", version)
        self.articles_classified_total = Counter(
            "tocsin_articles_classified_total",
            "Articles classified",
            ["language"],
            registry=registry,
        )
        _begin_at_zero(self.articles_classified_total, (*LANGUAGES, "und"))
        self.detections_total = Counter(
            "tocsin_detections_total",
            "Detections sent",
            ["alert_type", "language"],
            registry=registry,
        )
        _begin_at_zero(self.detections_total, tuple(AlertType), LANGUAGES)
        self.below_threshold_total = Counter(
            "tocsin_below_threshold_total",
            "Statements whose confidence lies under the threshold, not sent",
            ["alert_type", "language"],
            registry=registry,
        )
        self.confidence = Histogram(
            "tocsin_confidence_ratio",
            "Confidence of the statements sent, 0 to 1",
            ["alert_type"],
            buckets=(0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0),
            registry=registry,
        )
        self.classify_seconds = Histogram(
            "tocsin_classify_seconds",
            "Seconds that one article's classification takes",
            buckets=WORK_BUCKETS,
            registry=registry,
        )
        self.second_opinions_total = Counter(
            "tocsin_second_opinions_total",
            "Questions to the second opinion's endpoint, by what came of them",
            ["outcome"],
            registry=registry,
        )
        self.second_opinion_statements_total = Counter(
            "tocsin_second_opinion_statements_total",
            "Statements of the second opinion, by what became of them",
            ["fate"],
            registry=registry,
        )


class NotifierMetrics(CommonMetrics):
    """What the notifier's correlation tells."""

    def __init__(self, registry: CollectorRegistry, version: str) -> None:
        super().__init__(registry, "notifier", version)
        self.alerts_total = Counter(
            "tocsin_alerts_total",
            "Alerts committed",
            ["alert_type", "status"],
            registry=registry,
        )
        _begin_at_zero(self.alerts_total, tuple(AlertType), tuple(Status))
        self.alerts_by_region_total = Counter(
            "tocsin_alerts_by_region_total",
            "Alerts committed, by region (none for stances)",
            ["alert_type", "region"],
            registry=registry,
        )
        self.detections_dropped_total = Counter(
            "tocsin_detections_dropped_total",
            "Detections that gave no alert and changed nothing, by reason",
            ["reason"],
            registry=registry,
        )
        self.end_to_end_latency_seconds = Histogram(
            "tocsin_end_to_end_latency_seconds",
            "Seconds from the article's receipt by ingest to its alert's commit",
            ["alert_type"],
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )
        self.state_records = Gauge(
            "tocsin_state_records", "Records held in state", ["kind"], registry=registry
        )
        self.restore_seconds = Histogram(
            "tocsin_state_restore_seconds",
            "Seconds that the state of one partition took to restore",
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )
        self.transaction_seconds = Histogram(
            "tocsin_transaction_seconds",
            "Seconds from the begin to the commit of a transaction",
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )


class DeliverMetrics(CommonMetrics):
    """What the notifier's delivery tells."""

    def __init__(self, registry: CollectorRegistry, version: str) -> None:
        super().__init__(registry, "deliver", version)
        self.alerts_read_total = Counter(
            "tocsin_delivery_alerts_read_total",
            "Alerts read from the alert topics",
            ["alert_type", "status"],
            registry=registry,
        )
        self.stream_clients = Gauge(
            "tocsin_stream_clients", "Listeners connected to /v1/stream", registry=registry
        )
        self.stream_alerts_total = Counter(
            "tocsin_stream_alerts_total",
            "Alerts told to listeners that have left since",
            registry=registry,
        )
        self.stream_cut_offs_total = Counter(
            "tocsin_stream_cut_offs_total",
            "Listeners cut off because they were too slow",
            registry=registry,
        )
        self.deliveries_total = Counter(
            "tocsin_deliveries_total",
            "Alerts that a subscription is done with, by what became of them",
            ["subscription", "outcome"],
            registry=registry,
        )
        self.delivery_attempts_total = Counter(
            "tocsin_delivery_attempts_total",
            "Requests and messages, by what came of them",
            ["subscription", "result"],
            registry=registry,
        )
        self.delivery_retries_total = Counter(
            "tocsin_delivery_retries_total",
            "Attempts that will be repeated",
            ["subscription"],
            registry=registry,
        )
        self.delivery_seconds = Histogram(
            "tocsin_delivery_seconds",
            "Seconds from an alert's storage by Kafka to its delivery",
            ["subscription"],
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )
        self.subscription_waiting = Gauge(
            "tocsin_subscription_waiting_alerts",
            "Alerts that a subscription has still to be told",
            ["subscription"],
            registry=registry,
        )
        self.subscription_oldest_seconds = Gauge(
            "tocsin_subscription_oldest_waiting_seconds",
            "Age of the alert that waits longest; 0 when none waits",
            ["subscription"],
            registry=registry,
        )
        self.subscription_failing = Gauge(
            "tocsin_subscription_failing",
            "1 while the endpoint of a subscription fails",
            ["subscription"],
            registry=registry,
        )
        self.subscription_disabled = Gauge(
            "tocsin_subscription_disabled",
            "1 when the endpoint has answered 410, which disables the subscription",
            ["subscription"],
            registry=registry,
        )

    def begin_subscription(self, name: str) -> None:
        """Show a subscription's series from its start."""
        _begin_at_zero(self.deliveries_total, (name,), ("delivered", "replaced", "dead-letter"))
        _begin_at_zero(self.delivery_retries_total, (name,))
        for gauge in (
            self.subscription_waiting,
            self.subscription_oldest_seconds,
            self.subscription_failing,
            self.subscription_disabled,
        ):
            gauge.labels(name)
