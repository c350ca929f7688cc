"""What was measured: medians with their spread, the machine and the versions, as text and JSON."""

import json
import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pydantic import BaseModel

FOLDER = Path(__file__).resolve().parents[2] / ".tocsin" / "bench"
"""Where results are written; TOCSIN_BENCH_DIR changes it."""

_PACKAGES = ("faust-streaming", "aiokafka", "confluent-kafka", "faststream", "uvloop")


@dataclass(frozen=True)
class Series:
    """One figure, measured several times."""

    name: str
    values: Sequence[float]
    ratio: bool = False
    """Whether it compares two things of one run, so that machines do not matter."""

    @property
    def median(self) -> float:
        """The middle value."""
        return statistics.median(self.values)

    def row(self) -> str:
        """One line of the table: median, and the lowest and highest value."""
        low, high = min(self.values), max(self.values)
        return f"| {self.name} | {_short(self.median)} | {_short(low)} to {_short(high)} |"


@dataclass
class Table:
    """The figures of one benchmark."""

    name: str
    title: str
    conditions: Mapping[str, Any]
    series: list[Series] = field(default_factory=list)

    def add(self, series: Series) -> None:
        """Append a figure."""
        self.series.append(series)

    def text(self) -> str:
        """The table in Markdown."""
        told = ", ".join(f"{name} {value}" for name, value in self.conditions.items())
        head = f"{self.title}\n{surroundings_text()}\n{told}\n"
        rows = [one.row() for one in self.series]
        return "\n".join(
            [head, "| what | median | lowest to highest |", "| --- | --- | --- |", *rows]
        )

    def document(self) -> dict[str, Any]:
        """The table as JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "surroundings": surroundings(),
            "conditions": dict(self.conditions),
            "series": {
                one.name: {"median": one.median, "values": list(one.values), "ratio": one.ratio}
                for one in self.series
            },
        }


class StoredSeries(BaseModel):
    """A figure of a table that was written."""

    median: float
    values: tuple[float, ...]
    ratio: bool


class StoredTable(BaseModel):
    """What a benchmark wrote, as far as others read it."""

    name: str
    title: str = ""
    series: dict[str, StoredSeries]


def results_folder() -> Path:
    """Where results are written and read."""
    return Path(os.environ.get("TOCSIN_BENCH_DIR", FOLDER))


def read_table(path: Path) -> StoredTable:
    """A table that was written.

    Raises:
        pydantic.ValidationError: the file holds something else.

    """
    return StoredTable.model_validate_json(path.read_bytes())


def save(table: Table) -> Path:
    """Write the table as JSON; gives the file."""
    folder = results_folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{table.name}.json"
    path.write_text(json.dumps(table.document(), indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def surroundings() -> dict[str, Any]:
    """The machine and the versions that were measured."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": {name: found for name in _PACKAGES if (found := _version(name))},
    }


def surroundings_text() -> str:
    """The same in a line."""
    found = surroundings()
    packages = ", ".join(f"{name} {number}" for name, number in found["packages"].items())
    return (
        f"{found['cores']} cores of {found['processor']}, {found['system']}, "
        f"Python {found['python']}, {packages}"
    )


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text("utf-8", "replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _short(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
