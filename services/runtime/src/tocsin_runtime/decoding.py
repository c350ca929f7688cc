"""Records as a tolerant reader takes them: readable, set aside on purpose, or undecodable."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from tocsin_schemas.contract import INTERNAL_VERSION

RecordT = TypeVar("RecordT")

UNKNOWN_KIND = "unknown-kind"
UNKNOWN_VERSION = "unknown-version"
UNDECODABLE = "undecodable"


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record of a later release: skipped and counted, it is no error."""

    reason: str
    """`unknown-kind` or `unknown-version`."""


@dataclass(frozen=True, slots=True)
class Undecodable:
    """Bytes that are no record."""

    detail: str
    """Field and reason, for a person."""


def decode(
    value: bytes | None, read: Callable[[bytes], RecordT]
) -> RecordT | SetAside | Undecodable:
    """Read the value of a record.

    Args:
        value: the bytes.
        read: parses them; raises `pydantic.ValidationError` when they are no record.

    """
    if value is None:
        return Undecodable("value: none")
    try:
        record = read(value)
    except ValidationError as error:
        return _judge(value, error)
    if getattr(record, "v", INTERNAL_VERSION) > INTERNAL_VERSION:
        return SetAside(UNKNOWN_VERSION)
    return record


def _judge(value: bytes, error: ValidationError) -> SetAside | Undecodable:
    details = error.errors(include_url=False, include_input=False)
    if details[0]["type"] == "union_tag_invalid":
        return SetAside(UNKNOWN_KIND)
    if _version_of(value) > INTERNAL_VERSION:
        return SetAside(UNKNOWN_VERSION)
    return Undecodable("; ".join(_describe(item) for item in details[:5]))


def _version_of(value: bytes) -> int:
    try:
        record = json.loads(value)
    except ValueError:  # also invalid UTF-8
        return 0
    version = record.get("v", 0) if isinstance(record, dict) else 0
    return version if isinstance(version, int) else 0


def _describe(item: Any) -> str:  # noqa: ANN401 - pydantic's error details
    return f"{'.'.join(map(str, item['loc'])) or 'value'}: {item['msg']}"
