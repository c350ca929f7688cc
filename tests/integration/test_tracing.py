"""One article's way as one trace, through the services as they are released, on a real broker."""

import json
import signal
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from support.collector import Collector, Seen, running_collector
from support.endpoint import Endpoint, Reply, Request, running_endpoint
from support.services import Fleet, ServiceProcess, wait_until
from support.subscriptions import delivering, webhook

ALARM = "Air raid alert in Sumy region, everyone is told to go to the shelters at once."
MISSILES = "Missiles are heading for Sumy region right now, take shelter!"
REJECTION = "Moscow rejects talks with Kyiv, the Kremlin said."
CALLER = "00f067aa0ba902b7"
SECONDS = 60


def start(fleet: Fleet, endpoint: Endpoint, **environment: str) -> list[ServiceProcess]:
    """The four services, ready; ingest comes first."""
    commands = {
        "ingest": ("tocsin-ingest",),
        "classifier": ("tocsin-classifier",),
        "notifier": ("tocsin-notifier", "correlate"),
    }
    folder = str(fleet.folder / "index")
    services = [
        fleet.service(f"{name}-1", *command, TOCSIN_INGEST_DATA_DIR=folder, **environment)
        for name, command in commands.items()
    ]
    for service in services:
        service.start()
    services.append(delivering(fleet, webhook("desk", endpoint), **environment))
    for service in services:
        service.wait_ready()
    return services


def post(ingest: ServiceProcess, name: str, text: str, trace_id: str = "", flags: int = 1) -> None:
    """Hand an article over, within a trace or without."""
    article = {
        "text": text,
        "url": f"https://{name}.example/1",
        "publisher": name,
        "published_at": datetime.now(UTC).isoformat(),
    }
    headers = {"content-type": "application/json"}
    if trace_id:
        headers["traceparent"] = f"00-{trace_id}-{CALLER}-{flags:02x}"
    url = f"http://127.0.0.1:{ingest.port}/v1/articles"
    request = urllib.request.Request(url, json.dumps(article).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 202


def wait_for_hops(collector: Collector, trace_id: str, hops: int) -> list[Seen]:
    """Wait until a trace has so many spans, and no more."""
    wait_until(lambda: len(collector.trace(trace_id)) >= hops, SECONDS, f"{hops} hops")
    found = collector.trace(trace_id)
    assert len(found) == hops, [(one.service, one.span.name) for one in found]
    return found


@pytest.fixture
def collector() -> Iterator[Collector]:
    with running_collector() as running:
        yield running


def test_one_articles_trace_holds_each_hop_under_the_one_before(
    fleet: Fleet, collector: Collector
) -> None:
    """From the caller's span to the endpoint, each failed attempt too, and who took each hop."""
    refused: list[Request] = []

    def refuse_first_alarm(request: Request) -> Reply:
        if refused or request.alert["alert_type"] != "air-raid-warning":
            return Reply()
        refused.append(request)
        return Reply(503)

    trace_id, second_id = "4bf92f3577b34da6a3ce929d0e0e4736", "5" * 32
    with running_endpoint(refuse_first_alarm) as endpoint:
        ingest, *_ = start(
            fleet, endpoint, TOCSIN_OTLP_ENDPOINT=collector.url, OTEL_BSP_SCHEDULE_DELAY="100"
        )
        post(ingest, "unsampled", REJECTION, "6" * 32, flags=0)
        post(ingest, "first", ALARM, trace_id)
        hops = wait_for_hops(collector, trace_id, 5)
        names = [(one.service, one.span.name, one.failed) for one in hops]
        assert names == [
            ("ingest", "ingest article", False),
            ("classifier", "classify article", False),
            ("notifier", "correlate detection", False),
            ("deliver", "deliver alert", True),
            ("deliver", "deliver alert", False),
        ]
        assert [one.parent_id for one in hops] == [
            CALLER, hops[0].span_id, hops[1].span_id, hops[2].span_id, hops[2].span_id
        ]  # fmt: skip
        assert [one.resource["service.instance.id"] for one in hops] == [
            "ingest-1", "classifier-1", "notifier-1", "deliver-1", "deliver-1"
        ]  # fmt: skip
        assert all(one.span.end_time_unix_nano >= one.span.start_time_unix_nano for one in hops)
        article_ids = {one.attributes["tocsin.article_id"] for one in hops[:3]}
        assert len(article_ids) == 1
        alert_id = refused[0].alert["alert_id"]
        assert hops[2].attributes["tocsin.alert_ids"] == (alert_id,)
        assert {one.attributes["tocsin.alert_id"] for one in hops[3:]} == {alert_id}
        topics = [str(one.attributes["messaging.destination.name"]) for one in hops]
        assert [topic.removeprefix(fleet.prefix) for topic in topics] == [
            "articles", "articles", "detections", *2 * ["alerts.air-raid-warning.v1"]
        ]  # fmt: skip
        # A second article on the same event has its own trace; the event's alert is in both.
        post(ingest, "second", MISSILES, second_id)
        others = wait_for_hops(collector, second_id, 4)
        assert others[2].attributes["tocsin.event_ids"] == hops[2].attributes["tocsin.event_ids"]
        assert others[2].attributes["tocsin.alert_statuses"] == ("updated",)
        assert not collector.trace("6" * 32)
        assert set(collector.paths) == {"/v1/traces"}


def test_nothing_is_sent_and_nothing_is_missing_while_tracing_is_off(
    fleet: Fleet, collector: Collector
) -> None:
    """No variable of OpenTelemetry switches it on; alerts come all the same."""
    with running_endpoint() as endpoint:
        services = start(fleet, endpoint, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
        post(services[0], "first", ALARM, "7" * 32)
        wait_until(lambda: bool(endpoint.accepted), SECONDS, "the alert is told")
        for service in services:
            assert "tocsin_trace_spans_total{" not in service.get("/metrics")[1]
            service.send(signal.SIGTERM)
        assert [service.wait(20) for service in services] == [0, 0, 0, 0]
    assert collector.paths == []
