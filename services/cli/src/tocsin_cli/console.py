"""How the command speaks: results on standard output, everything else on standard error."""

import logging
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_USAGE = 2


def say(message: str) -> None:
    """Tell the person in front of the terminal, on standard error."""
    print(message, file=sys.stderr, flush=True)  # noqa: T201 - this is the command's voice


def emit(line: str) -> None:
    """Write one line of the result, on standard output: UTF-8, whatever the locale."""
    sys.stdout.flush()
    sys.stdout.buffer.write(f"{line}\n".encode())
    sys.stdout.buffer.flush()


def open_console() -> "Console":
    """A rich console on standard output."""
    from rich.console import Console

    return Console(highlight=False)


def send_logs_to_stderr() -> None:
    """Let our parts' warnings go to standard error, and nothing of libraries' own logs.

    Left alone, both would write to standard output, between the results.
    """
    import stamina.instrumentation
    import structlog

    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    )
    stamina.instrumentation.set_on_retry_hooks(())
    # Whatever fails for good comes as an exception and is told by the command itself.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
