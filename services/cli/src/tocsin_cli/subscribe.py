"""`tocsin subscribe`: follow the alert topics, committed alerts only, each once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from collections.abc import Set as AbstractSet

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from pydantic import ValidationError

from tocsin_cli.console import EXIT_FAILED, EXIT_OK, emit, open_console, say
from tocsin_runtime.errors import TocsinError
from tocsin_runtime.kafka import topic_name, wait_for_broker
from tocsin_runtime.settings import KafkaSettings, load_settings
from tocsin_schemas.alerts import (
    AirRaidWarningAlert,
    NegotiationStanceAlert,
    TerritorialClaimAlert,
)
from tocsin_schemas.envelope import decode_alert
from tocsin_schemas.topics import ALERT_TOPICS
from tocsin_schemas.vocabulary import AlertType

AnyAlert = TerritorialClaimAlert | NegotiationStanceAlert | AirRaidWarningAlert


def run_subscribe(
    types: Sequence[AlertType],
    regions: Sequence[str],
    *,
    from_beginning: bool,
    count: int,
    as_json: bool,
) -> int:
    """Print alerts as they are committed, until Ctrl-C or until `count` were printed.

    Returns:
        0, or 1 when a setting is wrong or Kafka fails.

    """
    try:
        settings = load_settings(KafkaSettings)
        asyncio.run(_print(settings, types, set(regions), from_beginning, count, as_json))
    except KeyboardInterrupt:
        return EXIT_OK
    except (TocsinError, KafkaError) as error:
        say(f"error: {error}")
        return EXIT_FAILED
    return EXIT_OK


async def _print(
    settings: KafkaSettings,
    types: Sequence[AlertType],
    regions: AbstractSet[str],
    from_beginning: bool,
    count: int,
    as_json: bool,
) -> None:
    topics = [ALERT_TOPICS[alert_type] for alert_type in types]
    await wait_for_broker(settings, topics)
    shown = 0
    async for alert in follow_alerts(settings, types, from_beginning=from_beginning):
        if regions and not regions & {place.code for place in alert.places}:
            continue
        print_alert(alert, as_json=as_json)
        shown += 1
        if shown == count:
            return


def print_alert(alert: AnyAlert, *, as_json: bool) -> None:
    """Print one alert: a JSON line, or a panel."""
    if as_json:
        emit(alert.to_json().decode())
    else:
        from tocsin_cli.panels import alert_panel

        open_console().print(alert_panel(alert))


async def follow_alerts(
    settings: KafkaSettings, types: Sequence[AlertType], *, from_beginning: bool
) -> AsyncIterator[AnyAlert]:
    """Committed alerts of the given types as they come; a repeated alert_id is dropped.

    Args:
        settings: where the broker is.
        types: types of alert to follow.
        from_beginning: everything kept, or only what comes from now on.

    Yields:
        Alerts, in order within an event.

    Raises:
        aiokafka.errors.KafkaError: the broker fails for good.

    """
    consumer = AIOKafkaConsumer(
        *(topic_name(settings, ALERT_TOPICS[alert_type]) for alert_type in types),
        bootstrap_servers=settings.kafka_bootstrap,
        client_id="tocsin-subscribe",
        enable_auto_commit=False,
        auto_offset_reset="earliest" if from_beginning else "latest",
        isolation_level="read_committed",
    )
    await consumer.start()
    seen: dict[bytes, None] = {}
    try:
        async for message in consumer:
            try:
                alert = decode_alert(message.value or b"")
            except ValidationError as error:
                say(f"skipped {message.topic} {message.partition}:{message.offset}: {error}")
                continue
            if alert.alert_id.bytes not in seen:
                _remember(seen, alert.alert_id.bytes)
                yield alert
    finally:
        await consumer.stop()


def _remember(seen: dict[bytes, None], alert_id: bytes, limit: int = 100_000) -> None:
    seen[alert_id] = None
    if len(seen) > limit:
        del seen[next(iter(seen))]
