"""`/v1/alerts`: the newest alerts whole, and the position from which a stream goes on."""

from collections.abc import Iterator
from itertools import islice

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tocsin_notifier.delivery.follow import Views
from tocsin_notifier.delivery.live.query import describe_refusal, read_filter, without
from tocsin_notifier.delivery.state_routes import not_read_yet
from tocsin_runtime.health import Health
from tocsin_schemas.filter import AlertFilter

MAX_ALERTS = 500
"""Most alerts in one answer."""

_DEFAULT_ALERTS = 100


def recent_routes(views: Views, health: Health) -> tuple[BaseRoute, ...]:
    """The route."""

    async def serve_recent(request: Request) -> Response:
        if not health.ready:
            return not_read_yet(health)
        given = request.query_params.get("limit", str(_DEFAULT_ALERTS))
        limit = int(given) if given.isascii() and given.isdecimal() and len(given) < 5 else 0
        if not 1 <= limit <= MAX_ALERTS:
            return JSONResponse({"error": f"limit: {given!r} is no number from 1 to 500"}, 400)
        try:
            wanted = read_filter(without(request.query_params, "limit"))
        except ValidationError as error:
            return JSONResponse({"error": describe_refusal(error)}, 400)
        # No await between the two: what comes after these alerts comes after this position.
        bodies = list(islice(_matching(views, wanted), limit))
        position = views.hub.layout.encode(views.hub.head)
        body = b'{"position": "%b", "life_safety": false, "alerts": [%b]}' % (
            position.encode(), b",\n".join(bodies),
        )  # fmt: skip
        return Response(body, media_type="application/json", headers={"cache-control": "no-store"})

    return (Route("/v1/alerts", serve_recent),)


def _matching(views: Views, wanted: AlertFilter) -> Iterator[bytes]:
    for kept in views.recent.newest():
        if wanted.matches(kept.alert()):
            yield kept.body
