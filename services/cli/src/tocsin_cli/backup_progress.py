"""How far a backup or a restore is, on standard error: a bar in a terminal, else nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """Told of each record."""

    def advance(self) -> None:
        """One more is done."""


@contextmanager
def open_progress(what: str, total: int) -> Iterator[Progress]:
    """A bar of records; the total is an estimate, since offsets may have gaps."""
    from rich import progress
    from rich.console import Console

    columns = (
        progress.TextColumn(what),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("records"),
        progress.TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with progress.Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)

        class _Bar:
            def advance(self) -> None:
                bar.advance(task)

        yield _Bar()
        bar.update(task, total=bar.tasks[0].completed)
