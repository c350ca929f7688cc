"""The metrics of ingest."""

import shutil
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from tocsin_runtime.metrics.common import (
    LANGUAGES,
    LATENCY_BUCKETS,
    CommonMetrics,
    begin_at_zero,
)
from tocsin_schemas.vocabulary import RevisionKind, SourceKind


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
        begin_at_zero(self.articles_received_total, tuple(SourceKind))
        self.articles_published_total = Counter(
            "tocsin_articles_published_total",
            "Articles stored on the topic by the broker",
            ["language", "revision_kind"],
            registry=registry,
        )
        begin_at_zero(self.articles_published_total, (*LANGUAGES, "und"), tuple(RevisionKind))
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
        self.sources_file_good.set(1)
        self.data_disk_free = Gauge(
            "tocsin_data_disk_free_bytes",
            "Free on the disk of ingest's folder; on one machine that is the broker's disk too",
            registry=registry,
        )
        self.data_disk_size = Gauge(
            "tocsin_data_disk_size_bytes", "Size of the disk of ingest's folder", registry=registry
        )

    def watch_disk(self, folder: Path) -> None:
        """Ask, at each scrape, for the room on the disk of a folder that exists."""
        self.data_disk_free.set_function(lambda: shutil.disk_usage(folder).free)
        self.data_disk_size.set_function(lambda: shutil.disk_usage(folder).total)
