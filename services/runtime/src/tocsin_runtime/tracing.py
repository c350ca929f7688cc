"""The way of an article, hop by hop: here as it is without spans, and how they are switched on.

The way stands in the headers of the records (W3C trace context), whether spans are recorded or
not: `traceparent` is the hop before, `ce_traceparent` where the way began. OpenTelemetry is loaded
only when a collector is named.
"""

import re
import secrets
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from tocsin_runtime.dead_letter import Headers, Received
from tocsin_runtime.metrics import CommonMetrics
from tocsin_runtime.settings import ServiceSettings
from tocsin_schemas.envelope import header, headers_of

TRACEPARENT = "traceparent"
START = "ce_traceparent"

Value = str | int | float | bool | Sequence[str]
"""What an attribute of a span may hold."""

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")


def read_traceparent(given: str | None) -> tuple[str, str, str] | None:
    """Trace, span and flags in hexadecimal; None where there is none, or one that is broken."""
    match = _TRACEPARENT.fullmatch(given.strip()) if given else None
    if match and int(match[1], 16) and int(match[2], 16):
        return match[1], match[2], match[3]
    return None


def next_traceparent(given: str | None) -> str:
    """The `traceparent` of a hop that nobody records.

    Args:
        given: the header of the caller; one that breaks the format counts as none.

    """
    parts = read_traceparent(given)
    if parts is None:
        return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
    trace_id, _, flags = parts
    return f"00-{trace_id}-{secrets.token_hex(8)}-{flags}"


class Hop:
    """One step on the way of an article while it is taken; this one is not recorded."""

    __slots__ = ("traceparent",)

    def __init__(self, traceparent: str | None = None) -> None:
        self.traceparent = traceparent
        """Where what comes of it goes on; None leaves the headers as they came."""

    def pass_on(self, headers: Headers) -> Headers:
        """The trace headers of a record that comes of one with these headers."""
        came, start = header(headers, TRACEPARENT), header(headers, START)
        if self.traceparent:
            came, start = self.traceparent, start or came
        found = {TRACEPARENT: came, START: start}
        return tuple(headers_of({name: value for name, value in found.items() if value}))

    def note(self, **attributes: Value) -> None:
        """Add attributes; `article_id` becomes `tocsin.article_id`."""

    def fail(self, why: str) -> None:
        """Mark it as failed, with a word that says why."""

    def end(self) -> None:
        """Note that what came of it is stored, or told; a hop that never ends is not sent."""


_UNRECORDED = Hop()


class Tracing:
    """Begins hops; this one records none."""

    def enter(
        self,
        name: str,  # noqa: ARG002 - for those that record
        caller: str | None,
        *,
        topic: str,  # noqa: ARG002 - for those that record
        since: datetime,  # noqa: ARG002 - for those that record
    ) -> Hop:
        """Begin the way of an article: it goes on with the caller's trace, or begins one.

        Args:
            name: of the span.
            caller: the `traceparent` of whoever handed it over; a broken one counts as none.
            topic: where it is sent.
            since: when it came.

        """
        return Hop(next_traceparent(caller))

    def receive(
        self,
        name: str,  # noqa: ARG002 - for those that record
        record: Received,  # noqa: ARG002 - for those that record
        beside: Iterable[Headers] = (),  # noqa: ARG002 - for those that record
    ) -> Hop:
        """Begin a hop on a record that was read.

        Args:
            name: of the span.
            record: its `traceparent` is the hop before.
            beside: headers of records that share the hop, each on a way of its own.

        """
        return _UNRECORDED

    async def close(self) -> None:
        """Send what waits."""


OFF = Tracing()
"""Records nothing."""


@asynccontextmanager
async def open_tracing(settings: ServiceSettings, metrics: CommonMetrics) -> AsyncIterator[Tracing]:
    """Tracing as the settings want it, and what waits sent at the end; off without a collector."""
    if not settings.otlp_endpoint:
        yield OFF
        return
    from tocsin_runtime.spans import create_tracing

    tracing = create_tracing(settings, metrics)
    yield tracing
    await tracing.close()
