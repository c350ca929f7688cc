"""Structured logs: one JSON object a line on standard error, also for libraries' own lines."""

import logging
import sys
from typing import Any

import stamina.instrumentation
import structlog

_QUIET = {"aiokafka": logging.ERROR, "kafka": logging.ERROR, "uvicorn": logging.WARNING}
"""Libraries that log what we log ourselves, and better: reconnects, each request."""


_CHATTY = ("aiokafka", "opentelemetry")
_CHATTY_SECONDS = 10.0
"""They repeat each complaint many times a second while a broker or a collector is away."""
_CHATTY_KINDS = 100


class _OnceInAWhile(logging.Filter):
    """Lets a message of a chatty library through once in ten seconds."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith(_CHATTY):
            return True
        template = str(record.msg)[:200]
        if record.created - self._last.get(template, 0) < _CHATTY_SECONDS:
            return False
        if len(self._last) > _CHATTY_KINDS:
            self._last.clear()
        self._last[template] = record.created
        return True


def configure_logs(service: str, instance_id: str, level: str, log_format: str) -> None:
    """Set logging up, once at the start of a process.

    Args:
        service: name of the service, in every line.
        instance_id: name of the replica, in every line.
        level: least level that is logged.
        log_format: `json` or `console`.

    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: list[Any] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
        if log_format == "json"
        else [structlog.dev.ConsoleRenderer()]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_OnceInAWhile())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(max(least, root.level))
    stamina.instrumentation.set_on_retry_hooks(())  # whoever retries logs it with its reason
    structlog.contextvars.bind_contextvars(service=service, instance=instance_id)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
