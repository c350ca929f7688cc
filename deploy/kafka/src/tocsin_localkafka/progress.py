"""How a download is shown: a bar on a terminal, a line per file otherwise; on standard error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TransferSpeedColumn,
)


class FetchProgress:
    """Counts the bytes of one fetch and shows them."""

    def __init__(self, console: Console, total_bytes: int) -> None:
        """Show nothing yet; `total_bytes` is all that is to come."""
        self._console = console
        self._total = total_bytes
        self._done = 0
        self._bar: Progress | None = None

    @contextmanager
    def shown(self, title: str) -> Iterator[None]:
        """Show the title and the progress while the block runs."""
        if not self._console.is_terminal:
            self._console.print(f"{title}: {self._total / 1e6:.0f} MB")
            yield
            return
        columns = (TextColumn(title), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        with Progress(*columns, TimeElapsedColumn(), console=self._console) as self._bar:
            self._bar.add_task(title, total=self._total)
            yield

    @contextmanager
    def file(self, name: str, _size: int) -> Iterator[Callable[[int], None]]:
        """Count one file; the value is called with the size of each chunk."""
        yield self._advance
        if self._bar is None:
            self._console.print(f"{name} ({self._done / 1e6:.1f} of {self._total / 1e6:.1f} MB)")

    def _advance(self, size: int) -> None:
        self._done += size
        if self._bar is not None:
            self._bar.advance(self._bar.task_ids[0], size)
