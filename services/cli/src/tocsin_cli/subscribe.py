"""`tocsin subscribe`: follow the alert topics, committed alerts only, each once."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from aiokafka.errors import KafkaError
from pydantic import ValidationError

from tocsin_cli.console import EXIT_OK, EXIT_USAGE, say, send_logs_to_stderr
from tocsin_cli.letters import LetterError, parse_since
from tocsin_cli.subscribe_output import CapOutput, JsonOutput, LiveTable, Output, Panels
from tocsin_client import AlertFilter, AlertStream, AlertType, MissingTopicError, Skipped
from tocsin_client.start import Since
from tocsin_runtime.connection import security_options
from tocsin_runtime.errors import TocsinError
from tocsin_runtime.kafka import wait_for_broker
from tocsin_runtime.settings import KafkaSettings, load_settings
from tocsin_schemas.topics import ALERT_TOPICS

EXIT_NONE = 1
"""Fewer alerts than asked for came before the time was up."""

EXIT_BROKEN = 3
"""Kafka or a setting: told apart from no alert, since silence must not hide an outage."""


class Format(StrEnum):
    """How alerts are shown."""

    PANELS = "panels"
    TABLE = "table"
    JSON = "json"
    CAP = "cap"


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line."""

    wanted: Mapping[str, Any]
    """Fields of an AlertFilter, unchecked."""
    since: str | None = None
    """30m, 2h, 3d or a time; None for what comes from now on."""
    from_beginning: bool = False
    """Everything kept."""
    count: int = 0
    """End after so many alerts; 0 never."""
    timeout: float | None = None
    """End after so many seconds."""
    form: Format = Format.PANELS
    """How alerts are shown."""


class UsageError(Exception):
    """An option has a value that it cannot have."""


@dataclass(slots=True)
class _Tally:
    shown: int = 0


def run_subscribe(request: Request) -> int:
    """Show alerts as they are committed, until Ctrl-C, `count` or `timeout`.

    Returns:
        See `tocsin subscribe --help`.

    """
    send_logs_to_stderr()
    tally = _Tally()
    try:
        wanted, since = read_filter(request), read_since(request)
        settings = load_settings(KafkaSettings)
        asyncio.run(_follow(settings, wanted, since, request, tally))
    except UsageError as error:
        say(f"error: {error}")
        return EXIT_USAGE
    except KeyboardInterrupt:
        return EXIT_OK
    except (TocsinError, KafkaError, MissingTopicError) as error:
        say(f"error: {error}")
        return EXIT_BROKEN
    return EXIT_OK if tally.shown >= max(1, request.count) else EXIT_NONE


def read_filter(request: Request) -> AlertFilter:
    """The filter that was asked for.

    Raises:
        UsageError: names the option, the value seen and what is allowed.

    """
    fields = dict(request.wanted)
    if request.form is Format.CAP:
        if set(fields.get("types") or ()) - {AlertType.AIR_RAID_WARNING}:
            raise UsageError("--format cap: only an air-raid-warning can be told in CAP")
        fields["types"] = (AlertType.AIR_RAID_WARNING,)
    try:
        return AlertFilter.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    option = _OPTIONS.get(str(first["loc"][0]), str(first["loc"][0]))
    hint = _HINTS.get(option, first["msg"])
    raise UsageError(f"{option}: {first['input']!r} cannot be; {hint}")


_OPTIONS = {
    "regions": "--region", "languages": "--language", "min_severity": "--severity",
    "min_confidence": "--confidence", "statuses": "--status", "types": "TYPES",
}  # fmt: skip
_HINTS = {
    "--region": "write an ISO 3166-2 code like UA-59, or UA for all of Ukraine",
    "--language": "write an ISO 639-1 code like uk",
    "--confidence": "write a number from 0 to 1",
}


def read_since(request: Request) -> Since:
    """Where to begin.

    Raises:
        UsageError: --since is no time, or contradicts --from-beginning.

    """
    if request.from_beginning:
        if request.since:
            raise UsageError("--since: leave it out with --from-beginning")
        return "beginning"
    try:
        return None if request.since is None else parse_since(request.since, datetime.now(UTC))
    except LetterError as error:
        raise UsageError(str(error)) from None


async def _follow(
    settings: KafkaSettings, wanted: AlertFilter, since: Since, request: Request, tally: _Tally
) -> None:
    topics = [ALERT_TOPICS[one] for one in wanted.types or ALERT_TOPICS]
    await wait_for_broker(settings, topics)
    async with open_stream(settings, wanted, since) as alerts:
        say(f"following {', '.join(topics)} at {settings.kafka_bootstrap}")
        with open_output(request.form) as output:
            try:
                async with asyncio.timeout(request.timeout):
                    async for received in alerts:
                        output.show(received)
                        tally.shown += 1
                        if tally.shown == request.count:
                            return
            except TimeoutError:
                return


def open_stream(settings: KafkaSettings, wanted: AlertFilter, since: Since) -> AlertStream:
    """A stream without a group, of this installation's topics; what is no alert is told."""
    return AlertStream(
        settings.kafka_bootstrap,
        filter=wanted,
        since=since,
        topic_prefix=settings.topic_prefix,
        security=security_options(settings),
        on_skipped=_tell_skipped,
        client_id="tocsin-subscribe",
    )


def open_output(form: Format) -> Output:
    """What shows alerts in that form."""
    match form:
        case Format.JSON:
            return JsonOutput()
        case Format.CAP:
            return CapOutput()
        case Format.TABLE:
            return LiveTable()
        case Format.PANELS:
            return Panels()


def _tell_skipped(skipped: Skipped) -> None:
    say(f"skipped {skipped.topic} {skipped.partition}:{skipped.offset}: {skipped.reason}")
