"""`tocsin dead-letter`: what the services could not process, and a second try for it."""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

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
from tocsin_cli.letters import (
    Letter,
    LetterError,
    Wanted,
    find_letters,
    parse_since,
    read_letters,
    to_mark,
    to_replay,
)
from tocsin_runtime.dead_letter import Received
from tocsin_runtime.errors import TocsinError
from tocsin_runtime.kafka import start_producer, wait_for_broker
from tocsin_runtime.outgoing import send_records
from tocsin_runtime.settings import KafkaSettings, load_settings

_BROKER_SECONDS = 15.0
_NAMED = 5
"""So many of the letters to replay are shown before the question."""

Confirm = Callable[[str], bool]
"""Asks a question; True for yes."""

T = TypeVar("T")


def choose(
    names: Sequence[str] = (),
    topics: Sequence[str] = (),
    reasons: Sequence[str] = (),
    since: str | None = None,
) -> Wanted:
    """Which letters the command line asks for.

    Raises:
        LetterError: `since` is no time.

    """
    at = None if since is None else parse_since(since, datetime.now(UTC))
    return Wanted(frozenset(names), tuple(topics), frozenset(reasons), at)


def run_list(
    topics: Sequence[str], reasons: Sequence[str], since: str | None, *, as_json: bool
) -> int:
    """Print the letters, the oldest first.

    Returns:
        0, 1 when Kafka fails, 2 when used wrongly.

    """

    async def work(settings: KafkaSettings) -> list[Letter]:
        return await find_letters(settings, choose((), topics, reasons, since))

    letters = _run(work)
    if isinstance(letters, int):
        return letters
    if as_json:
        for letter in letters:
            emit(json.dumps(letter.to_row(), ensure_ascii=False))
        return EXIT_OK
    if letters:
        _show_table(letters)
    say(f"{len(letters)} dead letters")
    return EXIT_OK


def run_show(name: str, *, as_json: bool, raw: bool) -> int:
    """Print one letter: its headers and bytes, or with `raw` its bytes alone.

    Returns:
        0, 1 when there is no such letter or Kafka fails, 2 when used wrongly.

    """

    async def work(settings: KafkaSettings) -> tuple[Letter, Received]:
        letters = await find_letters(settings, choose([name]))
        async for found in read_letters(settings, letters):
            return found
        raise TocsinError(f"no letter {name}; `tocsin dead-letter list` shows those there are")

    found = _run(work)
    if isinstance(found, int):
        return found
    letter, record = found
    if raw:
        _write(record.value or b"")
    elif as_json:
        headers = [[key, _text(value)] for key, value in record.headers]
        emit(json.dumps({**letter.to_row(), "headers": headers, **_value(record)}))
    else:
        _show_letter(letter, record)
    return EXIT_OK


def run_replay(
    names: Sequence[str],
    topics: Sequence[str],
    reasons: Sequence[str],
    since: str | None,
    *,
    confirm: Confirm,
) -> int:
    """Send letters back to the topics that they came from, after a question.

    Args:
        names: letters as `run_list` names them, also those that were replayed before; when none is
            named, all that the filter lets by and that were not.
        topics: topics that they came from, or dead-letter topics.
        reasons: reasons.
        since: given up on since then.
        confirm: asks the question.

    Returns:
        0, 1 when it was declined, a letter does not exist or Kafka fails, 2 when used wrongly.

    """

    async def work(settings: KafkaSettings) -> int:
        wanted = choose(names, topics, reasons, since)
        found = await find_letters(settings, wanted)
        missing = wanted.names - {letter.name for letter in found}
        if missing:
            raise TocsinError(f"no letter {', '.join(sorted(missing))}")
        letters = [letter for letter in found if names or letter.replayed_at is None]
        if len(letters) < len(found):
            say(f"{len(found) - len(letters)} were replayed before; name them to replay them again")
        if not letters:
            say("nothing to replay")
            return EXIT_OK
        for letter in letters[:_NAMED]:
            say(f"  {letter.name}  to {letter.replays_to}  {letter.reason}: {letter.detail}")
        if len(letters) > _NAMED:
            say(f"  and {len(letters) - _NAMED} more")
        if not confirm(f"Replay {len(letters)} dead letters?"):
            say("nothing was replayed")
            return EXIT_FAILED
        return await _replay(settings, letters)

    return _run(work)


async def _replay(settings: KafkaSettings, letters: Sequence[Letter]) -> int:
    done, refused = 0, 0
    producer = await start_producer(settings, "tocsin-replay")
    try:
        async for letter, record in read_letters(settings, letters):
            try:
                replayed = to_replay(settings, letter, record)
            except LetterError as error:
                say(f"error: {error}")
                refused += 1
                continue
            # The mark follows the record: a crash between them repeats a record, which changes
            # nothing, and never marks one that was not sent.
            await send_records(producer, settings, [replayed])
            await send_records(producer, settings, [to_mark(letter)])
            done += 1
    finally:
        await producer.stop()
    say(f"replayed {done} dead letters")
    return EXIT_FAILED if refused else EXIT_OK


def _run(work: Callable[[KafkaSettings], Awaitable[T]]) -> T | int:
    """Do work at a broker that answers; an exit code when that failed."""
    send_logs_to_stderr()

    async def reach_and_work(settings: KafkaSettings) -> T:
        async with asyncio.timeout(_BROKER_SECONDS):
            await wait_for_broker(settings)
        return await work(settings)

    try:
        settings = load_settings(KafkaSettings)
        try:
            return asyncio.run(reach_and_work(settings))
        except TimeoutError:
            say(f"error: no broker answered at {settings.kafka_bootstrap}; set "
                "TOCSIN_KAFKA_BOOTSTRAP")  # fmt: skip
            return EXIT_FAILED
    except LetterError as error:
        say(f"error: {error}")
        return EXIT_USAGE
    except (TocsinError, KafkaError) as error:
        say(f"error: {error}")
        return EXIT_FAILED


def _show_table(letters: Sequence[Letter]) -> None:
    from rich.table import Table

    table = Table("letter", "when", "from", "reason", "detail", "replayed")
    table.columns[0].no_wrap = True
    for one in letters:
        table.add_row(
            one.name,
            f"{one.at:%Y-%m-%d %H:%M:%S}",
            f"{one.from_topic}/{one.from_partition}/{one.from_offset}",
            one.reason,
            one.detail,
            f"{one.replayed_at:%Y-%m-%d %H:%M:%S}" if one.replayed_at else "",
        )
    open_console().print(table)


def _show_letter(letter: Letter, record: Received) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table("header", "value", title=letter.name, title_justify="left")
    for key, value in record.headers:
        table.add_row(Text(key), Text(_text(value)))
    table.add_row(Text("(key)", style="dim"), Text(_text(record.key or b"")))
    console = open_console()
    console.print(table)
    say(f"{letter.size} bytes" + (f", replayed {letter.replayed_at}" if letter.replayed_at else ""))
    console.print(Text(_text(record.value or b"")))


def _value(record: Received) -> dict[str, Any]:
    if record.value is None:
        return {"value": None, "encoding": None}
    try:
        return {"value": record.value.decode(), "encoding": "utf-8"}
    except UnicodeDecodeError:
        return {"value": base64.b64encode(record.value).decode(), "encoding": "base64"}


def _text(value: bytes) -> str:
    """Bytes for people: what is no text is escaped."""
    return value.decode("utf-8", "backslashreplace")


def _write(value: bytes) -> None:
    import sys

    sys.stdout.flush()
    sys.stdout.buffer.write(value)
    sys.stdout.buffer.flush()
