"""What is on now over HTTP: `/v1/state/regions` and `/v1/state/stances` (docs/state-api.md)."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tocsin_notifier.domain.situation import Situation
from tocsin_runtime.health import Health

_UNCACHED = {"cache-control": "no-store"}


def state_routes(situation: Situation, health: Health) -> tuple[BaseRoute, ...]:
    """The routes; they answer 503 until everything that counts now was read."""

    async def serve_regions(request: Request) -> Response:
        now = datetime.now(UTC)
        regions = situation.regions(now, request.query_params.get("region"))
        return _answer(health, now, "regions", regions)

    async def serve_stances(request: Request) -> Response:
        now = datetime.now(UTC)
        stances = situation.stances(now, request.query_params.get("actor"))
        return _answer(health, now, "actors", stances)

    return (
        Route("/v1/state/regions", serve_regions),
        Route("/v1/state/stances", serve_stances),
    )


def _answer(health: Health, now: datetime, name: str, found: list[dict[str, object]]) -> Response:
    if not health.ready:
        return not_read_yet(health)
    told_at = now.isoformat().replace("+00:00", "Z")
    return JSONResponse({"as_of": told_at, "life_safety": False, name: found}, headers=_UNCACHED)


def not_read_yet(health: Health) -> Response:
    """The answer while the alerts from before the start are still being read."""
    reasons = "; ".join(f"{part}: {why}" for part, why in health.report().items())
    told = {"error": f"the alerts have not been read yet ({reasons}); try again in a second"}
    return JSONResponse(told, 503, headers=_UNCACHED | {"retry-after": "1"})
