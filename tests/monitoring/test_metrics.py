"""What /metrics serves: names that Prometheus's own linter takes, few series, told in the docs."""

import subprocess

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import choose_encoder

from tocsin_runtime.dead_letter import Received
from tocsin_runtime.hops import observe_hop, trace_exemplar
from tocsin_runtime.metrics import ClassifierMetrics, CommonMetrics, DeliverMetrics
from tocsin_runtime.metrics.reference import (
    LABELS,
    MOST_SERIES,
    labels_of,
    main,
    metrics_of,
    most_series,
    name_of,
    sets,
)
from tocsin_schemas.vocabulary import AlertType

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SETS = sets()


def record(timestamp_ms: int, *headers: tuple[str, bytes]) -> Received:
    return Received("articles", 0, 0, b"key", b"value", headers, timestamp_ms)


@pytest.mark.parametrize("service", SETS)
def test_promtool_finds_nothing_to_say_about_names_units_and_help(service: str) -> None:
    done = subprocess.run(
        ["promtool", "check", "metrics"],
        input=generate_latest(SETS[service].registry),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize("service", SETS)
def test_every_label_is_described_and_no_metric_can_have_too_many_series(service: str) -> None:
    for metric in metrics_of(SETS[service]):
        assert set(labels_of(metric)) <= LABELS.keys(), name_of(metric)
        assert most_series(metric) <= MOST_SERIES, name_of(metric)
        assert name_of(metric).startswith("tocsin_")


def test_the_same_name_means_the_same_in_every_service() -> None:
    told: dict[str, tuple[object, ...]] = {}
    for owner in SETS.values():
        for metric in metrics_of(owner):
            (family,) = metric.describe()
            meaning = (family.type, family.documentation, labels_of(metric))
            assert told.setdefault(name_of(metric), meaning) == meaning


def test_the_table_in_the_docs_is_that_of_the_code() -> None:
    assert main(["--check"]) == 0


def test_the_slowest_record_of_a_batch_lends_its_trace_to_the_histogram() -> None:
    """An operator goes from a slow bucket to the article that was slow."""
    metrics = ClassifierMetrics(CollectorRegistry(), "1")
    slow = record(1_000, ("traceparent", f"00-{TRACE}-00f067aa0ba902b7-01".encode()))
    other = record(2_000, ("traceparent", f"00-{'1' * 32}-00f067aa0ba902b7-01".encode()))
    observe_hop(metrics, "classify", [record(0), other, slow])
    encode, _ = choose_encoder("application/openmetrics-text; version=1.0.0")
    exposed = encode(metrics.registry).decode()
    assert f'trace_id="{TRACE}"' in exposed
    assert "1" * 32 not in exposed
    assert 'tocsin_hop_latency_seconds_count{hop="classify"} 3.0' in exposed


@pytest.mark.parametrize("header", ["", "00-", "00-xyz-1-01", "00-" + '"' * 32 + "-1-01"])
def test_a_broken_trace_is_no_exemplar(header: str) -> None:
    assert trace_exemplar(header) is None


def test_a_region_whose_alarm_is_over_falls_to_zero() -> None:
    """A series that vanished would be drawn as if the alarm went on."""
    metrics = DeliverMetrics(CollectorRegistry(), "1")
    metrics.tell_situation({"UA-59": 2}, {AlertType.AIR_RAID_WARNING: 3})
    metrics.tell_situation({"UA-63": 1}, {AlertType.AIR_RAID_WARNING: 1})

    def value(name: str, **labels: str) -> float | None:
        return metrics.registry.get_sample_value(name, labels)

    assert value("tocsin_alarms_on", region="UA-59") == 0
    assert value("tocsin_alarms_on", region="UA-63") == 1
    assert value("tocsin_events_standing", alert_type="air-raid-warning") == 1


def test_counters_that_alerts_watch_stand_at_zero_before_the_first_event() -> None:
    """A counter that is born at 5 shows no increase."""
    owner: CommonMetrics = SETS["classifier"]
    labels = {"topic": "articles.dead-letter", "reason": "undecodable"}
    assert owner.registry.get_sample_value("tocsin_dead_letters_total", labels) == 0
