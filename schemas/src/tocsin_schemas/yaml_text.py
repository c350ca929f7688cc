"""Plain data as YAML that people can read; the package needs no YAML library for it.

Text is written as in JSON, which every YAML 1.2 parser reads as text.
"""

import json
import re
from typing import Any

_PLAIN_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.-]*")
_NOT_PLAIN = frozenset({"y", "yes", "n", "no", "true", "false", "on", "off", "null"})


def to_yaml(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """The YAML of a JSON value, a line for each scalar."""
    return "\n".join(_lines(value)) + "\n"


def _lines(value: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict) and value:
        return [line for key, inner in value.items() for line in _entry(f"{_key(key)}:", inner)]
    if isinstance(value, list) and value:
        return [line for inner in value for line in _item(inner)]
    return [json.dumps(value, ensure_ascii=False)]


def _entry(key: str, value: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    lines = _lines(value)
    if isinstance(value, dict | list) and value:
        return [key, *(f"  {line}" for line in lines)]
    return [f"{key} {lines[0]}"]


def _item(value: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    first, *rest = _lines(value)
    return [f"- {first}", *(f"  {line}" for line in rest)]


def _key(key: str) -> str:
    plain = _PLAIN_KEY.fullmatch(key) and key.lower() not in _NOT_PLAIN
    return key if plain else json.dumps(key, ensure_ascii=False)
