"""Configuration files in YAML: read with limits, checked by a model, errors that name the place."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from tocsin_runtime.errors import SettingsError

MAX_FILE_BYTES = 4 * 1024 * 1024
"""No configuration that people write is larger."""

_SHOWN_CHARACTERS = 80
_SECRET_WORDS = ("secret", "token", "password", "sha256")

Model = TypeVar("Model", bound=BaseModel)


def read_configuration(path: Path, model: type[Model], setting: str) -> Model:
    """Read a YAML file as a model; an empty file is an empty object.

    Args:
        path: the file.
        model: what it must hold.
        setting: the environment variable that named the file, for messages.

    Raises:
        SettingsError: lists every wrong field with the value seen and what is allowed.

    """
    given = _load(path, setting)
    try:
        return model.model_validate({} if given is None else given)
    except ValidationError as error:
        found = error.errors(include_url=False)
        lines = "\n".join(_describe(item) for item in found)
        raise SettingsError(f"{path} ({setting}) is wrong:\n{lines}") from None


def _load(path: Path, setting: str) -> object:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise SettingsError(
            f"{setting}: cannot read {path}: {error.strerror or error}; name a file that is there"
        ) from None
    if len(raw) > MAX_FILE_BYTES:
        raise SettingsError(f"{setting}: {path} has more than {MAX_FILE_BYTES} bytes; split it")
    try:
        given: object = yaml.load(raw.decode("utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
    except UnicodeDecodeError as error:
        raise SettingsError(f"{setting}: {path}: no UTF-8 at byte {error.start}") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise SettingsError(f"{setting}: {path} is no YAML: {error}") from None
    return given


class _Loader(yaml.SafeLoader):
    """Plain values only; an alias could make a small file a huge value, a key twice hides one."""

    def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401 - PyYAML is untyped
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.YAMLError(f"line {mark.line + 1}: aliases (*) are not allowed")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: ANN401 - PyYAML's signature
        keys = [key.value for key, _ in node.value]
        for key, _ in node.value:
            if keys.count(key.value) > 1:
                line = key.start_mark.line + 1
                raise yaml.YAMLError(f"line {line}: {key.value!r} stands here twice")
        return super().construct_mapping(node, deep=deep)


def _describe(item: Any) -> str:  # noqa: ANN401 - pydantic's error details
    place = ".".join(str(part) for part in item["loc"]) or "the file"
    secret = any(word in place.lower() for word in _SECRET_WORDS)
    whole = isinstance(item["input"], dict | list)
    seen = "" if secret or whole else f" (seen: {repr(item['input'])[:_SHOWN_CHARACTERS]})"
    return f"  {place}: {item['msg']}{seen}"
