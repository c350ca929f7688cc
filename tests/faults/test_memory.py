"""Memory is judged by its growth after the first minutes, service by service."""

from pathlib import Path

import pytest

from faults.memory import MemoryWatch, megabytes_of
from support.services import ServiceProcess


def watch(*, growth: float, minutes: int = 20, jump: float = 0.0) -> MemoryWatch:
    """A watch that saw one service; it jumps in the first five minutes, then grows evenly."""
    found = MemoryWatch()
    for number in range(minutes * 6):
        at = number / 6
        size = 80 + growth * at + (jump if at >= 2 else 0)
        found.samples["notifier-1"].append((at, size))
    return found


def test_a_service_that_keeps_growing_is_named() -> None:
    """With its megabytes a minute."""
    assert watch(growth=1.5).judge(print) == ["memory of notifier-1 grows by 1.50 MB a minute"]


def test_a_jump_at_the_start_is_no_growth(capsys: pytest.CaptureFixture[str]) -> None:
    """Caches fill; what it settled at is told."""
    assert watch(growth=0.2, jump=60).judge(print) == []
    assert "growth +0.20 MB a minute" in capsys.readouterr().out


def test_a_short_run_proves_nothing() -> None:
    """Without samples after the first minutes there is no judgement."""
    assert watch(growth=0, minutes=6).judge(print) == [
        "memory of notifier-1: 6 samples are too few"
    ]


def test_a_process_is_seen(tmp_path: Path) -> None:
    """Its resident memory, in megabytes."""
    service = ServiceProcess(("sleep", "60"), {}, tmp_path / "log")
    service.start()
    try:
        assert 0.1 < megabytes_of({"one": service})["one"] < 100
    finally:
        service.kill()
