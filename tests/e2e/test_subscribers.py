"""The subscribers to copy and paste are taken out of the docs and run, only the address replaced.

Among the alerts stands one of an aborted transaction: what shows it does not read committed only.
"""

import asyncio
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest
from aiokafka import AIOKafkaProducer

from support.alerts import make_alert, publish_alerts
from tocsin_localkafka import LocalKafka
from tocsin_runtime.kafka import create_topics, open_admin, producer_options
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.envelope import encode_alert
from tocsin_schemas.filter import AnyAlert
from tocsin_schemas.vocabulary import AlertType, Mode

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "subscribers"
ADDRESS = "127.0.0.1:9092"
SECONDS = 60.0

WARNING = make_alert("warning", headline="Drone alarm in Sumy Oblast, says the first report")
CLAIM = make_alert("claim", AlertType.TERRITORIAL_CLAIM)
STANCE = make_alert("stance", AlertType.NEGOTIATION_STANCE)
ABORTED = make_alert("aborted", headline="This was never committed")
DRILL = make_alert("drill", mode=Mode.TEST, headline="DRILL: nothing happened")
COMMITTED = (WARNING, CLAIM, STANCE)


def code(page: Path, mark: str = "run") -> str:
    """The code behind the mark."""
    found = re.search(rf"<!-- {mark} -->\s*```\w+\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    assert found, f"{page} has lost its code"
    assert ADDRESS in found[1]
    return found[1]


async def prepare(settings: KafkaSettings) -> None:
    """Alerts of each type, a drill, and one whose transaction was aborted."""
    message = encode_alert(ABORTED)
    options = producer_options(settings, "tests") | {"transactional_id": "aborted"}
    async with AIOKafkaProducer(**options) as producer:
        await producer.begin_transaction()
        await producer.send_and_wait(
            message.topic, message.value, key=message.key, headers=list(message.headers)
        )
        await producer.abort_transaction()
    await publish_alerts(settings, [DRILL, *COMMITTED, WARNING])


@pytest.fixture(scope="module")
def address(broker: LocalKafka) -> Iterator[str]:
    """A broker whose topics have no prefix, as the pages assume."""
    settings = KafkaSettings(kafka_bootstrap=broker.bootstrap, topic_prefix="")
    created = asyncio.run(create_topics(settings))
    asyncio.run(prepare(settings))
    yield broker.bootstrap
    asyncio.run(_delete(settings, list(created)))


async def _delete(settings: KafkaSettings, names: list[str]) -> None:
    async with open_admin(settings) as admin:
        await admin.delete_topics(names)


def _pass_on(output: IO[str], lines: "queue.Queue[str]") -> None:
    for line in output:
        lines.put(line)


def run_until(command: list[str], folder: Path, wanted: list[str]) -> str:
    """Run a subscriber until its output holds all that is wanted; returns the output."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # The `node` of a Python package starts the real one as its child: both must end.
        start_new_session=True,
    )
    assert process.stdout is not None
    lines: queue.Queue[str] = queue.Queue()
    reading = threading.Thread(target=_pass_on, args=(process.stdout, lines))
    reading.start()
    output, give_up_at = "", time.monotonic() + SECONDS
    try:
        while not all(one in output for one in wanted):
            output += lines.get(timeout=max(0, give_up_at - time.monotonic()))
    except queue.Empty:
        pytest.fail(f"wanted {wanted}, got:\n{output}")
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        reading.join()
        process.stdout.close()
    while not lines.empty():
        output += lines.get()
    return output


def headlines(*alerts: AnyAlert) -> list[str]:
    return [alert.headline for alert in alerts]


def check(output: str) -> None:
    """Everything committed, the repeat once, nothing that was aborted, no drill."""
    for alert in COMMITTED:
        assert output.count(alert.headline) == 1, output
    assert f"ON NOW new {WARNING.headline}" in output
    assert f"- new {CLAIM.headline}" in output
    assert ABORTED.headline not in output
    assert DRILL.headline not in output


def test_kcat(address: str, tmp_path: Path) -> None:
    """Alerts with their headers; it shows whatever was committed."""
    script = code(PAGES / "kcat.md").replace(ADDRESS, address).replace("my-desk", "kcat-desk")
    output = run_until(["sh", "-c", f"exec {script}"], tmp_path, headlines(*COMMITTED, DRILL))
    assert f"ce_id={WARNING.alert_id}" in output
    assert "ce_alertmode=test" in output
    assert ABORTED.headline not in output


def test_python(address: str, tmp_path: Path) -> None:
    (tmp_path / "subscriber.py").write_text(
        code(PAGES / "python.md").replace(ADDRESS, address).replace("my-desk", "python-desk")
    )
    check(run_until([sys.executable, "subscriber.py"], tmp_path, headlines(*COMMITTED)))


def test_node(address: str, tmp_path: Path) -> None:
    (tmp_path / "subscriber.mjs").write_text(
        code(PAGES / "node.md").replace(ADDRESS, address).replace("my-desk", "node-desk")
    )
    (tmp_path / "node_modules").symlink_to(ROOT / "tests" / "node" / "node_modules")
    node = str(Path(sys.executable).parent / "node")
    check(run_until([node, "subscriber.mjs"], tmp_path, headlines(*COMMITTED)))


def test_client_package(address: str, tmp_path: Path) -> None:
    """The README's example of the package, with its filter: the warning and the claim."""
    page = ROOT / "services" / "client" / "README.md"
    script = code(page, "example").replace(ADDRESS, address).replace("my-desk", "client-desk")
    (tmp_path / "subscriber.py").write_text(script)
    wanted = [*headlines(WARNING), WARNING.evidence[0].quote]
    output = run_until([sys.executable, "-u", "subscriber.py"], tmp_path, wanted)
    assert f"ON NOW new {WARNING.headline}" in output
    assert output.count(WARNING.headline) == 1
    assert ABORTED.headline not in output
    assert STANCE.headline not in output


def test_the_overview_links_every_page() -> None:
    overview = (PAGES / "README.md").read_text("utf-8")
    assert all(f"({page.name})" in overview for page in PAGES.glob("*.md") if page.stem != "README")
