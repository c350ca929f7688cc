"""A collector of traces of the tests' own: takes OTLP over HTTP and keeps the spans."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from support.web import serve_in_threads


@dataclass(frozen=True)
class Seen:
    """A span as it came, with the service that sent it."""

    resource: dict[str, object]
    span: Span
    attributes: dict[str, object]

    @property
    def service(self) -> object:
        """The service's name."""
        return self.resource["service.name"]

    @property
    def trace_id(self) -> str:
        """In hexadecimal, as in a `traceparent`."""
        return self.span.trace_id.hex()

    @property
    def span_id(self) -> str:
        """In hexadecimal."""
        return self.span.span_id.hex()

    @property
    def parent_id(self) -> str:
        """In hexadecimal; empty at the beginning of a trace."""
        return self.span.parent_span_id.hex()

    @property
    def failed(self) -> bool:
        """Whether its status is an error."""
        return self.span.status.code == Status.STATUS_CODE_ERROR


@dataclass
class Collector:
    """What came at a server on 127.0.0.1."""

    port: int = 0
    paths: list[str] = field(default_factory=list)
    """Of every request, in order."""
    seen: list[Seen] = field(default_factory=list)

    @property
    def url(self) -> str:
        """What a service is told; the path of traces is its own business."""
        return f"http://127.0.0.1:{self.port}"

    def trace(self, trace_id: str) -> list[Seen]:
        """The spans of a trace in the order of their starts."""
        found = [one for one in list(self.seen) if one.trace_id == trace_id]
        return sorted(found, key=lambda one: one.span.start_time_unix_nano)


def _value(value: AnyValue) -> object:
    if value.HasField("array_value"):
        return tuple(_value(one) for one in value.array_value.values)
    kind = value.WhichOneof("value")
    return None if kind is None else getattr(value, kind)


def _attributes(given: "list[KeyValue]") -> dict[str, object]:
    return {one.key: _value(one.value) for one in given}


def _read(body: bytes) -> Iterator[Seen]:
    for resource_spans in ExportTraceServiceRequest.FromString(body).resource_spans:
        resource = _attributes(list(resource_spans.resource.attributes))
        for scope_spans in resource_spans.scope_spans:
            for span in scope_spans.spans:
                yield Seen(resource, span, _attributes(list(span.attributes)))


def _handler_of(collector: Collector) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            collector.paths.append(self.path)
            collector.seen += _read(body)
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(200)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            return

    return Handler


@contextmanager
def running_collector() -> Iterator[Collector]:
    """Run a collector until the block ends, on a free port."""
    collector = Collector()
    with serve_in_threads(_handler_of(collector)) as collector.port:
        yield collector
