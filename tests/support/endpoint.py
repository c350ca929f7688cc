"""A webhook endpoint of the tests' own, which misbehaves on order and keeps what it was sent."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

from support.web import serve_in_threads


@dataclass(frozen=True)
class Reply:
    """What to answer."""

    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)
    wait_seconds: float = 0
    """Before the answer."""
    endless: bool = False
    """The body never ends."""


@dataclass(frozen=True)
class Request:
    """What came."""

    at: datetime
    headers: dict[str, str]
    body: bytes

    @property
    def alert(self) -> dict[str, Any]:
        """The alert in it."""
        data: dict[str, Any] = json.loads(self.body)["data"]
        return data


@dataclass
class Endpoint:
    """A server on 127.0.0.1 that answers as told."""

    reply: Callable[[Request], Reply] = lambda _: Reply()
    port: int = 0
    requests: list[Request] = field(default_factory=list)
    """All that came, in order."""
    accepted: list[Request] = field(default_factory=list)
    """All that was answered with 2xx."""
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}/hook?key=hidden"

    def alert_ids(self) -> list[str]:
        """The alerts that it took, in order, repeats included."""
        return [one.alert["alert_id"] for one in self.accepted]


@contextmanager
def running_endpoint(
    reply: Callable[[Request], Reply] = lambda _: Reply(), port: int = 0
) -> Iterator[Endpoint]:
    """Run an endpoint until the block ends, on a free port or on that one."""
    endpoint = Endpoint(reply)
    with serve_in_threads(_handler_of(endpoint), port) as endpoint.port:
        try:
            yield endpoint
        finally:
            endpoint.released.set()


def _handler_of(endpoint: Endpoint) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(datetime.now(UTC), headers, body)
            endpoint.requests.append(request)
            answer = endpoint.reply(request)
            if answer.wait_seconds:
                endpoint.released.wait(answer.wait_seconds)
            try:
                self._answer(request, answer)
            except OSError:  # the other side did not wait
                self.close_connection = True

        def _answer(self, request: Request, answer: Reply) -> None:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if not answer.endless:
                self.send_header("content-length", "0")
            self.end_headers()
            if 200 <= answer.status < 300:
                endpoint.accepted.append(request)
            while answer.endless and not endpoint.released.is_set():
                self.wfile.write(b"x" * 65536)
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            return

    return Handler
