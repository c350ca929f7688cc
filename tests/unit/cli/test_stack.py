"""Services as processes: ended with one SIGTERM, killed when deaf, named when they die."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tocsin_cli import stack as stack_module
from tocsin_cli.stack import ServiceSpec, Stack, free_port
from tocsin_runtime.errors import StartError

SERVICE = """
import http.server, os, signal, sys
terms = []
def end(*_):
    terms.append(1)
    print("term", len(terms), flush=True)
    if {deaf!r} is False:
        sys.exit(3 if len(terms) > 1 else 0)
signal.signal(signal.SIGTERM, end)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
print("tmp", os.environ["TMPDIR"], flush=True)
http.server.HTTPServer(("127.0.0.1", int(os.environ["TOCSIN_HTTP_PORT"])), Handler).serve_forever()
"""


def spec(name: str, *, deaf: bool = False, code: str | None = None) -> ServiceSpec:
    return ServiceSpec(name, ("python", "-c", code or SERVICE.format(deaf=deaf)), 0)


def make(folder: Path, *services: ServiceSpec) -> Stack:
    return Stack(
        bootstrap="127.0.0.1:9", topic_prefix="", folder=folder, usual_ports=False,
        services=services,
    )  # fmt: skip


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_stop_asks_once_and_waits(tmp_path: Path) -> None:
    """A second SIGTERM would end a service without its last commit."""
    with make(tmp_path, spec("one"), spec("two")) as stack:
        stack.start(20)
        stack.stop()
        assert [p.process and p.process.returncode for p in stack.processes.values()] == [0, 0]
        assert all(p.log_tail().count("term") == 1 for p in stack.processes.values())


def test_deaf_service_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left, however a service behaves."""
    monkeypatch.setattr(stack_module, "STOP_SECONDS", 0.3)
    with make(tmp_path, spec("deaf", deaf=True)) as stack:
        stack.start(20)
    process = stack.processes["deaf"].process
    assert process is not None
    assert process.returncode == -signal.SIGKILL


def test_service_that_ends_at_the_start_is_named_with_its_last_lines(tmp_path: Path) -> None:
    """The person sees which, and why."""
    bad = spec("bad", code="import sys; sys.exit('no such broker')")
    with make(tmp_path, spec("good"), bad) as stack, pytest.raises(StartError) as caught:
        stack.start(20)
    assert "bad ended (1); its last lines:\nno such broker" in str(caught.value)


def test_service_that_is_never_ready_is_named(tmp_path: Path) -> None:
    """With its last lines, after the time that was given."""
    slow = spec("slow", code="import time; print('loading', flush=True); time.sleep(60)")
    with make(tmp_path, slow) as stack, pytest.raises(StartError) as caught:
        stack.start(1)
    assert "slow is not ready after 1 s; its last lines:" in str(caught.value)


def test_command_that_is_not_installed_is_named(tmp_path: Path) -> None:
    """With what to do."""
    missing = ServiceSpec("missing", ("tocsin-no-such-service",), 0)
    with make(tmp_path, missing) as stack, pytest.raises(StartError) as caught:
        stack.start(1)
    assert "tocsin-no-such-service is not installed" in str(caught.value)
    assert "make setup" in str(caught.value)


def test_services_keep_their_temporary_files_in_the_stacks_folder(tmp_path: Path) -> None:
    """So that removing the folder leaves nothing behind."""
    with make(tmp_path, spec("one")) as stack:
        stack.start(20)
        assert f"tmp {tmp_path / 'tmp'}" in stack.processes["one"].log_tail()


def test_only_complaints_are_told(tmp_path: Path) -> None:
    """Warnings and errors of structured logs, with the service's name."""
    stack = make(tmp_path, spec("one"))
    lines = '{"level": "info", "event": "fine"}\n{"level": "error", "event": "burnt"}\n'
    (tmp_path / "one.log").write_text(lines, encoding="utf-8")
    assert stack.complaints() == 'one: {"level": "error", "event": "burnt"}'


def test_busy_port_is_replaced(taken: int) -> None:
    """Any other that is free, and not one that outgoing connections get."""
    port = free_port(taken)
    assert port != taken
    assert port < 32_768
    assert free_port(port) == port


def test_processes_end_with_their_parent(tmp_path: Path) -> None:
    """A session of their own keeps Ctrl-C away from them: the parent ends them in order."""
    with make(tmp_path, spec("one")) as stack:
        stack.start(20)
        process = stack.processes["one"].process
        assert process is not None
        assert os.getpgid(process.pid) != os.getpgid(0)
