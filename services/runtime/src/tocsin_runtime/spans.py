"""Hops as spans of OpenTelemetry, sent to a collector (OTLP over HTTP, protobuf) and counted."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from importlib.metadata import version
from threading import Thread

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from tocsin_runtime.dead_letter import Headers, Received
from tocsin_runtime.metrics import CommonMetrics
from tocsin_runtime.settings import ServiceSettings
from tocsin_runtime.tracing import TRACEPARENT, Hop, Tracing, Value, read_traceparent
from tocsin_schemas.envelope import header

_TRACES_PATH = "/v1/traces"

_CLOSE_SECONDS = 2.0
"""What the collector has not taken by then is lost: a stop must not wait for it."""

_NANOSECONDS = 1_000_000_000


class RecordedHop(Hop):
    """A hop with its span."""

    __slots__ = ("_span",)

    def __init__(self, span: Span) -> None:
        context = span.get_span_context()
        super().__init__(
            f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
        )
        self._span = span

    def note(self, **attributes: Value) -> None:
        """Add attributes; `article_id` becomes `tocsin.article_id`."""
        self._span.set_attributes({f"tocsin.{name}": value for name, value in attributes.items()})

    def fail(self, why: str) -> None:
        """Mark it as failed, with a word that says why."""
        self._span.set_status(Status(StatusCode.ERROR, why))

    def end(self) -> None:
        """Queue its span."""
        self._span.end()


class SpanTracing(Tracing):
    """Begins hops that are recorded where their trace is sampled."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("tocsin")

    def enter(self, name: str, caller: str | None, *, topic: str, since: datetime) -> Hop:
        """Begin the way of an article."""
        attributes = {
            "messaging.system": "kafka",
            "messaging.operation.type": "send",
            "messaging.destination.name": topic,
        }
        started = int(since.timestamp() * _NANOSECONDS)
        span = self._tracer.start_span(
            name, _inside(caller), SpanKind.PRODUCER, attributes, start_time=started
        )
        return RecordedHop(span)

    def receive(self, name: str, record: Received, beside: Iterable[Headers] = ()) -> Hop:
        """Begin a hop on a record that was read."""
        attributes: dict[str, Value] = {
            "messaging.system": "kafka",
            "messaging.operation.type": "process",
            "messaging.destination.name": record.topic,
            "messaging.destination.partition.id": str(record.partition),
            "messaging.kafka.offset": record.offset,
        }
        contexts = map(_context_of, beside)
        span = self._tracer.start_span(
            name,
            _inside(header(record.headers, TRACEPARENT)),
            SpanKind.CONSUMER,
            attributes,
            links=[Link(one) for one in contexts if one is not None],
        )
        return RecordedHop(span)

    async def close(self) -> None:
        """Send what waits, for two seconds at the most."""
        loop, sent = asyncio.get_running_loop(), asyncio.Event()

        def shut_down() -> None:
            self._provider.shutdown()
            with suppress(RuntimeError):  # the loop has ended before
                loop.call_soon_threadsafe(sent.set)

        Thread(target=shut_down, daemon=True).start()
        with suppress(TimeoutError):
            await asyncio.wait_for(sent.wait(), _CLOSE_SECONDS)


class _CountingExporter(SpanExporter):
    """Counts what the collector took, and what it did not."""

    def __init__(self, inner: SpanExporter, metrics: CommonMetrics) -> None:
        self._inner = inner
        self._metrics = metrics

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._inner.export(spans)
        outcome = "sent" if result is SpanExportResult.SUCCESS else "failed"
        self._metrics.trace_spans_total.labels(outcome).inc(len(spans))
        return result

    def shutdown(self) -> None:
        self._inner.shutdown()


class _CountingProcessor(BatchSpanProcessor):
    """Counts what was recorded."""

    def __init__(self, exporter: SpanExporter, metrics: CommonMetrics) -> None:
        super().__init__(_CountingExporter(exporter, metrics))
        self._recorded = metrics.trace_spans_total.labels("recorded")

    def on_end(self, span: ReadableSpan) -> None:
        if span.context is not None and span.context.trace_flags.sampled:
            self._recorded.inc()
        super().on_end(span)


def create_tracing(settings: ServiceSettings, metrics: CommonMetrics) -> Tracing:
    """Tracing that sends to the collector of the settings.

    Args:
        settings: name the collector and this replica; the rest is told by OpenTelemetry's own
            variables, such as `OTEL_EXPORTER_OTLP_HEADERS`.
        metrics: where spans are counted.

    """
    for outcome in ("recorded", "sent", "failed"):
        metrics.trace_spans_total.labels(outcome)
    resource = Resource.create(
        {
            "service.namespace": "tocsin",
            "service.name": settings.service,
            "service.instance.id": settings.instance_id,
            "service.version": version("tocsin-runtime"),
        }
    )
    sampler = ParentBased(TraceIdRatioBased(settings.trace_ratio))
    provider = TracerProvider(sampler, resource, shutdown_on_exit=False)
    exporter = OTLPSpanExporter(settings.otlp_endpoint.rstrip("/") + _TRACES_PATH)
    provider.add_span_processor(_CountingProcessor(exporter, metrics))
    return SpanTracing(provider)


def _context_of(headers: Headers) -> SpanContext | None:
    return _parse(header(headers, TRACEPARENT))


def _parse(traceparent: str | None) -> SpanContext | None:
    parts = read_traceparent(traceparent)
    if parts is None:
        return None
    trace_id, span_id, flags = (int(part, 16) for part in parts)
    return SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))


def _inside(traceparent: str | None) -> Context:
    parent = _parse(traceparent)
    return Context() if parent is None else set_span_in_context(NonRecordingSpan(parent), Context())
