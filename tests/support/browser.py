"""A real headless Chromium for tests: Playwright from npm, driven through `tests/node`."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NODE_TESTS = Path(__file__).parents[1] / "node"


class BrowserError(AssertionError):
    """The browser could not do what it was asked."""


class Browser:
    """One page at a time."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.version = self._read()["ready"]

    def open(
        self, url: str, *, width: int = 1440, height: int = 900, scheme: str = "light"
    ) -> None:
        """Open a page in a fresh context, with a size and a colour scheme."""
        self._do("open", url=url, width=width, height=height, scheme=scheme)

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page."""
        return self._do("evaluate", expression=expression)

    def wait(self, expression: str, seconds: float = 20) -> float:
        """Wait until an expression is true in the page; gives the seconds that it took."""
        took: float = self._do("wait", expression=expression, seconds=seconds)
        return took

    def wait_for_cards(self, count: int, seconds: float = 20) -> float:
        """Wait until so many alerts are shown."""
        return self.wait(
            f"document.querySelectorAll('.card:not([hidden])').length === {count}", seconds
        )

    def texts(self, selector: str) -> list[str]:
        """The texts of all elements that fit a selector."""
        found: list[str] = self.evaluate(
            f"[...document.querySelectorAll({json.dumps(selector)})].map((one) => one.textContent)"
        )
        return found

    def click(self, selector: str) -> None:
        """Click on an element."""
        self._do("click", selector=selector)

    def fill(self, selector: str, text: str) -> None:
        """Write into a field."""
        self._do("fill", selector=selector, text=text)

    def select(self, selector: str, value: str) -> None:
        """Choose from a list."""
        self._do("select", selector=selector, value=value)

    def press(self, key: str) -> None:
        """Press a key."""
        self._do("press", key=key)

    def reload(self) -> None:
        """Load the page again."""
        self._do("reload")

    def url(self) -> str:
        """The page's address."""
        found: str = self._do("url")
        return found

    def problems(self) -> dict[str, list[str]]:
        """Errors of scripts and policy (`problems`), and requests to elsewhere (`foreign`)."""
        found: dict[str, list[str]] = self._do("problems")
        return found

    def violations(self) -> list[dict[str, Any]]:
        """What axe-core finds wrong for people who use a screen reader or a keyboard."""
        found: list[dict[str, Any]] = self._do("axe")
        return found

    def screenshot(self, path: Path, *, full: bool = False) -> None:
        """Take a picture of the page."""
        self._do("screenshot", path=str(path), full=full)

    def _do(self, command: str, **options: Any) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"command": command} | options) + "\n")
        self._process.stdin.flush()
        answer = self._read()
        if "error" in answer:
            raise BrowserError(f"{command} {options}: {answer['error']}")
        return answer["value"]

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise BrowserError("the browser has ended; is `make node` done? See its error above")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A browser that lives as long as the context."""
    scripts = Path(sys.executable).parent
    process = subprocess.Popen(
        [str(scripts / "node"), str(NODE_TESTS / "browser.mjs")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"},
    )
    try:
        yield Browser(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
