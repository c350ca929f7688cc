"""Alerts with known ids, written to the alert topics as the notifier writes them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from aiokafka import AIOKafkaProducer

from tocsin_notifier.domain.outcome import AnyAlert
from tocsin_runtime.kafka import producer_options, topic_name
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas import ids
from tocsin_schemas.alerts import ALERT_MODELS
from tocsin_schemas.envelope import encode_alert
from tocsin_schemas.vocabulary import AlertType

_EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples"


def event_id(name: object) -> UUID:
    """The id of the event that a test calls by that name."""
    return uuid5(NAMESPACE_URL, f"event {name}")


def make_alert(
    name: object = 1,
    alert_type: AlertType = AlertType.AIR_RAID_WARNING,
    example: str = "new",
    **changes: Any,
) -> AnyAlert:
    """A committed example as an event of its own, sent now; fields are replaced as given."""
    path = _EXAMPLES / alert_type / f"{example}.json"
    values = ALERT_MODELS[alert_type].model_validate_json(path.read_bytes()).model_dump()
    now = datetime.now(UTC)
    event, revision = event_id(name), changes.get("revision", values["revision"])
    values |= {
        "event_id": event,
        "alert_id": ids.alert_id(event, revision),
        "references": tuple(ids.alert_id(event, former) for former in range(1, revision)),
        "sent_at": now,
        "expires_at": now + timedelta(hours=3),
    }
    return ALERT_MODELS[alert_type].model_validate(values | changes)


async def publish_alerts(
    settings: KafkaSettings, alerts: Iterable[AnyAlert], *, at: datetime | None = None
) -> None:
    """Write alerts in their order, each stored before the next; `at` is the records' time."""
    milliseconds = None if at is None else int(at.timestamp() * 1000)
    async with AIOKafkaProducer(**producer_options(settings, "tests")) as producer:
        for alert in alerts:
            message = encode_alert(alert)
            await producer.send_and_wait(
                topic_name(settings, message.topic), message.value,
                key=message.key, headers=list(message.headers), timestamp_ms=milliseconds,
            )  # fmt: skip
