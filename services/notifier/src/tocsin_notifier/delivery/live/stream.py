"""`/v1/stream`: alerts as Server-Sent Events, from where a listener stopped (docs/live-page.md)."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress

from aiokafka.errors import KafkaError
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from tocsin_notifier.delivery.live.hub import Entry, Hub, Listener
from tocsin_notifier.delivery.live.query import describe_refusal, read_filter, without
from tocsin_notifier.delivery.live.replay import Gap, Replayer
from tocsin_runtime.logs import get_logger
from tocsin_runtime.metrics import DeliverMetrics
from tocsin_schemas.filter import AlertFilter

_log = get_logger(__name__)

MAX_CHUNK = 64 * 1024
"""Bytes that are handed to a connection at once."""

_HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
)
_RETRY = b"retry: 2000\n\n"


class StreamRoute:
    """The ASGI application behind `/v1/stream`."""

    def __init__(
        self, hub: Hub, replayer: Replayer, metrics: DeliverMetrics, max_clients: int
    ) -> None:
        self._hub = hub
        self._replayer = replayer
        self._metrics = metrics
        self._max_clients = max_clients
        self._clients = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one listener until it goes, falls too far behind, or the service ends."""
        request = Request(scope, receive)
        try:
            wanted = read_filter(without(request.query_params, "last_event_id"))
        except ValidationError as error:
            told = {"error": describe_refusal(error)}
            await JSONResponse(told, 400)(scope, receive, send)
            return
        if self._clients >= self._max_clients:
            told = {"error": f"{self._max_clients} listeners are connected; try again later"}
            await JSONResponse(told, 503, {"retry-after": "10"})(scope, receive, send)
            return
        self._clients += 1
        self._metrics.stream_clients.set(self._clients)
        try:
            await self._serve(request, wanted, send)
        finally:
            self._clients -= 1
            self._metrics.stream_clients.set(self._clients)

    async def _serve(self, request: Request, wanted: AlertFilter, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [*_HEADERS]})
        resume = request.headers.get("last-event-id") or request.query_params.get("last_event_id")
        telling = Telling(self._hub, self._replayer, wanted, send)
        work = asyncio.ensure_future(telling.run(resume))
        telling.listener.cut_off = work.cancel
        gone = asyncio.ensure_future(_wait_gone(request.receive))
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        self._hub.leave(telling.listener)
        work.cancel()
        with suppress(asyncio.CancelledError, OSError):
            await work
        self._metrics.stream_alerts_total.inc(telling.told)
        if telling.listener.is_cut_off:
            self._metrics.stream_cut_offs_total.inc()
            return
        with suppress(OSError):
            await send({"type": "http.response.body", "body": b"", "more_body": False})


class Telling:
    """What one listener is told, and how far it has come."""

    def __init__(self, hub: Hub, replayer: Replayer, wanted: AlertFilter, send: Send) -> None:
        self._hub = hub
        self._replayer = replayer
        self._wanted = wanted
        self._send = send
        self._position: Sequence[int] = ()
        self._ahead = True
        """Whether the listener's position has something that the shared one has not."""
        self._chunk = bytearray()
        self._pulse = b""
        self.listener = Listener(cut_off=lambda: None)
        self.told = 0
        """Alerts told so far."""

    async def run(self, resume: str | None) -> None:
        """Tell everything since a position, then what comes, until cancelled or closed."""
        self._chunk += _RETRY
        await self._flush()
        await self._hub.wait_open()
        try:
            await self._catch_up(resume)
        except KafkaError as error:
            # The listener comes again with the same position: nothing is left out.
            _log.warning("cannot read again for a listener", why=str(error))
            return
        for entry in self._hub.listen(self.listener, self._position):
            await self._tell_entry(entry)
        while not self._hub.closed:
            for entry in self._hub.read_on(self.listener):
                self.listener.number = entry.number
                await self._tell_entry(entry)
            if self.listener.number < self._hub.newest:
                continue
            self._tell_pulse()
            await self._flush()
            if self.listener.number == self._hub.newest and self._pulse is self._hub.pulse:
                self.listener.woken.clear()
                await self.listener.woken.wait()

    async def _catch_up(self, resume: str | None) -> None:
        head = self._hub.head
        self._position = head
        found = None if resume is None else self._hub.layout.decode(resume)
        if found is None:
            if resume is not None:
                self._tell_gap(Gap("unknown", {}, head))
            return
        self._position = found
        # Before the reader's own position is where another replica's listener may come from; Kafka
        # knows whether it is one of these topics at all.
        if any(mine > at for mine, at in zip(found, head, strict=True)):
            await self._read_again()
        while not self._hub.remembers(self._position) and not self._hub.closed:
            await self._read_again()

    async def _read_again(self) -> None:
        until = self._hub.head
        async for found in self._replayer.read(self._position, until):
            if isinstance(found, Gap):
                self._position = found.position
                self._tell_gap(found)
                continue
            position = list(self._position)
            position[found.partition] = found.offset + 1
            self._position = position
            if self._wanted.matches(found.alert):
                await self._tell_alert(self._hub.layout.encode(position), found.alert.to_json())
        self._advance(until)

    async def _tell_entry(self, entry: Entry) -> None:
        if entry.offset < self._position[entry.partition]:
            return
        if self._ahead:
            self._advance(entry.position)
            self._ahead = tuple(self._position) != entry.position
        else:
            self._position = entry.position
        if not self._wanted.matches(entry.alert):
            return
        text = self._hub.layout.encode(self._position) if self._ahead else entry.position_id
        await self._tell_alert(text, entry.body)

    def _advance(self, position: Sequence[int]) -> None:
        self._position = tuple(map(max, self._position, position))

    async def _tell_alert(self, position_id: str, body: bytes) -> None:
        self._chunk += b"id: %b\nevent: alert\ndata: %b\n\n" % (position_id.encode(), body)
        self.told += 1
        if len(self._chunk) > MAX_CHUNK:
            await self._flush()

    def _tell_pulse(self) -> None:
        if self._pulse is self._hub.pulse:
            return
        self._pulse = self._hub.pulse
        self._advance(self._hub.head)
        text = self._hub.layout.encode(self._position).encode()
        self._chunk += b"id: %b\nevent: heartbeat\ndata: %b\n\n" % (text, self._pulse)

    def _tell_gap(self, gap: Gap) -> None:
        data = json.dumps({"reason": gap.reason, "lost": dict(gap.lost)}).encode()
        text = self._hub.layout.encode(gap.position).encode()
        self._chunk += b"id: %b\nevent: gap\ndata: %b\n\n" % (text, data)

    async def _flush(self) -> None:
        if self._chunk:
            chunk, self._chunk = bytes(self._chunk), bytearray()
            await self._send({"type": "http.response.body", "body": chunk, "more_body": True})


async def _wait_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
