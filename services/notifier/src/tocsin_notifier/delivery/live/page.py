"""The live page: static files of this package under a strict Content-Security-Policy."""

from collections.abc import Awaitable, Callable
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

_FILES = resources.files("tocsin_notifier.delivery.live").joinpath("static")

_MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
}

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-cache",
}
"""Nothing but our own files runs, loads or is asked; what we show links out without a referrer."""


def page_routes() -> tuple[BaseRoute, ...]:
    """A route for each file, read once; `/` is the page itself."""
    files = {entry.name: entry.read_bytes() for entry in _FILES.iterdir() if entry.is_file()}
    routes = [
        Route(f"/page/{name}", _server_of(content, name))
        for name, content in files.items()
        if name.rpartition(".")[2] in _MEDIA_TYPES
    ]
    return (Route("/", _server_of(files["index.html"], "index.html")), *routes)


def _server_of(content: bytes, name: str) -> Callable[[Request], Awaitable[Response]]:
    headers = HEADERS | {"content-type": _MEDIA_TYPES[name.rpartition(".")[2]]}

    async def serve_file(_: Request) -> Response:
        return Response(content, headers=headers)

    return serve_file
