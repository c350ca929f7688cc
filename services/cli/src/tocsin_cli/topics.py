"""`tocsin topics`: create and list the topics of the table."""

import asyncio
import json

from aiokafka.errors import KafkaError

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
from tocsin_runtime.kafka import create_topics, topic_name, wait_for_broker
from tocsin_runtime.settings import KafkaSettings, load_settings
from tocsin_schemas.topics import TOPICS


def run_create(replication: int, *, archive: bool, wait_seconds: float) -> int:
    """Create the topics that do not exist yet, once the broker answers.

    Returns:
        0, 1 when the broker refused or did not answer in time, 2 when used wrongly.

    """
    send_logs_to_stderr()
    try:
        settings = load_settings(KafkaSettings)
        if archive and not settings.topic_prefix:
            say("error: --archive: live topics take no replays; set TOCSIN_TOPIC_PREFIX")
            return EXIT_USAGE
        created = asyncio.run(_create(settings, replication, archive, wait_seconds))
    except TimeoutError:
        say(f"error: no broker answered within {wait_seconds:.0f} s at {settings.kafka_bootstrap}; "
            "start one or set TOCSIN_KAFKA_BOOTSTRAP")  # fmt: skip
        return EXIT_FAILED
    except (TocsinError, KafkaError) as error:
        say(f"error: {error}")
        return EXIT_FAILED
    for name, what in created.items():
        say(f"{what:8} {name}")
    return EXIT_OK


async def _create(
    settings: KafkaSettings, replication: int, archive: bool, wait_seconds: float
) -> dict[str, str]:
    async with asyncio.timeout(wait_seconds):
        await wait_for_broker(settings)
    return await create_topics(settings, replication=replication, archive=archive)


def run_list(*, as_json: bool) -> int:
    """Print the table of topics with their full names.

    Returns:
        0, or 1 when a setting is wrong.

    """
    try:
        settings = load_settings(KafkaSettings)
    except TocsinError as error:
        say(f"error: {error}")
        return EXIT_FAILED
    rows = [
        {**topic.model_dump(mode="json"), "name": topic_name(settings, topic.name)}
        for topic in TOPICS.values()
    ]
    if as_json:
        for row in rows:
            emit(json.dumps(row))
        return EXIT_OK
    from rich.table import Table

    table = Table("topic", "key", "partitions", "clean-up", "holds")
    for row in rows:
        cleanup = row["config"]["cleanup.policy"]
        table.add_row(row["name"], row["key"], str(row["partitions"]), cleanup, row["holds"])
    open_console().print(table)
    return EXIT_OK
