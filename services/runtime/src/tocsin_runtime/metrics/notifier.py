"""The metrics of the notifier's correlation."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from tocsin_runtime.metrics.common import (
    LANGUAGES,
    LATENCY_BUCKETS,
    CommonMetrics,
    begin_at_zero,
)
from tocsin_schemas.topics import DETECTIONS_DEAD_LETTER
from tocsin_schemas.vocabulary import AlertType, Shift, StanceTopic, Status

PUBLICATION_BUCKETS = (1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0, 21_600.0, 86_400.0)
"""Seconds, from a channel's post to yesterday's paper."""

LEAD_BUCKETS = (60.0, 180.0, 600.0, 1800.0, 3600.0)
"""Seconds, from a minute to what an alarm lasts."""


class NotifierMetrics(CommonMetrics):
    """What the notifier's correlation tells."""

    def __init__(self, registry: CollectorRegistry, version: str) -> None:
        super().__init__(registry, "notifier", version)
        begin_at_zero(self.dead_letters_total, (DETECTIONS_DEAD_LETTER,), ("undecodable", "failed"))
        self.alerts_total = Counter(
            "tocsin_alerts_total",
            "Alerts committed",
            ["alert_type", "status"],
            registry=registry,
        )
        begin_at_zero(self.alerts_total, tuple(AlertType), tuple(Status))
        self.alerts_by_region_total = Counter(
            "tocsin_alerts_by_region_total",
            "Alerts committed, by region (none for stances)",
            ["alert_type", "region"],
            registry=registry,
        )
        self.alerts_by_language_total = Counter(
            "tocsin_alerts_by_language_total",
            "Alerts committed, by language of the first report",
            ["alert_type", "language"],
            registry=registry,
        )
        begin_at_zero(self.alerts_by_language_total, tuple(AlertType), LANGUAGES)
        self.corroboration_publishers = Histogram(
            "tocsin_corroboration_publishers",
            "Independent publishers behind an alert when it was committed",
            ["alert_type"],
            buckets=(1, 2, 3, 5, 10, 20),
            registry=registry,
        )
        begin_at_zero(self.corroboration_publishers, tuple(AlertType))
        self.stance_shifts_total = Counter(
            "tocsin_stance_shifts_total",
            "New stances that differ from the actor's last one, by topic and direction",
            ["topic_of_talks", "shift"],
            registry=registry,
        )
        begin_at_zero(
            self.stance_shifts_total, tuple(StanceTopic), (Shift.SOFTENING, Shift.HARDENING)
        )
        self.news_alarms_total = Counter(
            "tocsin_news_alarms_total",
            "Alarms that the news opened, live ones, by region",
            ["region"],
            registry=registry,
        )
        self.siren_alarms_total = Counter(
            "tocsin_siren_alarms_total",
            "Official alarms read, by region",
            ["region"],
            registry=registry,
        )
        self.siren_lead_seconds = Histogram(
            "tocsin_siren_lead_seconds",
            "Seconds between an alarm of the news and the official one that confirms it, by region "
            "and by which of them was first; its count is how often both agree",
            ["region", "first"],
            buckets=LEAD_BUCKETS,
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
        begin_at_zero(self.end_to_end_latency_seconds, tuple(AlertType))
        self.publication_latency_seconds = Histogram(
            "tocsin_publication_latency_seconds",
            "Seconds from the article's publication, where it is known, to its alert's commit",
            ["alert_type"],
            buckets=PUBLICATION_BUCKETS,
            registry=registry,
        )
        begin_at_zero(self.publication_latency_seconds, tuple(AlertType))
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
