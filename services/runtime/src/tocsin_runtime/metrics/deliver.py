"""The metrics of the notifier's delivery."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from tocsin_runtime.metrics.common import LATENCY_BUCKETS, CommonMetrics, begin_at_zero
from tocsin_schemas.vocabulary import AlertType, Status


class DeliverMetrics(CommonMetrics):
    """What the notifier's delivery tells."""

    def __init__(self, registry: CollectorRegistry, version: str) -> None:
        super().__init__(registry, "deliver", version)
        self._regions: set[str] = set()
        self.alerts_read_total = Counter(
            "tocsin_delivery_alerts_read_total",
            "Alerts read from the alert topics",
            ["alert_type", "status"],
            registry=registry,
        )
        begin_at_zero(self.alerts_read_total, tuple(AlertType), tuple(Status))
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
        self.alarms_on = Gauge(
            "tocsin_alarms_on",
            "Alarms that are on, by region; every delivery tells the same",
            ["region"],
            registry=registry,
        )
        self.events_standing = Gauge(
            "tocsin_events_standing",
            "Events that have not expired; every delivery tells the same",
            ["alert_type"],
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

    def tell_situation(self, alarms: Mapping[str, int], standing: Mapping[AlertType, int]) -> None:
        """Show what is on now; a region whose alarm is over falls to 0.

        Args:
            alarms: how many are on, by region; a region without one may be left out.
            standing: how many events there are, of every type.

        """
        self._regions |= alarms.keys()
        for region in self._regions:
            self.alarms_on.labels(region).set(alarms.get(region, 0))
        for alert_type, number in standing.items():
            self.events_standing.labels(alert_type).set(number)

    def begin_subscription(self, name: str) -> None:
        """Show a subscription's series from its start."""
        begin_at_zero(self.deliveries_total, (name,), ("delivered", "replaced", "dead-letter"))
        begin_at_zero(self.delivery_retries_total, (name,))
        begin_at_zero(self.delivery_seconds, (name,))
        for gauge in (
            self.subscription_waiting,
            self.subscription_oldest_seconds,
            self.subscription_failing,
            self.subscription_disabled,
        ):
            gauge.labels(name)
