"""The pinned artefacts: which jars make the broker, where they are kept, whether they are ours."""

import hashlib
import os
import tomllib
from pathlib import Path
from typing import Annotated, Self

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tocsin_localkafka.errors import DigestMismatchError

PINS_FILE = Path(__file__).with_name("artefacts.toml")

Coordinate = Annotated[str, StringConstraints(pattern=r"^[\w.-]+:[\w.-]+:[\w.-]+$")]


class Jar(BaseModel):
    """One pinned jar."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    coordinate: Coordinate
    """Maven coordinate, `group:artifact:version`."""
    bytes: Annotated[int, Field(gt=0)]
    """Size of the file."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """Digest of the file."""

    @property
    def filename(self) -> str:
        """The jar's name in the cache folder."""
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


class Pins(BaseModel):
    """The content of artefacts.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kafka: str
    """Version of Apache Kafka."""
    roots: list[Coordinate]
    """What the resolver starts from; `lock` makes the rest out of it."""
    jar: list[Jar]
    """Every jar of the class path, in its order."""

    @classmethod
    def load(cls, path: Path = PINS_FILE) -> Self:
        """Read the pins.

        Raises:
            pydantic.ValidationError: the file does not follow the schema.

        """
        return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))

    @property
    def total_bytes(self) -> int:
        """Size of all jars together."""
        return sum(jar.bytes for jar in self.jar)


def jars_folder(pins: Pins, cache_dir: Path | None = None) -> Path:
    """The folder of the jars: under `cache_dir`, else TOCSIN_CACHE_DIR, else the user's cache."""
    configured = os.environ.get("TOCSIN_CACHE_DIR")
    root = cache_dir or (Path(configured) if configured else platformdirs.user_cache_path("tocsin"))
    return root.expanduser().absolute() / f"kafka-{pins.kafka}"


def missing_jars(pins: Pins, folder: Path) -> list[Jar]:
    """The pinned jars that the folder does not hold."""
    return [jar for jar in pins.jar if not (folder / jar.filename).is_file()]


def verify(pins: Pins, folder: Path) -> None:
    """Compare every jar with its pin.

    Raises:
        DigestMismatchError: a jar differs; the message names it, both digests and the mend.

    """
    for jar in pins.jar:
        check_digest(jar, folder / jar.filename, f"delete the folder {folder} and start again")


def check_digest(jar: Jar, path: Path, mend: str) -> None:
    """Compare one file with its pin.

    Raises:
        DigestMismatchError: the file differs; `mend` ends the message.

    """
    found = sha256(path)
    if found != jar.sha256:
        raise DigestMismatchError(
            f"{jar.filename} is not the file that was pinned: its sha256 is {found}, "
            f"pinned is {jar.sha256}. The broker was not started; to mend it, {mend}."
        )


def sha256(path: Path) -> str:
    """The digest of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
