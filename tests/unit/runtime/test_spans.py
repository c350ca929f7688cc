"""Spans: who is sampled, what is linked, what is counted, and that nothing loads while off."""

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry

from support.collector import running_collector
from support.services import free_port
from tocsin_notifier.delivery.domain.backlog import Waiting
from tocsin_notifier.delivery.domain.retry import Answer, Verdict
from tocsin_notifier.delivery.subscriptions.sink import Parcel, Plan
from tocsin_notifier.delivery.subscriptions.traced import TracedSink
from tocsin_runtime.dead_letter import Received
from tocsin_runtime.errors import SettingsError
from tocsin_runtime.metrics import CommonMetrics
from tocsin_runtime.settings import ServiceSettings, load_settings
from tocsin_runtime.spans import create_tracing
from tocsin_runtime.tracing import OFF, Tracing, open_tracing

NOON = datetime(2024, 8, 20, 12, 0, tzinfo=UTC)
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"


def make_metrics() -> CommonMetrics:
    return CommonMetrics(CollectorRegistry(), "service", "1")


def make_settings(url: str, ratio: float = 1.0) -> ServiceSettings:
    return load_settings(
        ServiceSettings, otlp_endpoint=url, trace_ratio=ratio, instance_id="service-7"
    )


def counted(metrics: CommonMetrics, outcome: str) -> float | None:
    return metrics.registry.get_sample_value("tocsin_trace_spans_total", {"outcome": outcome})


def enter(tracing: Tracing, caller: str | None = None) -> str:
    """One whole hop; gives what its record carries."""
    hop = tracing.enter("ingest article", caller, topic="articles", since=NOON)
    hop.end()
    assert hop.traceparent is not None
    return hop.traceparent


def record(traceparent: str, *others: tuple[str, bytes]) -> Received:
    headers = (("traceparent", traceparent.encode()), *others)
    return Received("detections", 3, 17, b"key", b"value", headers)


async def test_a_hop_goes_on_with_the_one_before_and_remembers_the_beginning() -> None:
    """The record's own headers name the hop; the beginning is set once and stays."""
    with running_collector() as collector:
        metrics = make_metrics()
        async with open_tracing(make_settings(collector.url + "/"), metrics) as tracing:
            begun = enter(tracing, f"00-{TRACE}-{SPAN}-01")
            hop = tracing.receive("classify article", record(begun))
            headers = hop.pass_on(record(begun).headers)
            assert dict(headers)["ce_traceparent"].decode() == begun
            later = tracing.receive("correlate detection", record(begun, *headers[1:]))
            assert dict(later.pass_on(headers))["ce_traceparent"].decode() == begun
            hop.fail("too-slow")
            hop.end()
        first, second = collector.trace(TRACE)
        assert (first.parent_id, second.parent_id) == (SPAN, first.span_id)
        assert first.span.start_time_unix_nano == NOON.timestamp() * 1e9
        assert (second.failed, second.span.status.message) == (True, "too-slow")
        assert first.resource["service.instance.id"] == "service-7"
        assert first.resource["service.namespace"] == "tocsin"
        assert [counted(metrics, one) for one in ("recorded", "sent", "failed")] == [2, 2, 0]


@pytest.mark.parametrize(
    ("ratio", "caller", "sampled"),
    [
        (0.0, None, False),
        (1.0, None, True),
        (0.0, f"00-{TRACE}-{SPAN}-01", True),
        (1.0, f"00-{TRACE}-{SPAN}-00", False),
        (1.0, "rubbish", True),
    ],
)
async def test_the_ratio_decides_where_a_trace_begins_and_the_caller_where_it_goes_on(
    ratio: float, caller: str | None, sampled: bool
) -> None:
    with running_collector() as collector:
        metrics = make_metrics()
        tracing = create_tracing(make_settings(collector.url, ratio), metrics)
        carried = enter(tracing, caller)
        await tracing.close()
        assert bool(int(carried[-2:], 16) & 1) is sampled
        assert len(collector.seen) == counted(metrics, "recorded") == sampled


class TwoInOne:
    """Takes everything at once."""

    connections = 1

    def plan(self, waiting: object, now: datetime) -> Plan:
        raise NotImplementedError

    async def send(self, parcel: Parcel, now: datetime) -> Answer:
        return Answer(Verdict.DELIVERED, "sent")

    async def close(self) -> None:
        return


async def test_alerts_that_are_told_together_are_linked() -> None:
    """Each has a hop in its own trace, which names the other's."""
    traces = ("a" * 32, "b" * 32)
    with running_collector() as collector:
        tracing = create_tracing(make_settings(collector.url), make_metrics())
        parcel = tuple(
            Waiting(
                ("alerts", 0, number), b"event", "group", NOON, NOON,
                headers=record(f"00-{trace}-{SPAN}-01").headers,
            )
            for number, trace in enumerate(traces)
        )  # fmt: skip
        await TracedSink(TwoInOne(), "desk", tracing).send(parcel, NOON)
        await tracing.close()
        told = [collector.trace(trace) for trace in traces]
        assert [[link.trace_id.hex() for link in one.span.links] for (one,) in told] == [
            [traces[1]],
            [traces[0]],
        ]
        assert [one.attributes["tocsin.subscription"] for (one,) in told] == ["desk", "desk"]


async def test_a_collector_that_is_away_holds_no_stop_up_and_its_spans_are_counted() -> None:
    """Two seconds for the last spans, no more."""
    metrics = make_metrics()
    tracing = create_tracing(make_settings(f"http://127.0.0.1:{free_port()}"), metrics)
    enter(tracing)
    started = time.monotonic()
    await tracing.close()
    assert time.monotonic() - started < timedelta(seconds=10).total_seconds()
    assert (counted(metrics, "recorded"), counted(metrics, "sent")) == (1, 0)


async def test_off_nothing_is_recorded_and_the_way_stands_in_the_headers_all_the_same() -> None:
    """A record's headers pass on as they came."""
    async with open_tracing(make_settings(""), make_metrics()) as tracing:
        assert tracing is OFF
    assert enter(OFF, f"00-{TRACE}-{SPAN}-00")[:36] == f"00-{TRACE}-"
    came = record(f"00-{TRACE}-{SPAN}-01", ("ce_traceparent", b"start"), ("other", b"x")).headers
    hop = OFF.receive("classify article", record(""))
    hop.note(article_id="1")
    hop.fail("failed")
    assert hop.pass_on(came) == came[:2]
    assert hop.pass_on(()) == ()


def test_off_opentelemetry_is_not_even_loaded() -> None:
    """A service that is not traced pays neither memory nor time for it."""
    code = (
        "import sys, tocsin_ingest.bootstrap, tocsin_classifier.bootstrap, "
        "tocsin_notifier.correlation.bootstrap, tocsin_notifier.delivery.bootstrap; "
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "value"),
    [("otlp_endpoint", "collector:4318"), ("otlp_endpoint", "ftp://x"), ("trace_ratio", 1.5)],
)
def test_a_wrong_setting_is_named(name: str, value: object) -> None:
    with pytest.raises(SettingsError, match=f"TOCSIN_{name.upper()}"):
        load_settings(ServiceSettings, **{name: value})
