"""`tocsin demo`: from nothing to the eight alerts of the sample article, and nothing left."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from contract.examples import errors
from support import seed
from support.services import wait_until

TOCSIN = str(Path(sys.executable).parent / "tocsin")
ROOT = Path(__file__).parents[2]


def processes_with(mark: str) -> list[int]:
    """Processes whose environment holds a text: all that a demo started inherit it."""
    if sys.platform != "linux":
        return []
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark.encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


class Machine:
    """A fresh machine: a PATH with nothing of use, a folder for temporary files, no settings."""

    def __init__(self, folder: Path) -> None:
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        (folder / "bin").mkdir()
        for name in ("java", "mvn", "docker", "podman"):
            assert shutil.which(name, path=str(folder / "bin")) is None
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("TOCSIN_", "JAVA"))}
        if "TOCSIN_CACHE_DIR" in os.environ:
            kept["TOCSIN_CACHE_DIR"] = os.environ["TOCSIN_CACHE_DIR"]
        self.mark = f"TOCSIN_TEST_MARK={folder}"
        self.environment = {
            **kept,
            "PATH": str(folder / "bin"),
            "TMPDIR": str(self.temporary),
            "TOCSIN_TEST_MARK": str(folder),
        }

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start the demo."""
        return subprocess.Popen(
            [TOCSIN, "demo", *arguments],
            cwd=ROOT,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def check_clean(self) -> None:
        """Nothing runs and nothing lies about."""
        wait_until(lambda: not processes_with(self.mark), 5, "no process of the demo is left")
        assert list(self.temporary.iterdir()) == []


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    made = Machine(tmp_path)
    yield made
    for pid in processes_with(made.mark):
        os.kill(pid, signal.SIGKILL)


def read_until(process: subprocess.Popen[str], word: str) -> str:
    """Lines of standard error up to one with a word."""
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        if word in line:
            return "".join(lines)
    raise AssertionError(f"ended without {word!r}: {''.join(lines)}")


def test_once_prints_the_eight_alerts_and_leaves_nothing(machine: Machine) -> None:
    """A minute at the most, alerts and nothing else on standard output, exit code 0."""
    started = time.monotonic()
    process = machine.start("--once", "--json")
    output, told = process.communicate(timeout=120)
    assert process.returncode == 0, told
    assert time.monotonic() - started < 60
    alerts = [json.loads(line) for line in output.splitlines()]
    seed.check_alerts(alerts)
    for alert in alerts:
        assert errors(alert["alert_type"], alert) == []
    assert "8 alerts: 1 territorial-claim, 2 negotiation-stance, 5 air-raid-warning" in told
    machine.check_clean()


def test_interrupted_demo_leaves_nothing(machine: Machine) -> None:
    """It stays up, says where to look, replaces a busy port, and cleans up when told to end."""
    with _taken(8080):
        process = machine.start("--json")
        told = read_until(process, "Ctrl-C ends the demo")
    for what in ("Kafka ", "tocsin topics list", "(port 8080 is busy)"):
        assert what in told
    assert len(re.findall(r"http://127\.0\.0\.1:\d+/metrics", told)) == 4
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert len(output.splitlines()) == 8
    machine.check_clean()


@contextmanager
def _taken(port: int) -> Iterator[None]:
    """Somebody listens on the port, if it was not taken already."""
    with socket.socket() as holder:
        with suppress(OSError):
            holder.bind(("127.0.0.1", port))
            holder.listen()
        yield


def test_demo_terminated_while_it_starts_leaves_nothing(machine: Machine) -> None:
    """Also halfway through the start of the services."""
    process = machine.start()
    read_until(process, "starting ingest")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 0
    machine.check_clean()


def test_service_that_dies_is_named_with_its_last_lines(machine: Machine) -> None:
    """The demo ends with exit code 1 and cleans up."""
    process = machine.start("--json")
    told = read_until(process, "Ctrl-C ends the demo")
    port = re.search(r"notifier +http://127\.0\.0\.1:(\d+)/", told)
    assert port
    (pid,) = [
        pid
        for pid in processes_with(machine.mark)
        if f"TOCSIN_HTTP_PORT={port[1]}\0" in (Path("/proc") / str(pid) / "environ").read_text()
    ]
    os.kill(pid, signal.SIGKILL)
    _, rest = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "error: notifier ended (-9); its last lines:\n{" in rest
    machine.check_clean()


def test_article_that_is_none_ends_the_demo_with_the_reason(
    machine: Machine, tmp_path: Path
) -> None:
    """Before anything is started, and not as missing alerts."""
    (tmp_path / "bad.txt").write_bytes(b"\xff")
    process = machine.start("--once", str(tmp_path / "bad.txt"))
    _, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert told == f"error: {tmp_path}/bad.txt: text: no UTF-8 at byte 0\n"
    machine.check_clean()


def test_broker_that_is_given_is_used_and_a_second_run_adds_no_alert(
    machine: Machine, broker_address: dict[str, str]
) -> None:
    """TOCSIN_KAFKA_BOOTSTRAP names it; the alerts that stand already are shown, none is new."""
    outputs = []
    for _ in range(2):
        process = machine.start("--once", "--json", **broker_address)
        output, told = process.communicate(timeout=120)
        assert process.returncode == 0, told
        assert f"using Kafka at {broker_address['TOCSIN_KAFKA_BOOTSTRAP']}" in told
        outputs.append([json.loads(line)["alert_id"] for line in output.splitlines()])
    assert sorted(outputs[0]) == sorted(outputs[1])
    assert len(outputs[0]) == 8
    machine.check_clean()


def test_services_that_run_already_are_used(
    machine: Machine, pipeline_address: dict[str, str]
) -> None:
    """With TOCSIN_INGEST_URL nothing is started: what `docker compose run demo` does."""
    process = machine.start("--once", "--json", **pipeline_address)
    output, told = process.communicate(timeout=60)
    assert process.returncode == 0, told
    seed.check_alerts(json.loads(line) for line in output.splitlines())
    assert "starting" not in told
    machine.check_clean()
