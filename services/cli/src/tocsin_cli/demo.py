"""`tocsin demo`: the whole pipeline on this machine, from the sample article to its alerts."""

import asyncio
import contextlib
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from aiokafka.errors import KafkaError

from tocsin_cli.articles import to_article
from tocsin_cli.console import EXIT_FAILED, EXIT_OK, say
from tocsin_cli.documents import BadDocument, read_documents
from tocsin_cli.expected import Expectation, load_expected
from tocsin_cli.ingest import post_documents
from tocsin_cli.progress import wait_until_processed
from tocsin_cli.stack import Stack
from tocsin_cli.subscribe import AnyAlert, follow_alerts, print_alert
from tocsin_runtime.errors import StartError, TocsinError
from tocsin_runtime.kafka import create_topics, wait_for_broker
from tocsin_runtime.settings import KafkaSettings, load_settings
from tocsin_schemas.topics import ALERT_TOPICS
from tocsin_schemas.vocabulary import AlertType

PROCESS_SECONDS = 60.0
"""How long the pipeline may take for the demo's articles."""
BROKER_SECONDS = 60.0
"""How long the broker may take to answer."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the demo runs against."""

    settings: KafkaSettings
    ingest_url: str
    stack: Stack | None
    """The services it started itself, None when others run them."""


def run_demo(paths: Sequence[Path], *, once: bool, as_json: bool) -> int:
    """Run the demo; see `tocsin demo --help`.

    Returns:
        0, or 1 with the reason on standard error.

    """
    # A terminated demo must clean up like an interrupted one.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with _surroundings() as around:
            return asyncio.run(_show(around, list(paths) or [find_seeds()], once, as_json))
    except KeyboardInterrupt:
        return EXIT_OK
    except (TocsinError, TimeoutError, KafkaError) as error:
        say(f"error: {error}")
        return EXIT_FAILED


def find_seeds() -> Path:
    """The folder of sample articles: below the current folder or beside this code.

    Raises:
        StartError: there is none.

    """
    for start in (Path.cwd(), *Path(__file__).resolve().parents):
        if (start / "seeds").is_dir():
            return start / "seeds"
    raise StartError("no seeds/ here; run it in the project's folder or name the articles' paths")


@contextlib.contextmanager
def _surroundings() -> Iterator[Surroundings]:
    ingest_url = os.environ.get("TOCSIN_INGEST_URL")
    if ingest_url and os.environ.get("TOCSIN_KAFKA_BOOTSTRAP"):
        yield Surroundings(load_settings(KafkaSettings), ingest_url, None)
        return
    with contextlib.ExitStack() as cleanup:
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="tocsin-demo-")))
        settings = cleanup.enter_context(_broker())
        asyncio.run(_prepare(settings))
        stack = Stack(
            bootstrap=settings.kafka_bootstrap,
            topic_prefix=settings.topic_prefix,
            folder=folder,
            instance_suffix=f"demo-{os.getpid()}",
        )
        cleanup.enter_context(stack)
        say("starting ingest, classifier, notifier and deliver")
        stack.start()
        _describe(settings, stack, folder)
        yield Surroundings(settings, stack.processes["ingest"].url, stack)


@contextlib.contextmanager
def _broker() -> Iterator[KafkaSettings]:
    if os.environ.get("TOCSIN_KAFKA_BOOTSTRAP"):
        yield load_settings(KafkaSettings)
        return
    try:
        from tocsin_localkafka import LocalKafka
    except ImportError:
        raise StartError("the local broker is not installed; run `make setup`, or set "
                         "TOCSIN_KAFKA_BOOTSTRAP to a broker that runs") from None  # fmt: skip
    say("starting a local Kafka broker")
    with LocalKafka() as broker:
        yield load_settings(KafkaSettings, kafka_bootstrap=broker.bootstrap)


async def _prepare(settings: KafkaSettings) -> None:
    async with asyncio.timeout(BROKER_SECONDS):
        await wait_for_broker(settings)
    await create_topics(settings)


def _describe(settings: KafkaSettings, stack: Stack, folder: Path) -> None:
    say(f"Kafka      {settings.kafka_bootstrap}   (tocsin topics list; any Kafka client)")
    for name, process in stack.processes.items():
        say(f"{name:10} {process.url}/metrics  {process.url}/readyz")
    say(f"logs       {folder}/*.log")


async def _show(around: Surroundings, paths: list[Path], once: bool, as_json: bool) -> int:
    articles, expected = _plan(paths)
    alerts: list[AnyAlert] = []

    async def print_all() -> None:
        async for alert in _alerts_of(around.settings, articles):
            alerts.append(alert)
            print_alert(alert, as_json=as_json)

    printing = asyncio.create_task(print_all())
    try:
        await asyncio.to_thread(post_documents, [str(path) for path in paths], around.ingest_url)
        await wait_until_processed(around.settings, PROCESS_SECONDS)
        missing = await _wait_for(expected, alerts, printing)
        if once:
            return _judge(missing, alerts, expected)
        say(f"{len(alerts)} alerts; Ctrl-C ends the demo and leaves nothing behind")
        await printing
    finally:
        printing.cancel()
        await asyncio.gather(printing, return_exceptions=True)
    return EXIT_OK


def _plan(paths: list[Path]) -> tuple[set[UUID], list[Expectation]]:
    articles: set[UUID] = set()
    expected: list[Expectation] = []
    table = load_expected()
    for document in read_documents(map(str, paths)):
        if isinstance(document, BadDocument):
            raise StartError(str(document))
        article = to_article(document, datetime.now(UTC))
        if isinstance(article, BadDocument):
            raise StartError(str(article))
        articles.add(article.article_id)
        expected += table.get(document.id, [])
    return articles, expected


async def _alerts_of(settings: KafkaSettings, articles: set[UUID]) -> AsyncIterator[AnyAlert]:
    # From the beginning: where the articles were ingested before, their alerts stand already.
    async for alert in follow_alerts(settings, list(ALERT_TOPICS), from_beginning=True):
        if articles & {evidence.article_id for evidence in alert.evidence}:
            yield alert


async def _wait_for(
    expected: list[Expectation], alerts: list[AnyAlert], printing: asyncio.Task[None]
) -> list[Expectation]:
    """All is committed by now: what is expected arrives within moments, or never."""
    loop = asyncio.get_running_loop()
    end = loop.time() + 10
    while (missing := [e for e in expected if not any(map(e.fits, alerts))]) and loop.time() < end:
        if printing.done():
            await printing
        await asyncio.sleep(0.05)
    return missing


def _judge(missing: list[Expectation], alerts: list[AnyAlert], expected: list[Expectation]) -> int:
    for expectation in missing:
        say(f"error: no alert came for {expectation.describe()}")
    surplus = len(alerts) - len(expected) if expected else 0
    if surplus > 0 and not missing:
        say(f"error: {surplus} alerts more than expected")
    if missing or surplus > 0:
        return EXIT_FAILED
    counts = {kind: sum(a.alert_type is kind for a in alerts) for kind in AlertType}
    say("all there: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()))
    return EXIT_OK
