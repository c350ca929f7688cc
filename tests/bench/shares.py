"""Processes that get a share of a core at the most, by control groups of the kernel (Linux)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PERIOD = 100_000
"""Microseconds."""


class NoShareError(Exception):
    """No control group can be made here."""


@contextmanager
def share_of_a_core(share: float, pids: list[int]) -> Iterator[None]:
    """Let each process have a share of one core while the context is open.

    Args:
        share: 0.4 is 40 milliseconds in each tenth of a second, whatever the others leave.
        pids: each gets a group of its own.

    Raises:
        NoShareError: the groups cannot be made here.

    """
    made: list[Path] = []
    try:
        for pid in pids:
            made.append(_create(f"tocsin-bench-{pid}", share))
            (made[-1] / "cgroup.procs").write_text(str(pid))
        yield
    except OSError as error:
        raise NoShareError(
            f"{error.filename}: {error.strerror}; control groups must be writable: run as root, on "
            "a machine or in a container that may limit processes"
        ) from error
    finally:
        for folder in made:
            _remove(folder)


def _create(name: str, share: float) -> Path:
    quota = int(share * _PERIOD)
    first = Path("/sys/fs/cgroup/cpu")
    if first.is_dir():  # version 1
        folder = first / name
        folder.mkdir()
        (folder / "cpu.cfs_period_us").write_text(str(_PERIOD))
        (folder / "cpu.cfs_quota_us").write_text(str(quota))
        return folder
    root = Path("/sys/fs/cgroup")
    (root / "cgroup.subtree_control").write_text("+cpu")
    folder = root / name
    folder.mkdir()
    (folder / "cpu.max").write_text(f"{quota} {_PERIOD}")
    return folder


def _remove(folder: Path) -> None:
    """Let its processes go back, and remove it."""
    parent = folder.parent / "cgroup.procs"
    for pid in (folder / "cgroup.procs").read_text().split():
        parent.write_text(pid)
    folder.rmdir()
