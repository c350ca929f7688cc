"""`tocsin subscribe`: follow the alert topics, committed alerts only, each once."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import ConsumerRecord
from pydantic import ValidationError

from tocsin_cli.console import (
    EXIT_FAILED,
    EXIT_OK,
    EXIT_USAGE,
    emit,
    open_console,
    say,
    send_logs_to_stderr,
)
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
from tocsin_schemas.vocabulary import AlertType, Mode

AnyAlert = TerritorialClaimAlert | NegotiationStanceAlert | AirRaidWarningAlert

_REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_POLL_MS = 200
_MAX_REMEMBERED = 100_000
"""Alert ids of which a repeat is noticed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which alerts a subscriber wants."""

    types: Sequence[AlertType]
    """Types of alert."""
    regions: AbstractSet[str] = frozenset()
    """Codes of regions; empty for all, and for stances, which have none."""
    drills: bool = False
    """Whether exercises are wanted as well."""

    def takes(self, alert: AnyAlert) -> bool:
        """Whether an alert is one of them."""
        if alert.mode is Mode.TEST and not self.drills:
            return False
        return not self.regions or bool(self.regions & regions_of(alert))


def run_subscribe(wanted: Wanted, *, from_beginning: bool, count: int, as_json: bool) -> int:
    """Print alerts as they are committed, until Ctrl-C or until `count` were printed.

    Returns:
        0, 1 when a setting is wrong or Kafka fails, 2 when a region is no code.

    """
    send_logs_to_stderr()
    for region in sorted(wanted.regions):
        if not _REGION.fullmatch(region):
            say(f"error: --region: {region!r} is no ISO 3166-2 code; write it like UA-59")
            return EXIT_USAGE
    try:
        settings = load_settings(KafkaSettings)
        asyncio.run(_print(settings, wanted, from_beginning, count, as_json))
    except KeyboardInterrupt:
        return EXIT_OK
    except (TocsinError, KafkaError) as error:
        say(f"error: {error}")
        return EXIT_FAILED
    return EXIT_OK


async def _print(
    settings: KafkaSettings, wanted: Wanted, from_beginning: bool, count: int, as_json: bool
) -> None:
    topics = [ALERT_TOPICS[alert_type] for alert_type in wanted.types]
    await wait_for_broker(settings, topics)
    shown = 0
    async with AlertStream(settings, wanted.types, from_beginning=from_beginning) as alerts:
        say(f"following {', '.join(topics)} at {settings.kafka_bootstrap}")
        async for alert in alerts:
            if not wanted.takes(alert):
                continue
            print_alert(alert, as_json=as_json)
            shown += 1
            if shown == count:
                return


def regions_of(alert: AnyAlert) -> set[str]:
    """The regions' codes that an alert is about; a stance has none."""
    region = {alert.region} if isinstance(alert, AirRaidWarningAlert) else set()
    return region | {place.code for place in alert.places if place.code}


def print_alert(alert: AnyAlert, *, as_json: bool) -> None:
    """Print one alert: a JSON line, or a panel."""
    if as_json:
        emit(alert.to_json().decode())
    else:
        from tocsin_cli.panels import alert_panel

        open_console().print(alert_panel(alert))


class AlertStream:
    """Committed alerts as they come, in order within an event; a repeated alert_id is dropped.

    Use it as an asynchronous context manager and iterate over it once.
    """

    def __init__(
        self, settings: KafkaSettings, types: Sequence[AlertType], *, from_beginning: bool
    ) -> None:
        """Connect to nothing yet.

        Args:
            settings: where the broker is.
            types: types of alert to follow.
            from_beginning: everything kept, or only what comes from now on.

        """
        self._consumer = AIOKafkaConsumer(
            *(topic_name(settings, ALERT_TOPICS[alert_type]) for alert_type in types),
            bootstrap_servers=settings.kafka_bootstrap,
            client_id="tocsin-subscribe",
            enable_auto_commit=False,
            auto_offset_reset="earliest" if from_beginning else "latest",
            isolation_level="read_committed",
        )
        self._seen: dict[bytes, None] = {}

    async def __aenter__(self) -> Self:
        """Connect.

        Raises:
            aiokafka.errors.KafkaError: the broker does not answer.

        """
        try:
            await self._consumer.start()
        except BaseException:
            await self._consumer.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._consumer.stop()

    async def __aiter__(self) -> AsyncIterator[AnyAlert]:
        """Alerts for ever.

        Raises:
            aiokafka.errors.KafkaError: the broker fails for good.

        """
        while True:
            # A batch is handed over whole before the position moves on: see `wait_until_read`.
            for records in (await self._consumer.getmany(timeout_ms=_POLL_MS)).values():
                for record in records:
                    alert = _decode(record)
                    if alert is not None and self._is_new(alert.alert_id.bytes):
                        yield alert

    async def wait_until_read(
        self, ends: Mapping[TopicPartition, int], deadline_seconds: float
    ) -> None:
        """Wait until everything before these offsets was handed over by an iteration elsewhere.

        Raises:
            TimeoutError: it was not read in time.

        """
        end_time = asyncio.get_running_loop().time() + deadline_seconds
        for partition, end in ends.items():
            while await self._consumer.position(partition) < end:
                if asyncio.get_running_loop().time() > end_time:
                    raise TimeoutError(f"{partition.topic} was not read to its end in time")
                await asyncio.sleep(_POLL_MS / 1000)

    def _is_new(self, alert_id: bytes) -> bool:
        if alert_id in self._seen:
            return False
        self._seen[alert_id] = None
        if len(self._seen) > _MAX_REMEMBERED:
            del self._seen[next(iter(self._seen))]
        return True


def _decode(record: ConsumerRecord[bytes, bytes]) -> AnyAlert | None:
    try:
        return decode_alert(record.value or b"")
    except ValidationError as error:
        say(f"skipped {record.topic} {record.partition}:{record.offset}: {error}")
        return None
