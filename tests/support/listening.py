"""A listener on `/v1/stream`, in the plainest way: what stands on the wire, event by event."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Event:
    """One Server-Sent Event."""

    name: str
    id: str
    data: dict[str, Any]


class Listening:
    """One open connection."""

    def __init__(self, reader: asyncio.StreamReader, head: str) -> None:
        self._reader = reader
        self.head = head
        """Status line and headers."""
        self.last_id = ""

    async def next(self, name: str | None = None, seconds: float = 30) -> Event:
        """The next event, or the next one of that name; fails when it takes too long."""
        async with asyncio.timeout(seconds):
            while True:
                event = await self._read()
                if name in (None, event.name):
                    return event

    async def alerts(self, count: int, seconds: float = 30) -> list[dict[str, Any]]:
        """The next alerts."""
        return [(await self.next("alert", seconds)).data for _ in range(count)]

    async def _read(self) -> Event:
        fields: dict[str, str] = {}
        while True:
            line = (await self._reader.readuntil(b"\n")).decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "data" in fields:
                self.last_id = fields.get("id", self.last_id)
                return Event(fields["event"], self.last_id, json.loads(fields["data"]))
            else:
                fields = {}


@asynccontextmanager
async def listening(
    port: int,
    query: str = "",
    last_event_id: str | None = None,
    *,
    receive_bytes: int | None = None,
) -> AsyncIterator[Listening]:
    """Connect and read the head of the answer; HTTP/1.0, so that no chunks are in the way.

    Args:
        port: of the delivery.
        query: such as `?region=UA-59`.
        last_event_id: from where to resume.
        receive_bytes: take so little in that the server soon waits for us.

    """
    link = socket.socket()
    if receive_bytes is not None:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    link.setblocking(False)
    await asyncio.get_running_loop().sock_connect(link, ("127.0.0.1", port))
    limit = receive_bytes or 2**21
    reader, writer = await asyncio.open_connection(sock=link, limit=max(limit, 2**17))
    try:
        resume = f"Last-Event-ID: {last_event_id}\r\n" if last_event_id else ""
        writer.write(f"GET /v1/stream{query} HTTP/1.0\r\nHost: test\r\n{resume}\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        yield Listening(reader, head)
    finally:
        writer.close()
