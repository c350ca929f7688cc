"""Messages for people on a real broker, through Apprise to a server of the tests' own."""

import asyncio
import json
import signal
from datetime import UTC, datetime, timedelta
from typing import Any

from support.alerts import event_id, make_alert, publish_alerts
from support.endpoint import Endpoint, Reply, running_endpoint
from support.services import Fleet, ServiceProcess, wait_until
from support.subscriptions import QUICK, delivering
from tocsin_notifier.domain.outcome import AnyAlert
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.vocabulary import AlertType, Mode, Phase


def notification(name: str, **changes: Any) -> dict[str, Any]:
    """A notification as it stands in the file."""
    values = {
        "name": name,
        "kind": "notification",
        "apprise": {"env": "TEST_APPRISE"},
        "collect_seconds": 1,
        "rate": 100,
        "retry": QUICK,
    }
    return values | changes


def start(fleet: Fleet, endpoint: Endpoint, *subscriptions: dict[str, Any]) -> ServiceProcess:
    """A delivery whose messages go to the endpoint."""
    address = f"json://127.0.0.1:{endpoint.port}/?cto=2&rto=2"
    return delivering(fleet, *subscriptions, TEST_APPRISE=address)


def publish(kafka: KafkaSettings, *alerts: AnyAlert) -> None:
    """Write alerts."""
    asyncio.run(publish_alerts(kafka, alerts))


def messages(endpoint: Endpoint) -> list[dict[str, str]]:
    """What people would read, in order."""
    return [json.loads(one.body) for one in endpoint.accepted]


def titles(endpoint: Endpoint) -> list[str]:
    """What they would read first."""
    return [one["title"] for one in messages(endpoint)]


def test_an_incident_is_one_message_and_what_is_on_goes_at_once(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """Failures are repeated; a drill comes only to those who ask, and says so first."""
    replies = [Reply(500), Reply(503)]
    incident = event_id("incident")
    past: dict[str, Any] = {"phase": Phase.REPORTED, "instruction": "none", "incident_id": incident}
    with running_endpoint(lambda _: replies.pop(0) if replies else Reply()) as endpoint:
        deliver = start(
            fleet, endpoint,
            notification("live", collect_seconds=3),
            notification("drills", filter={"modes": ["test"]}),
        )  # fmt: skip
        publish(
            kafka,
            *(make_alert(name, headline=f"Attack {name}", **past) for name in range(4)),
            make_alert("on", headline="Alarm on"),
            make_alert("drill", headline="DRILL: Alarm", mode=Mode.TEST),
        )
        wait_until(lambda: len(messages(endpoint)) == 3, 30, "three messages")
        assert titles(endpoint)[-1].startswith("4 alerts: Attack ")
        assert {"Alarm on", "DRILL: Alarm"} == set(titles(endpoint)[:2])
        assert all(f"Attack {name}\n“" in messages(endpoint)[-1]["message"] for name in range(4))
        wait_until(lambda: deliver.metric("tocsin_subscription_waiting_alerts") == 0, 10, "done")


def test_quiet_hours_hold_back_all_but_what_is_urgent(kafka: KafkaSettings, fleet: Fleet) -> None:
    """The rest comes in one message when they are over, also after a restart; nothing twice."""
    now = datetime.now(UTC)
    quiet = {
        "begin": f"{now - timedelta(hours=1):%H:%M}",
        "end": f"{now + timedelta(hours=2):%H:%M}",
    }
    claim = AlertType.TERRITORIAL_CLAIM
    held = [make_alert(name, claim, incident_id=event_id(name)) for name in range(3)]
    with running_endpoint() as endpoint:
        phone = notification("phone", time_zone="UTC", quiet_hours=quiet)
        deliver = start(fleet, endpoint, phone)
        publish(kafka, *held, make_alert("on", headline="Alarm on"))
        wait_until(lambda: titles(endpoint) == ["Alarm on"], 20, "what is on")
        wait_until(lambda: deliver.metric("tocsin_subscription_waiting_alerts") == 3, 10, "3 wait")
        deliver.send(signal.SIGTERM)
        assert deliver.wait(15) == 0
        # The same hours, but a zone in which they are over.
        over = now.replace(minute=0) - timedelta(hours=12)
        elsewhere = {"begin": f"{over:%H:%M}", "end": f"{over + timedelta(hours=1):%H:%M}"}
        start(fleet, endpoint, phone | {"quiet_hours": elsewhere})
        wait_until(lambda: len(titles(endpoint)) >= 4, 20, "what was held back")
        publish(kafka, make_alert("later", headline="Alarm later"))
        wait_until(lambda: "Alarm later" in titles(endpoint), 20, "what came last")
        assert sorted(titles(endpoint)) == sorted(
            ["Alarm on", *(one.headline for one in held), "Alarm later"]
        )
