"""Processes, ports and probes, tried with Python in the place of Java."""

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tocsin_localkafka import InvalidSettingError, JavaMissingError, LocalKafkaSettings
from tocsin_localkafka.errors import PortBusyError
from tocsin_localkafka.java import find_java
from tocsin_localkafka.ports import choose_ports, require_free
from tocsin_localkafka.probe import is_serving
from tocsin_localkafka.process import JavaProcess, last_lines

SLEEPER = """
import socket, sys, time
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("up", flush=True)
time.sleep(600)
"""
PARENT = f"""
import sys
from pathlib import Path
from tocsin_localkafka.process import JavaProcess
log, data, port = sys.argv[1:]
python = Path(sys.executable)
process = JavaProcess(python, ["-c", {SLEEPER!r}, port], Path(log), Path(data))
print("started", flush=True)
sys.stdin.read()
"""


def wait_for(condition: Callable[[], bool], what: str, deadline_seconds: float = 10) -> None:
    deadline = time.monotonic() + deadline_seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for: {what}"
        time.sleep(0.02)


def is_free(port: int) -> bool:
    try:
        require_free(port)
    except PortBusyError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_killed_parent_leaves_no_process_and_no_temporary_data(
    tmp_path: Path, number: signal.Signals
) -> None:
    """Even SIGKILL of the parent, which can run no handler, ends the child and cleans up."""
    data = tmp_path / "data"
    data.mkdir()
    log, port = tmp_path / "log", choose_ports(None)[0]
    arguments = [sys.executable, "-c", PARENT, str(log), str(data), str(port)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        wait_for(lambda: last_lines(log, 1) == "up", "the child")
        assert not is_free(port)
        parent.send_signal(number)
    wait_for(lambda: is_free(port), "the end of the child")
    wait_for(lambda: not data.exists(), "the removal of the temporary data")


def test_graceful_end_of_a_frozen_process_needs_no_kill(tmp_path: Path) -> None:
    """A paused process is woken so that it can obey."""
    log = tmp_path / "log"
    process = JavaProcess(Path(sys.executable), ["-c", SLEEPER, "0"], log, None)
    wait_for(lambda: last_lines(log, 1) == "up", "the child")
    process.pause()
    process.end(grace_seconds=10)
    assert process.exit_code == -signal.SIGTERM


def test_log_tail_is_the_end_of_the_log(tmp_path: Path) -> None:
    """Only the last lines are shown, and a missing log is an empty one."""
    log = tmp_path / "log"
    assert last_lines(log, 2) == ""
    log.write_text("one\ntwo\nthree\n")
    assert last_lines(log, 2) == "two\nthree"


def test_busy_port_is_named() -> None:
    """The message names the port and the ways out."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortBusyError, match=f"port {port} .* give another port"):
            choose_ports(port)
        with pytest.raises(PortBusyError, match=str(port)):
            require_free(port)


def test_chosen_ports_differ_are_free_and_are_no_source_ports() -> None:
    """No client of a broker that is down can be given the broker's port as its own."""
    clients, controller = choose_ports(None)
    assert clients != controller
    assert max(clients, controller) < 32768
    require_free(clients)


def test_port_without_a_listener_does_not_serve() -> None:
    """Nobody there is no error, only a no."""
    assert not is_serving(choose_ports(None)[0], 1)


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\0\0\0\4\0\0\0\1"])
def test_listener_that_is_no_broker_does_not_serve(answer: bytes) -> None:
    """An open port is not enough."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def reply() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1024)
                connection.sendall(answer)

        thread = threading.Thread(target=reply)
        thread.start()
        assert not is_serving(listener.getsockname()[1], 1)
        thread.join()


@pytest.mark.parametrize(
    ("settings", "part"),
    [({"port": 70000}, "port is 70000"), ({"heap": "lots"}, "heap is 'lots'")],
)
def test_bad_setting_is_named_with_its_value(settings: dict[str, int | str], part: str) -> None:
    """Field and value are in the message."""
    with pytest.raises(InvalidSettingError, match=part):
        LocalKafkaSettings(**settings)  # type: ignore[arg-type] # wrong on purpose


def test_java_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong TOCSIN_JAVA is told as such."""
    monkeypatch.setenv("TOCSIN_JAVA", "/nowhere/java")
    with pytest.raises(JavaMissingError, match="/nowhere/java: TOCSIN_JAVA"):
        find_java()
