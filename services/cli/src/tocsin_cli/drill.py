"""`tocsin drill`: a marked test article through the whole pipeline and out through every sink."""

import asyncio
import json
import time
import tomllib
from datetime import UTC, datetime
from importlib import resources
from uuid import uuid4

import httpx2
from aiokafka.errors import KafkaError

from tocsin_classifier.domain.region_table import RegionTable
from tocsin_cli.console import EXIT_FAILED, EXIT_OK, EXIT_USAGE, emit, say, send_logs_to_stderr
from tocsin_cli.ingest import is_loopback
from tocsin_cli.subscribe import open_stream
from tocsin_cli.subscribe_output import print_alert
from tocsin_client import AlertFilter, AlertStream, AnyAlert
from tocsin_runtime.errors import TocsinError
from tocsin_runtime.kafka import topic_name, wait_for_broker
from tocsin_runtime.settings import KafkaSettings, load_settings
from tocsin_schemas.topics import ALERT_TOPICS
from tocsin_schemas.vocabulary import AlertType, Mode

_ALARM = (
    "An air raid alert has been declared in {region} because of attack drones. "
    "Residents are urged to go to shelters."
)
_ALL_CLEAR = "The all-clear has been given in {region}."


class DrillError(TocsinError):
    """The drill's alert did not come."""


def run_drill(region: str, url: str, *, timeout_seconds: float, as_json: bool) -> int:
    """Send a drill's alarm, wait for its alert, end it with an all-clear and wait for that.

    Returns:
        0, 1 when the alert did not come in time or something cannot be reached, 2 when the region
        is none that is known.

    """
    send_logs_to_stderr()
    names = _region_names()
    if region not in names:
        say(f"error: --region: {region!r} is no region of Ukraine or Russia; write it like UA-59")
        return EXIT_USAGE
    try:
        settings = load_settings(KafkaSettings)
        asyncio.run(_Drill(settings, url, timeout_seconds, as_json).run(names[region]))
    except KeyboardInterrupt:
        return EXIT_FAILED
    except (TocsinError, KafkaError) as error:
        say(f"error: {error}")
        return EXIT_FAILED
    return EXIT_OK


def _region_names() -> dict[str, str]:
    path = resources.files("tocsin_classifier").joinpath("data/places/regions.toml")
    table = RegionTable.model_validate(tomllib.loads(path.read_text("utf-8")))
    return {unit.code: unit.name for unit in table.region if unit.code}


class _Drill:
    def __init__(
        self, settings: KafkaSettings, url: str, timeout_seconds: float, as_json: bool
    ) -> None:
        self._settings = settings
        self._url = url
        self._timeout_seconds = timeout_seconds
        self._as_json = as_json

    async def run(self, name: str) -> None:
        topic = ALERT_TOPICS[AlertType.AIR_RAID_WARNING]
        await wait_for_broker(self._settings, [topic])
        wanted = AlertFilter(types=(AlertType.AIR_RAID_WARNING,), modes=(Mode.TEST,))
        async with open_stream(self._settings, wanted, since=None) as alerts:
            say(f"drill: alarm for {name} to {self._url}, waiting on "
                f"{topic_name(self._settings, topic)}")  # fmt: skip
            try:
                await self._send_and_wait(alerts, _ALARM.format(region=name))
            finally:
                # A drill that stays on would swallow the next one: it would be the same alarm.
                await self._send_and_wait(alerts, _ALL_CLEAR.format(region=name))

    async def _send_and_wait(self, alerts: AlertStream, text: str) -> None:
        start = time.monotonic()
        article_id = await asyncio.to_thread(self._post, text)
        try:
            async with asyncio.timeout(self._timeout_seconds):
                alert = await _find(alerts, article_id)
        except TimeoutError:
            raise DrillError(
                f"no alert of article {article_id} within {self._timeout_seconds:g} s; is every "
                "service ready? A drill that was on already takes another as a repeat: try again"
            ) from None
        self._print(alert, time.monotonic() - start)

    def _post(self, text: str) -> str:
        article = {
            "id": f"drill-{uuid4()}",
            "title": "DRILL",
            "text": text,
            "language": "en",
            "publisher": "Tocsin drill",
            "published_at": datetime.now(UTC).isoformat(),
            "source": {"id": "drill", "kind": "api"},
            "mode": Mode.TEST,
        }
        host = httpx2.URL(self._url).host
        try:
            with httpx2.Client(timeout=30, trust_env=not is_loopback(host)) as client:
                answer = client.post(f"{self._url.rstrip('/')}/v1/articles", json=article)
                answer.raise_for_status()
                return str(answer.json()["articles"][0]["article_id"])
        except (httpx2.HTTPError, ValueError, LookupError) as error:
            raise DrillError(
                f"{self._url} did not take the drill: {error}; set --url or TOCSIN_INGEST_URL"
            ) from error

    def _print(self, alert: AnyAlert, seconds: float) -> None:
        if self._as_json:
            emit(json.dumps({"seconds": round(seconds, 3), "alert": json.loads(alert.to_json())}))
        else:
            print_alert(alert, as_json=False)
            emit(f"{alert.headline}: {seconds:.2f} s from the article to the alert")


async def _find(alerts: AlertStream, article_id: str) -> AnyAlert:
    async for received in alerts:
        if article_id in {str(one.article_id) for one in received.alert.evidence}:
            return received.alert
    raise AssertionError("unreachable: the stream does not end")
