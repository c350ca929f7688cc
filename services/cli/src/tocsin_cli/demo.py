"""`tocsin demo`: the whole pipeline on this machine, from the sample article to its alerts."""

import asyncio
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from aiokafka.errors import KafkaError

from tocsin_cli.console import EXIT_FAILED, EXIT_OK, say, send_logs_to_stderr
from tocsin_cli.documents import BadDocument, read_documents
from tocsin_cli.expected import Expectation, load_expected
from tocsin_cli.ingest import post_documents
from tocsin_cli.interrupts import interruptible
from tocsin_cli.progress import wait_until_processed
from tocsin_cli.subscribe import open_stream
from tocsin_cli.subscribe_output import print_alert
from tocsin_cli.surroundings import Surroundings, run_pipeline
from tocsin_cli.topic_log import end_offsets, partitions_of
from tocsin_client import AlertFilter, AlertStream, Mode
from tocsin_runtime.errors import StartError, TocsinError
from tocsin_schemas.filter import AnyAlert
from tocsin_schemas.topics import ALERT_TOPICS
from tocsin_schemas.vocabulary import AlertType

PROCESS_SECONDS = 60.0
"""How long the pipeline may take for the demo's articles."""

READ_SECONDS = 30.0
"""How long it may take to read what stands on the alert topics."""

_POLL_SECONDS = 0.1


def run_demo(paths: Sequence[Path], *, once: bool, as_json: bool) -> int:
    """Run the demo; see `tocsin demo --help`.

    Returns:
        0, or 1 with the reason on standard error. Interrupted, 0 unless it was to end by itself.

    """
    send_logs_to_stderr()
    try:
        with interruptible():
            chosen = [str(path) for path in paths] or [str(find_seeds())]
            _require_good(chosen)
            with run_pipeline() as around:
                articles, expected = _ingest(chosen, around.ingest_url)
                demo = _Demo(around, articles, expected, as_json=as_json)
                return asyncio.run(demo.run(once=once))
    except KeyboardInterrupt:
        return EXIT_FAILED if once else EXIT_OK
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


def _require_good(paths: Sequence[str]) -> None:
    """Find a bad document before anything is started.

    Raises:
        StartError: one cannot be used.

    """
    for document in read_documents(path for path in paths if path != "-"):
        if isinstance(document, BadDocument):
            raise StartError(str(document))


def _ingest(paths: Sequence[str], url: str) -> tuple[set[UUID], list[Expectation]]:
    """Hand the articles over; returns their ids and what they must give.

    Raises:
        StartError: one was refused.
        PostError: the service cannot be reached.

    """
    articles: set[UUID] = set()
    expected: list[Expectation] = []
    table = load_expected()
    for answer in post_documents(paths, url):
        if isinstance(answer, BadDocument):
            raise StartError(str(answer))
        say(f"{answer.status}  {answer.input_id} as article {answer.article_id}")
        articles.add(UUID(answer.article_id))
        expected += table.get(answer.input_id, [])
    return articles, expected


class _Demo:
    """Shows the alerts of some articles as they arrive."""

    def __init__(
        self,
        around: Surroundings,
        articles: set[UUID],
        expected: list[Expectation],
        *,
        as_json: bool,
    ) -> None:
        self._around = around
        self._articles = articles
        self._expected = expected
        self._as_json = as_json
        self._alerts: list[AnyAlert] = []

    async def run(self, *, once: bool) -> int:
        """Show what is there; with `once` judge it and end, else go on until interrupted."""
        settings = self._around.settings
        # From the beginning: where the articles were ingested before, their alerts stand already.
        async with open_stream(settings, AlertFilter(modes=tuple(Mode)), "beginning") as stream:
            showing = self._show(stream)
            if once:
                return await first_of(self._finish(stream), showing, self._watch())
            return await first_of(showing, self._tell(stream), self._watch())

    async def _show(self, stream: AlertStream) -> int:
        async for received in stream:
            alert = received.alert
            if self._articles & {evidence.article_id for evidence in alert.evidence}:
                self._alerts.append(alert)
                print_alert(alert, as_json=self._as_json)
        return EXIT_OK

    async def _tell(self, stream: AlertStream) -> int:
        await self._finish(stream)
        say("Ctrl-C ends the demo and leaves nothing behind")
        return await asyncio.Event().wait()

    async def _finish(self, stream: AlertStream) -> int:
        """Wait until the articles are processed and their alerts shown, then judge them."""
        settings = self._around.settings
        await wait_until_processed(settings, PROCESS_SECONDS)
        ends = await end_offsets(settings, partitions_of(settings, ALERT_TOPICS.values()))
        await stream.wait_until_read(ends, READ_SECONDS)
        code = judge(self._alerts, self._expected)
        if code != EXIT_OK:
            say(self._around.complaints())
        return code

    async def _watch(self) -> int:
        while True:
            self._around.require_alive()
            await asyncio.sleep(_POLL_SECONDS)


async def first_of(*works: Coroutine[Any, Any, int]) -> int:
    """The result of whichever ends first, or its error; the others are cancelled."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(task for task in tasks if task in done).result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def judge(alerts: Sequence[AnyAlert], expected: Sequence[Expectation]) -> int:
    """Tell whether the alerts are those expected, on standard error; 0 when they are."""
    missing = [wanted for wanted in expected if not any(map(wanted.fits, alerts))]
    for wanted in missing:
        say(f"error: no alert came for {wanted.describe()}")
    events = {alert.event_id: alert for alert in alerts}
    surplus = len(events) - len(expected) if expected else 0
    if surplus > 0 and not missing:
        say(f"error: {surplus} alerts more than expected")
    counts = {kind: sum(a.alert_type is kind for a in events.values()) for kind in AlertType}
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    say(f"{len(events)} alerts: {told}")
    return EXIT_FAILED if missing or surplus > 0 else EXIT_OK
