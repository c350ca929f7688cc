"""The published schemas over HTTP: `/v1/schemas` and `/v1/schemas/{type}/v1.json`."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tocsin_schemas.published import MAJOR, schema_names, schema_of

_CACHE = {"cache-control": "public, max-age=300"}


def schema_routes() -> tuple[BaseRoute, ...]:
    """The routes."""
    return (
        Route("/v1/schemas", _serve_list),
        Route(f"/v1/schemas/{{name}}/{MAJOR}.json", _serve_schema),
    )


async def _serve_list(request: Request) -> Response:
    base = str(request.base_url).rstrip("/")
    links = {name: f"{base}/v1/schemas/{name}/{MAJOR}.json" for name in schema_names()}
    return JSONResponse({"schemas": links}, headers=_CACHE)


async def _serve_schema(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in schema_names():
        known = ", ".join(schema_names())
        return JSONResponse({"error": f"type: no schema {name!r}; known: {known}"}, 404)
    return JSONResponse(schema_of(name), headers=_CACHE, media_type="application/schema+json")
