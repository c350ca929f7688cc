"""The fault run of three minutes: the same as `make soak`, shorter."""

from pathlib import Path

import pytest

from faults.soak import Plan, run

pytestmark = pytest.mark.alone

SEED = 20240820


@pytest.mark.timeout(600)
def test_faults_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """At least six kinds of faults while articles flow: every alert is there, once, in order."""
    plan = Plan(seconds=150, seed=SEED, per_second=30, fault_pause=(5.0, 9.0), least_kinds=6)
    assert run(plan, tmp_path)


@pytest.mark.timeout(480)
def test_a_lost_alert_fails_the_run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A notifier that forgets alerts: the run says how many are lost."""
    plan = Plan(15, SEED, per_second=60, fault_pause=None, least_kinds=0, bug="drop-alert")
    assert not run(plan, tmp_path)
    shown = capfd.readouterr().out
    assert "lost: alert missing" in shown
    assert "\nduplicated: 0" in shown
