"""`tocsin explain-event`: the life of one event, by the alert topics alone."""

import asyncio
import json
from typing import Any
from uuid import UUID

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.partitioner import DefaultPartitioner
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
from tocsin_cli.event_history import Step, steps_of
from tocsin_cli.topic_log import partitions_of, read_log
from tocsin_runtime.errors import TocsinError
from tocsin_runtime.kafka import wait_for_broker
from tocsin_runtime.settings import KafkaSettings, load_settings
from tocsin_schemas.envelope import decode_alert
from tocsin_schemas.filter import AnyAlert
from tocsin_schemas.topics import ALERT_TOPICS

_BROKER_SECONDS = 15.0


def run_explain_event(event_id: str, *, as_json: bool) -> int:
    """Print every revision of an event with the reason and what changed.

    Returns:
        0, 1 when there is no such event or Kafka fails, 2 when the id is none.

    """
    send_logs_to_stderr()
    try:
        wanted = UUID(event_id)
    except ValueError:
        say(f"error: {event_id!r} is no event id; alerts carry it as event_id, a UUID")
        return EXIT_USAGE
    try:
        settings = load_settings(KafkaSettings)
        steps = steps_of(asyncio.run(_find(settings, wanted)))
    except TimeoutError:
        say("error: no broker answered; set TOCSIN_KAFKA_BOOTSTRAP")
        return EXIT_FAILED
    except (TocsinError, KafkaError) as error:
        say(f"error: {error}")
        return EXIT_FAILED
    if not steps:
        say(f"error: no alert of event {wanted} stands on the alert topics")
        return EXIT_FAILED
    for step in steps:
        if as_json:
            emit(json.dumps(step.to_row(), ensure_ascii=False))
        else:
            _show(step)
    return EXIT_OK


async def _find(settings: KafkaSettings, event_id: UUID) -> list[AnyAlert]:
    async with asyncio.timeout(_BROKER_SECONDS):
        await wait_for_broker(settings, ALERT_TOPICS.values())
    key = str(event_id).encode()
    choose = DefaultPartitioner()
    partitions: list[TopicPartition] = []
    for topic in ALERT_TOPICS.values():
        every = partitions_of(settings, [topic])
        # All revisions of an event stand in the partition of its key.
        partitions.append(choose(key, every, every))
    found: list[AnyAlert] = []
    async for record in read_log(settings, partitions):
        if record.key == key:
            try:
                found.append(decode_alert(record.value or b""))
            except ValidationError as error:
                say(f"skipped {record.topic} {record.partition}:{record.offset}: {error}")
    return found


def _show(step: Step) -> None:
    from rich.console import Group, RenderableType
    from rich.panel import Panel
    from rich.table import Table
    from rich.text import Text

    from tocsin_cli.panels import quote_in_sentence

    alert = step.alert
    changes = Table.grid(padding=(0, 2))
    for one in step.changes:
        changes.add_row(one.field, Text(f"{_short(one.before)}  to  {_short(one.now)}"))
    sources = ", ".join(dict.fromkeys(source.publisher for source in alert.sources))
    counted = alert.corroboration
    parts: list[RenderableType] = [
        Text(alert.headline, style="bold"),
        *(Text(f"{alert.change_reason}: {text}") for text in step.why),
        changes,
        *(Text("+ ").append_text(quote_in_sentence(piece)) for piece in step.evidence_added),
        *(Text("- ").append_text(quote_in_sentence(piece)) for piece in step.evidence_gone),
        Text(
            f"{counted.articles} articles, {counted.publishers} independent publishers, "
            f"{', '.join(counted.languages)}: {sources}",
            style="dim",
        ),
    ]
    title = f"{alert.alert_type}  revision {alert.revision}  {alert.status}"
    panel = Panel(Group(*parts), title=title, subtitle=f"{alert.sent_at:%Y-%m-%d %H:%M:%S} UTC",
                  title_align="left")  # fmt: skip
    open_console().print(panel)


def _short(value: Any) -> str:  # noqa: ANN401 - any field of an alert
    if isinstance(value, list):
        named = [one.get("canonical_name") or one.get("headline") or one.get("publisher") or "…"
                 if isinstance(one, dict) else str(one) for one in value]  # fmt: skip
        return ", ".join(named) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_short(inner)}" for name, inner in value.items())
    return "none" if value is None else str(value)
