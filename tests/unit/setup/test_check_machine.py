"""`make` checks its needs first and prints the command that mends what is missing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCRIPTS = ROOT / "deploy" / "setup"

GOOD = {
    "uname": 'case "$1" in -s) echo Linux ;; -m) echo x86_64 ;; esac',
    "ldd": "echo ldd GLIBC 2.36",
    "df": "printf 'Filesystem MiB Used Available\\n/dev/disk 9 9 90000\\n'",
    "python3": "exit 0",
    "uv": "echo uv 0.9.0",
}
"""A machine that has all that is needed, command by command."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The scripts in a project folder of their own, where no uv was installed."""
    shutil.copytree(SCRIPTS, tmp_path / "project" / "deploy" / "setup")
    return tmp_path / "project"


def run(project: Path, script: str, *arguments: str, **changes: str | None) -> tuple[int, str, str]:
    """Run a script on a machine that has these commands; None takes one away."""
    folder = project.parent / "bin"
    folder.mkdir()
    for name in ("bash", "awk", "dirname", "grep"):
        (folder / name).symlink_to(shutil.which(name) or name)
    for name, body in {**GOOD, **changes}.items():
        if body is not None:
            (folder / name).write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
            (folder / name).chmod(0o755)
    done = subprocess.run(
        [str(project / "deploy" / "setup" / script), *arguments],
        env={"PATH": str(folder), "HOME": os.environ.get("HOME", "/")},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    return done.returncode, done.stdout, done.stderr


def test_machine_with_all_that_is_needed_passes_in_silence(project: Path) -> None:
    """Nothing to say, exit code 0."""
    assert run(project, "check-machine.sh") == (0, "", "")


@pytest.mark.parametrize("python", [None, "exit 1"], ids=["none", "too old"])
def test_missing_or_old_python_is_told_with_the_command(project: Path, python: str | None) -> None:
    """The version that is needed, and how to get it."""
    code, _, told = run(project, "check-machine.sh", python3=python)
    assert code == 1
    assert "missing: Python 3.11 or newer" in told
    assert "mend: sudo apt-get install python3" in told


def test_without_uv_pythons_venv_is_needed(project: Path) -> None:
    """Debian keeps it in a package of its own; with it, uv is installed by the project."""
    no_venv = 'case "$2" in *venv*) exit 1 ;; esac'
    code, _, told = run(project, "check-machine.sh", uv=None, python3=no_venv)
    assert code == 1
    assert "mend: sudo apt-get install python3-venv" in told


def test_without_uv_but_with_venv_all_is_there(project: Path) -> None:
    """No uv on the machine is no complaint."""
    assert run(project, "check-machine.sh", uv=None) == (0, "", "")


def test_full_disk_is_told_with_both_figures(project: Path) -> None:
    """What is needed and what is free."""
    full = "printf 'Filesystem MiB Used Available\\n/dev/disk 9 9 700\\n'"
    code, _, told = run(project, "check-machine.sh", df=full)
    assert code == 1
    assert "2500 MiB of free disk here (there are 700)" in told


@pytest.mark.parametrize(
    "changes",
    [{"uname": "echo FreeBSD"}, {"ldd": "echo musl libc >&2; exit 1"}],
    ids=["system", "musl"],
)
def test_platform_without_a_java_runtime_is_told(project: Path, changes: dict[str, str]) -> None:
    """There docker compose is the way."""
    code, _, told = run(project, "check-machine.sh", **changes)
    assert code == 1
    assert "docker compose up -d" in told


def test_everything_missing_is_told_at_once(project: Path) -> None:
    """One run shows all, not one after the other."""
    full = "printf 'Filesystem MiB Used Available\\n/dev/disk 9 9 7\\n'"
    code, _, told = run(project, "check-machine.sh", python3=None, df=full, uname="echo Plan9")
    assert code == 1
    assert told.count("missing: ") == told.count("mend: ") == 3


def test_uv_that_does_not_run_is_replaced_by_the_projects_own(project: Path) -> None:
    """A broken shim on the PATH is as good as none."""
    _, found, _ = run(project, "find-uv.sh", uv="exit 127")
    assert found.strip() == str(project / ".tocsin" / "uv" / "bin" / "uv")


def test_newer_python_beside_an_old_one_is_found(project: Path) -> None:
    """`python3` may be the system's, which is old; a versioned one is looked for."""
    newer = {"python3.12": "exit 0"}
    code, found, _ = run(project, "find-python.sh", python3="exit 1", **newer)
    assert code == 0
    assert found.strip().endswith("bin/python3.12")


def test_what_only_the_tests_need_is_asked_for_by_the_tests_alone(project: Path) -> None:
    """The demo runs without them; the tests name each with the command that brings it."""
    code, _, told = run(project, "check-machine.sh", "tests")
    assert code == 1
    for missing, mend in [
        ("kcat", "sudo apt-get install kcat "),
        ("promtool", "sudo apt-get install prometheus "),
        ("Alertmanager", "sudo apt-get install prometheus-alertmanager "),
        ("kubectl or kustomize", "go install sigs.k8s.io/kustomize/kustomize/"),
    ]:
        assert f"missing: {missing}" in told
        assert f"mend: {mend}" in told


@pytest.mark.parametrize("alertmanager", ["alertmanager", "prometheus-alertmanager"])
def test_a_machine_with_what_the_tests_need_passes_in_silence(
    project: Path, alertmanager: str
) -> None:
    """Debian gives Alertmanager's program a name of its own."""
    found = dict.fromkeys(("kcat", "promtool", "kubectl", alertmanager), "exit 0")
    assert run(project, "check-machine.sh", "tests", **found) == (0, "", "")
