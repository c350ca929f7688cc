"""The metrics of the classifier."""

from prometheus_client import CollectorRegistry, Counter, Histogram

from tocsin_runtime.metrics.common import LANGUAGES, WORK_BUCKETS, CommonMetrics, begin_at_zero
from tocsin_schemas.topics import ARTICLES_DEAD_LETTER
from tocsin_schemas.vocabulary import AlertType


class ClassifierMetrics(CommonMetrics):
    """What the classifier tells."""

    def __init__(self, registry: CollectorRegistry, version: str) -> None:
        super().__init__(registry, "classifier", version)
        begin_at_zero(
            self.dead_letters_total,
            (ARTICLES_DEAD_LETTER,),
            ("undecodable", "failed", "too-slow"),
        )
        self.articles_classified_total = Counter(
            "tocsin_articles_classified_total",
            "Articles classified",
            ["language"],
            registry=registry,
        )
        begin_at_zero(self.articles_classified_total, (*LANGUAGES, "und"))
        self.detections_total = Counter(
            "tocsin_detections_total",
            "Detections sent",
            ["alert_type", "language"],
            registry=registry,
        )
        begin_at_zero(self.detections_total, tuple(AlertType), LANGUAGES)
        self.below_threshold_total = Counter(
            "tocsin_below_threshold_total",
            "Statements whose confidence lies under the threshold, not sent",
            ["alert_type", "language"],
            registry=registry,
        )
        begin_at_zero(self.below_threshold_total, tuple(AlertType), LANGUAGES)
        self.confidence = Histogram(
            "tocsin_confidence_ratio",
            "Confidence of the statements sent, 0 to 1",
            ["alert_type"],
            buckets=(0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0),
            registry=registry,
        )
        begin_at_zero(self.confidence, tuple(AlertType))
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
