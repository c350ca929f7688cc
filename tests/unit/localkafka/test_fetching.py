"""Fetching, from a Maven repository that this test serves on 127.0.0.1."""

import hashlib
import io
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from filelock import FileLock
from rich.console import Console

from support.web import serve_in_threads
from tocsin_localkafka import DigestMismatchError, DiskFullError, FetchError
from tocsin_localkafka.artefacts import Jar, Pins, jars_folder
from tocsin_localkafka.fetching import fetch, require_space

CONTENT = b"jar of a bell"


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder served as the only Maven repository that jgo knows."""
    root = tmp_path / "repository"
    root.mkdir()
    with serve_in_threads(partial(QuietHandler, directory=str(root))) as port:
        config = tmp_path / "jgo.conf"
        config.write_text(f"[repositories]\ncentral = http://127.0.0.1:{port}\n")
        monkeypatch.setenv("JGO_CONFIG_FILE", str(config))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield root


def put(repository: Path, name: str, content: bytes) -> None:
    folder = repository / "org" / "example" / name / "1.0"
    folder.mkdir(parents=True)
    (folder / f"{name}-1.0.jar").write_bytes(content)


def pins_of(*names: str) -> Pins:
    digest = hashlib.sha256(CONTENT).hexdigest()
    jars = [
        Jar(coordinate=f"org.example:{name}:1.0", bytes=len(CONTENT), sha256=digest)
        for name in names
    ]
    return Pins(kafka="4.3.1", roots=[], jar=jars)


def console() -> Console:
    return Console(file=io.StringIO(), soft_wrap=True)


def shown(on: Console) -> str:
    assert isinstance(on.file, io.StringIO)
    return on.file.getvalue()


def test_missing_jars_are_fetched_with_progress_and_nothing_else_is_left(
    repository: Path, tmp_path: Path
) -> None:
    """Files are told line by line without a terminal; a killed fetch's remains are removed."""
    put(repository, "bell", CONTENT)
    put(repository, "rope", CONTENT)
    left = jars_folder(pins_of("bell"), tmp_path / "cache") / ".staging" / "half-a-bell.jar"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"jar of a")
    out = console()
    folder = fetch(pins_of("bell", "rope"), tmp_path / "cache", out)
    assert {path.name for path in folder.iterdir()} == {
        "bell-1.0.jar",
        "rope-1.0.jar",
        ".fetch.lock",
    }
    assert (folder / "bell-1.0.jar").read_bytes() == CONTENT
    assert "bell-1.0.jar" in shown(out)
    assert "rope-1.0.jar" in shown(out)


def test_wrong_file_from_the_repository_is_not_kept(repository: Path, tmp_path: Path) -> None:
    """A jar that differs from its pin never enters the cache folder."""
    put(repository, "bell", b"jar of a drum")
    with pytest.raises(DigestMismatchError, match=r"bell-1\.0\.jar"):
        fetch(pins_of("bell"), tmp_path / "cache", console())
    folder = jars_folder(pins_of("bell"), tmp_path / "cache")
    assert [path.name for path in folder.iterdir()] == [".fetch.lock"]


def test_fetch_that_failed_goes_on_where_it_stopped(repository: Path, tmp_path: Path) -> None:
    """What was fetched before the failure is kept and not fetched again."""
    put(repository, "bell", CONTENT)
    pins = pins_of("bell", "rope")
    with pytest.raises(FetchError, match=r"org\.example:rope:1\.0"):
        fetch(pins, tmp_path / "cache", console())
    put(repository, "rope", CONTENT)
    out = console()
    fetch(pins, tmp_path / "cache", out)
    assert "bell" not in shown(out)
    assert "rope-1.0.jar" in shown(out)


def test_lock_held_by_another_is_named(tmp_path: Path) -> None:
    """Who waits too long learns what for."""
    folder = jars_folder(pins_of("bell"), tmp_path)
    folder.mkdir()
    with (
        FileLock(folder / ".fetch.lock"),
        pytest.raises(FetchError, match="another process has been fetching"),
    ):
        fetch(pins_of("bell"), tmp_path, console(), lock_seconds=0.05)


def test_second_fetch_waits_and_takes_what_the_first_brought(tmp_path: Path) -> None:
    """Two at once: the second asks no repository."""
    pins = pins_of("bell")
    folder = jars_folder(pins, tmp_path)
    folder.mkdir()
    lock = FileLock(folder / ".fetch.lock", thread_local=False)
    lock.acquire()
    out, brought = console(), []
    second = threading.Thread(target=lambda: brought.append(fetch(pins, tmp_path, out)))
    second.start()
    deadline = time.monotonic() + 10
    while "waiting for another process" not in shown(out):
        assert time.monotonic() < deadline, "the second fetch does not wait"
        time.sleep(0.01)
    (folder / "bell-1.0.jar").write_bytes(CONTENT)
    lock.release()
    second.join(20)
    assert brought == [folder]
    assert "Fetching" not in shown(out)


def test_full_disk_is_told_with_both_sizes(tmp_path: Path) -> None:
    """The message names the folder, what is free and what is needed."""
    with pytest.raises(DiskFullError, match=r"MB free, 1000000000000 MB are needed"):
        require_space(tmp_path, 10**18)
