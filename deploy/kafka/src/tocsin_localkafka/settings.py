"""How one local broker is to run."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tocsin_localkafka.errors import InvalidSettingError
from tocsin_localkafka.security import LocalKafkaSecurity

_HEAP = re.compile(r"[1-9][0-9]*[mg]")


@dataclass(frozen=True)
class LocalKafkaSettings:
    """Settings of one local broker.

    Raises:
        InvalidSettingError: a value cannot be used; the message says what can.

    """

    port: int | None = None
    """Port of the clients' listener on 127.0.0.1; None takes a free one."""
    data_dir: Path | None = None
    """Folder of data and log, kept at stop; None makes a temporary one that stop removes."""
    heap: str = "512m"
    """Maximum Java heap, such as `512m` or `2g`."""
    extra_properties: Mapping[str, str] = field(default_factory=dict)
    """Lines of server.properties that are added or replace ours."""
    security: LocalKafkaSecurity | None = None
    """Adds a listener with TLS, SASL/SCRAM and access lists, and makes it the one for clients."""
    cache_dir: Path | None = None
    """Folder of the artefacts; None takes TOCSIN_CACHE_DIR, else the user's cache folder."""

    def __post_init__(self) -> None:
        if self.port is not None and not 0 < self.port < 65536:
            raise InvalidSettingError(
                f"port is {self.port}: give a number from 1 to 65535, or none for a free port"
            )
        if not _HEAP.fullmatch(self.heap):
            raise InvalidSettingError(
                f"heap is {self.heap!r}: give a number with m or g behind it, such as 512m"
            )
