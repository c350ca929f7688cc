"""`/v1/feeds/{type}.atom`, `/v1/feeds/cap.atom` and `/v1/cap/{alert_id}.xml` (docs/feeds.md)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from uuid import UUID

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from tocsin_notifier.delivery.domain import atom, cap
from tocsin_notifier.delivery.domain.recent import Kept, Recent
from tocsin_notifier.delivery.live.query import describe_refusal, read_filter
from tocsin_notifier.delivery.state_routes import not_read_yet
from tocsin_notifier.domain.outcome import AnyAlert
from tocsin_runtime.health import Health
from tocsin_schemas.alerts import AirRaidWarningAlert
from tocsin_schemas.filter import AlertFilter
from tocsin_schemas.vocabulary import AlertType

MAX_ENTRIES = 100
"""Entries in a feed; older ones are left out."""

_CAP = "cap"
_TITLES = {
    AlertType.TERRITORIAL_CLAIM: "Territorial claims",
    AlertType.NEGOTIATION_STANCE: "Negotiation stances",
    AlertType.AIR_RAID_WARNING: "Air-raid warnings and attacks reported",
}


def feed_routes(
    recent: Recent, health: Health, profile: cap.CapProfile, public_url: str
) -> tuple[BaseRoute, ...]:
    """The routes.

    Args:
        recent: the alerts.
        health: says whether all of them were read.
        profile: who speaks.
        public_url: address of the service for links; empty for the one that was asked.

    """
    feeds = _Feeds(recent, health, profile, public_url.rstrip("/"))
    return (
        Route("/v1/feeds/{name}.atom", feeds.serve_feed),
        Route("/v1/cap/{alert_id}.xml", feeds.serve_cap),
    )


class _Feeds:
    def __init__(
        self, recent: Recent, health: Health, profile: cap.CapProfile, public_url: str
    ) -> None:
        self._recent = recent
        self._health = health
        self._profile = profile
        self._public_url = public_url

    async def serve_feed(self, request: Request) -> Response:
        if not self._health.ready:
            return not_read_yet(self._health)
        name = request.path_params["name"]
        if name != _CAP and name not in tuple(AlertType):
            known = ", ".join((*AlertType, _CAP))
            return JSONResponse({"error": f"no feed {name!r}; known: {known}"}, 404)
        alert_type = AlertType.AIR_RAID_WARNING if name == _CAP else AlertType(name)
        try:
            wanted = read_filter(request.query_params.multi_items())
        except ValidationError as error:
            return JSONResponse({"error": describe_refusal(error)}, 400)
        now = datetime.now(UTC)
        found = list(islice(self._matching(alert_type, wanted), MAX_ENTRIES))
        feed = self._describe(request, name, alert_type)
        if name == _CAP:
            current = [(kept, alert) for kept, alert in found if alert.expires_at > now]
            return _answer(request, atom.to_cap_index(feed, current, now), atom.MEDIA_TYPE)
        return _answer(request, atom.to_atom(feed, found, now), atom.MEDIA_TYPE)

    async def serve_cap(self, request: Request) -> Response:
        if not self._health.ready:
            return not_read_yet(self._health)
        kept = self._find(request.path_params["alert_id"])
        alert = kept.alert() if kept else None
        if kept is None or not isinstance(alert, AirRaidWarningAlert):
            told = {"error": "no air-raid warning of that alert_id is kept; see /v1/feeds/cap.atom"}
            return JSONResponse(told, 404)
        if str(kept.alert_id) != request.path_params["alert_id"].lower():
            # A message that was replaced is not shown as it was: it might say that an alarm is on.
            return RedirectResponse(f"/v1/cap/{kept.alert_id}.xml", 307)
        text = cap.to_cap(alert, self._profile, now=datetime.now(UTC), sent=kept.sent)
        return _answer(request, text, cap.MEDIA_TYPE)

    def _find(self, alert_id: str) -> Kept | None:
        try:
            return self._recent.latest_of(UUID(alert_id))
        except ValueError:
            return None

    def _matching(
        self, alert_type: AlertType, wanted: AlertFilter
    ) -> Iterator[tuple[Kept, AnyAlert]]:
        for kept in self._recent.newest(alert_type):
            alert = kept.alert()
            if wanted.matches(alert):
                yield kept, alert

    def _describe(self, request: Request, name: str, alert_type: AlertType) -> atom.Feed:
        regions = ", ".join(request.query_params.getlist("region"))
        query = f"?{request.url.query}" if request.url.query else ""
        kind = "CAP messages" if name == _CAP else _TITLES[alert_type]
        return atom.Feed(
            name=name + query.replace("?", ":"),
            title=f"Tocsin: {kind}" + (f", {regions}" if regions else ""),
            authority=self._profile.sender,
            base_url=self._public_url or str(request.base_url).rstrip("/"),
            path=f"/v1/feeds/{name}.atom{query}",
        )


def _answer(request: Request, text: str, media_type: str) -> Response:
    body = text.encode()
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "no-cache"}
    given = request.headers.get("if-none-match", "")
    if tag in {one.strip().removeprefix("W/") for one in given.split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=f"{media_type}; charset=utf-8")
