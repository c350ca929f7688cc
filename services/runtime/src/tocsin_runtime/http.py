"""The HTTP side of every service: `/metrics`, `/healthz`, `/readyz`, and its own routes."""

import asyncio
import contextlib
import socket
from collections.abc import Generator, Sequence

import uvicorn
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tocsin_runtime.errors import StartError
from tocsin_runtime.health import Health
from tocsin_runtime.metrics import CommonMetrics

_GRACE_SECONDS = 1
"""How long open requests may go on after the service stops."""


def create_app(
    metrics: CommonMetrics, health: Health, routes: Sequence[BaseRoute] = ()
) -> Starlette:
    """The application of a service: its own routes beside those that all have."""

    async def serve_metrics(request: Request) -> Response:
        metrics.ready.set(1 if health.ready else 0)
        return _expose(metrics.registry, request.headers.get("accept", ""))

    async def serve_alive(_: Request) -> Response:
        return JSONResponse(
            {"alive": health.alive, **health.report()}, 200 if health.alive else 503
        )

    async def serve_ready(_: Request) -> Response:
        return JSONResponse(
            {"ready": health.ready, **health.report()}, 200 if health.ready else 503
        )

    return Starlette(
        routes=[
            *routes,
            Route("/metrics", serve_metrics),
            Route("/healthz", serve_alive),
            Route("/readyz", serve_ready),
        ]
    )


def _expose(registry: CollectorRegistry, accept: str) -> Response:
    encode, content_type = choose_encoder(accept)
    return Response(encode(registry), headers={"content-type": content_type})


class _Server(uvicorn.Server):
    """Uvicorn inside a loop of ours: signals are the service's business."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


class HttpServer:
    """Serves an application until it is stopped; the port is bound before `start` returns."""

    def __init__(self, app: Starlette, host: str, port: int) -> None:
        self._socket = _bind(host, port)
        self.port: int = self._socket.getsockname()[1]
        """The port that is listened on."""
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        self._server = _Server(config)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to serve."""
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))

    async def stop(self) -> None:
        """Finish open requests, for a second at the most, and close the port."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task
        self._socket.close()


def _bind(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
        listener.setblocking(False)
    except OSError as error:
        raise StartError(
            f"cannot listen on {host}:{port}: {error.strerror or error}; "
            "set TOCSIN_HTTP_HOST and TOCSIN_HTTP_PORT to a free address (port 0 takes any)"
        ) from error
    return listener
