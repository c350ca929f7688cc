"""The way to Maven repositories, by jgo: Maven Central and the repositories of `jgo.conf`.

jgo is imported late, because it is slow to import and a filled cache needs none of it.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from tocsin_localkafka.errors import FetchError

Progress = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
"""Called with a file's name and size; the context's value is called with each chunk's size."""

_TIMEOUT_SECONDS = 60
_TRIES = 3


class MavenRepositories:
    """Downloads into one folder, which should be a temporary one of the caller's."""

    def __init__(self, folder: Path, progress: Progress | None = None) -> None:
        """Set the way up; the repositories of `jgo.conf` are asked before Maven Central."""
        from jgo.config import GlobalSettings
        from jgo.constants import MAVEN_CENTRAL_URL
        from jgo.maven import MavenContext, PythonResolver

        named = GlobalSettings.load().repositories
        self._folder = folder
        self._context = MavenContext(
            resolver=PythonResolver(progress_callback=progress),
            repo_cache=folder,
            remote_repos={**named, "central": named.get("central", MAVEN_CENTRAL_URL)},
            timeout=_TIMEOUT_SECONDS,
        )

    def download(self, coordinate: str) -> Path:
        """Download one jar; its content is not checked.

        Raises:
            FetchError: no repository gave it.
            OSError: it could not be written.

        """
        import requests

        group, artifact, version = coordinate.split(":")
        jar = self._context.project(group, artifact).at_version(version).artifact()
        for left in reversed(range(_TRIES)):
            try:
                return Path(jar.resolve())
            except (requests.RequestException, RuntimeError) as error:
                (self._folder / jar.component.path_prefix / jar.filename).unlink(missing_ok=True)
                if not left:
                    raise FetchError(self._cannot_fetch(coordinate, error)) from error
        raise AssertionError("unreachable: the last try returns or raises")

    def resolve(self, roots: list[str]) -> list[str]:
        """All coordinates that the roots need at run time, the roots first.

        Raises:
            FetchError: a repository did not answer or does not know one of them.

        """
        import requests

        dependencies = [self._context.create_dependency(root) for root in roots]
        try:
            named, needed = self._context.resolver.resolve(dependencies)
        except (requests.RequestException, RuntimeError) as error:
            raise FetchError(self._cannot_fetch(", ".join(roots), error)) from error
        return [_coordinate(dependency) for dependency in [*named, *needed]]

    def _cannot_fetch(self, what: str, error: Exception) -> str:
        asked = ", ".join(self._context.remote_repos.values())
        return (
            f"could not fetch {what} from {asked}: {error}. Check the network (HTTPS_PROXY is "
            "honoured; a mirror goes under [repositories] in ~/.config/jgo.conf) and start again: "
            "what is already fetched is kept."
        )


def _coordinate(dependency: Any) -> str:  # noqa: ANN401 - jgo's own type is loaded late
    return f"{dependency.groupId}:{dependency.artifactId}:{dependency.version}"
