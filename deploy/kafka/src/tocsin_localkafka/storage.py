"""The broker's data folder: made, formatted once, and removed when it was temporary."""

import base64
import subprocess
import tempfile
import uuid
from collections.abc import Sequence
from pathlib import Path

from tocsin_localkafka.errors import BrokerDiedError

_FORMAT_SECONDS = 120


def make_data_folder(configured: Path | None) -> Path:
    """The configured folder, made when missing, else a new temporary one."""
    if configured is None:
        return Path(tempfile.mkdtemp(prefix="tocsin-kafka-"))
    folder = configured.expanduser().absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def is_formatted(log_dir: Path) -> bool:
    """Whether the storage carries a cluster id."""
    return (log_dir / "meta.properties").is_file()


def format_storage(
    java: Path, options: Sequence[str], properties: Path, further: Sequence[str] = ()
) -> None:
    """Give new storage a cluster id, by Kafka's own tool; `further` are options of the tool.

    Raises:
        BrokerDiedError: the tool failed; the message carries its output.

    """
    tool = [
        "kafka.tools.StorageTool",
        "format",
        "-t",
        new_cluster_id(),
        "-c",
        str(properties),
        *further,
    ]
    done = subprocess.run(  # noqa: S603 - fixed program, no shell
        [str(java), *options, *tool],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=_FORMAT_SECONDS,
    )
    if done.returncode != 0:
        raise BrokerDiedError(
            f"formatting the storage failed with exit code {done.returncode}; give another "
            f"data_dir or delete this one. Its output:\n{done.stdout}{done.stderr}"
        )


def new_cluster_id() -> str:
    """A new cluster id: 22 characters of base64url that are no command line option."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not text.startswith("-"):
            return text
