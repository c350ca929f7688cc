"""Makes artefacts.toml again: resolves the roots, downloads every jar, writes the digests."""

import tempfile
from pathlib import Path

from rich.console import Console

from tocsin_localkafka.artefacts import PINS_FILE, Jar, Pins, sha256
from tocsin_localkafka.maven import MavenRepositories

_HEADER = """\
# Apache Kafka {kafka} and all that it needs, pinned. To change a version, edit `kafka` and `roots`,
# then run: python -m tocsin_localkafka lock
# kafka-clients and Jackson are among the roots because jgo takes other versions than Kafka's pom.
"""


def pin(console: Console, path: Path = PINS_FILE) -> Pins:
    """Resolve the roots of the pins file anew and write the file.

    Raises:
        FetchError: a repository did not answer or does not know a coordinate.

    """
    former = Pins.load(path)
    with tempfile.TemporaryDirectory(prefix="tocsin-lock-") as staging:
        repositories = MavenRepositories(Path(staging))
        jars = []
        for coordinate in repositories.resolve(former.roots):
            jar = repositories.download(coordinate)
            console.print(coordinate)
            jars.append(Jar(coordinate=coordinate, bytes=jar.stat().st_size, sha256=sha256(jar)))
    pins = Pins(kafka=former.kafka, roots=former.roots, jar=jars)
    path.write_text(render(pins), encoding="utf-8")
    return pins


def render(pins: Pins) -> str:
    """The text of artefacts.toml."""
    roots = "".join(f'    "{root}",\n' for root in pins.roots)
    jars = "".join(
        f'\n[[jar]]\ncoordinate = "{jar.coordinate}"\nbytes = {jar.bytes}\n'
        f'sha256 = "{jar.sha256}"\n'
        for jar in pins.jar
    )
    head = _HEADER.format(kafka=pins.kafka)
    return f'{head}kafka = "{pins.kafka}"\nroots = [\n{roots}]\n{jars}'
