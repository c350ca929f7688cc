"""`/v1/state` of a delivery: rebuilt from the alert topics at each start."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from factories import make_all_clear, make_place, make_stance
from support.services import Fleet, ServiceProcess, wait_until
from support.stream import alarm, publish_detections
from support.topics import wait_until_processed
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.topics import DETECTIONS
from tocsin_schemas.vocabulary import Level


def regions(deliver: ServiceProcess, query: str = "") -> dict[str, Any]:
    """The regions that are answered, by code."""
    status, body = deliver.get(f"/v1/state/regions{query}")
    assert status == 200, body
    return {one["region"]: one for one in json.loads(body)["regions"]}


async def test_what_is_on_is_known_after_a_restart(kafka: KafkaSettings, fleet: Fleet) -> None:
    """Alarms and stances of all partitions; an all-clear takes its alarm off, also while it runs.

    The notifier starts only when one alarm's time is up: it is late when sent, and is never on.
    """
    now = datetime.now(UTC)
    stance = make_stance(name="talks", at=now)
    late = alarm(3, at=now - timedelta(seconds=58), active_for=60)
    await publish_detections(kafka, [late, alarm(1), alarm(2), stance])
    time_is_up = now + timedelta(seconds=3)
    wait_until(lambda: datetime.now(UTC) > time_is_up, 10, "the alarm of UA-48 is late")
    fleet.notifier().start()
    await wait_until_processed(kafka, DETECTIONS, "notifier")
    deliver = fleet.deliver()
    deliver.start()
    deliver.wait_ready()

    found = regions(deliver)
    assert {code for code, one in found.items() if one["under_alarm"]} == {"UA-53", "UA-65"}
    [told_late] = found["UA-48"]["warnings"]
    assert told_late["standing"] in ("late", "reported")
    assert set(regions(deliver, "?region=UA-65")) == {"UA-65"}
    answer = json.loads(deliver.get("/v1/state/stances")[1])
    assert [one["actor"] for one in answer["actors"]] == ["RU"]
    assert answer["life_safety"] is False

    place = make_place(name="Raion 1", canonical_name="Raion 1", code="UA-53", level=Level.RAION)
    clear = make_all_clear(place, name="clear", at=datetime.now(UTC))
    await publish_detections(kafka, [clear])
    wait_until(lambda: not regions(deliver)["UA-53"]["under_alarm"], 30, "the all-clear is known")
    [ended] = regions(deliver)["UA-53"]["warnings"]
    assert ended["standing"] == "ended"
    assert deliver.metric("tocsin_delivery_alerts_read_total") == 1
