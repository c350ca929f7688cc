"""The README's subscriber is taken out of it and run, from the beginning and from the end."""

import contextlib
import os
import queue
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from support import seed
from support.pipeline import Pipeline

README = Path(__file__).parents[2] / "README.md"
REGIONS = (
    "Харківській", "Чернігівській", "Запорізькій", "Одеській", "Черкаській", "Вінницькій",
    "Житомирській", "Рівненській", "Волинській", "Львівській",
)  # fmt: skip
"""Regions that the sample article does not name."""


def subscriber() -> str:
    """The code behind the mark."""
    found = re.search(
        r"<!-- subscriber -->\s*```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL
    )
    assert found, "README.md has lost its subscriber"
    return found[1]


class Subscriber:
    """The README's code as a process; the first line of each alert comes into a queue."""

    def __init__(self, pipeline: Pipeline, folder: Path, *arguments: str) -> None:
        script = folder / "subscriber.py"
        script.write_text(subscriber(), encoding="utf-8")
        self.alerts: queue.Queue[str] = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, str(script), *arguments],
            env={**os.environ, **pipeline.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.reading = threading.Thread(target=self._read)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if not line.startswith(" "):
                self.alerts.put(line.strip())

    def __enter__(self) -> "Subscriber":
        self.reading.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self.reading.join()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture(scope="module", autouse=True)
def seeded(pipeline: Pipeline) -> None:
    """The sample article went through before any test of this module."""
    pipeline.post_seed(seed.PATH)
    pipeline.settle()


def test_from_the_beginning_it_prints_what_stands(pipeline: Pipeline, tmp_path: Path) -> None:
    """All eight alerts, each once, with type, status and headline."""
    with Subscriber(pipeline, tmp_path, "--from-beginning") as reader:
        found = [reader.alerts.get(timeout=20) for _ in range(8)]
    assert sorted(line.split()[0] for line in found) == sorted(
        ["territorial-claim", *["negotiation-stance"] * 2, *["air-raid-warning"] * 5]
    )
    assert {line.split()[1] for line in found} == {"new"}


def test_from_the_end_it_prints_only_what_comes(pipeline: Pipeline, tmp_path: Path) -> None:
    """The first alert that is printed is one that came while it ran."""
    with Subscriber(pipeline, tmp_path) as reader:
        # It does not say when it has joined: articles come until it tells of one.
        for region in REGIONS:
            text = f"Увага, повітряна тривога в {region} області! Негайно пройдіть в укриття."
            pipeline.post({"text": text, "language": "uk"})
            with contextlib.suppress(queue.Empty):
                found = reader.alerts.get(timeout=3)
                break
        else:
            pytest.fail("nothing was printed")
    assert found.startswith("air-raid-warning new ")
    assert not any(name in found for name in ("Sumy", "Poltava", "Kherson", "Mykolaiv", "Kyiv"))
