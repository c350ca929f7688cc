"""How long records took on a hop, with the trace of the slowest as exemplar."""

import time
from collections.abc import Iterable, Sequence

from tocsin_runtime.dead_letter import Received
from tocsin_runtime.metrics import CommonMetrics

_TRACE = slice(3, 35)
"""Where the trace id stands in a W3C `traceparent`."""


def exemplar_of(headers: Iterable[tuple[str, bytes]]) -> dict[str, str] | None:
    """The trace id of a record as an exemplar; None without one."""
    for name, value in headers:
        if name == "traceparent":
            return trace_exemplar(value.decode("ascii", "replace"))
    return None


def trace_exemplar(traceparent: str) -> dict[str, str] | None:
    """The trace id of a `traceparent` as an exemplar; None when it holds none."""
    trace_id = traceparent[_TRACE]
    return {"trace_id": trace_id} if len(trace_id) == 32 and trace_id.isalnum() else None


def observe_hop(metrics: CommonMetrics, hop: str, records: Sequence[Received]) -> None:
    """Note how long ago each record of a batch was written; the batch is done now."""
    now = time.time()
    latency = metrics.hop_latency_seconds.labels(hop)
    traced = (record for record in records if record.headers)
    slowest = min(traced, key=lambda record: record.timestamp_ms, default=None)
    for record in records:
        seconds = max(0.0, now - record.timestamp_ms / 1000)
        if record is slowest:
            latency.observe(seconds, exemplar_of(record.headers))
        else:
            latency.observe(seconds)
