"""What Telegram Desktop exports of one channel (`result.json`), read message by message."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import ijson

from tocsin_cli.documents import BadDocument, Document
from tocsin_schemas.vocabulary import SourceKind

_HEAD_FIELDS = ("name", "id", "type")
_NOT_AN_ID = re.compile(r"[^A-Za-z0-9._-]")


def read_export(stream: BinaryIO, where: str, path: Path) -> Iterator[Document | BadDocument]:
    """The posts of a channel as documents; what is no post of text is left out.

    Left out are service messages (pins, calls), and pictures without a word. A post's id is the
    channel's own, so a second export of the same channel publishes only what is new or edited.

    Args:
        stream: the file; `text` may be a string or a list of pieces, as Telegram writes links.
        where: the file's name, for messages.
        path: the same, for what names the results.

    Yields:
        Each post, or why it is none; a file of another shape ends with one that says so.

    """
    channel: dict[str, Any] = {}
    try:
        for prefix, value in _read_parts(stream):
            if prefix in _HEAD_FIELDS:
                channel[prefix] = value
            elif _is_post(value):
                yield _to_document(value, channel, where, path)
    except (ijson.JSONError, UnicodeDecodeError) as error:
        yield BadDocument(where, "file", f"no JSON: {error}")
        return
    if not channel.keys() >= set(_HEAD_FIELDS):
        reason = (
            "no export of one chat by Telegram Desktop (name, type, id, messages); "
            "put other JSON one object a line into a .jsonl file"
        )
        yield BadDocument(where, "file", reason)


def _read_parts(stream: BinaryIO) -> Iterator[tuple[str, Any]]:
    """The head's fields and the messages in their order; the head stands first in an export."""
    builder: Any = None
    for prefix, event, value in ijson.parse(stream, use_float=True):
        if builder is not None:
            builder.event(event, value)
            if prefix == "messages.item" and event == "end_map":
                yield prefix, builder.value
                builder = None
        elif prefix == "messages.item" and event == "start_map":
            builder = ijson.ObjectBuilder()
            builder.event(event, value)
        elif prefix in _HEAD_FIELDS:
            yield prefix, value


def _is_post(message: Mapping[str, Any]) -> bool:
    return message.get("type") == "message" and bool(_read_text(message).strip())


def _to_document(
    message: Mapping[str, Any], channel: Mapping[str, Any], where: str, path: Path
) -> Document | BadDocument:
    number, seconds = message.get("id"), message.get("date_unixtime")
    place = f"{where}:{number}"
    if type(number) is not int:
        return BadDocument(place, "id", "no number; an export of Telegram Desktop has one")
    if not isinstance(seconds, str) or not re.fullmatch(r"\d{1,11}", seconds):
        return BadDocument(place, "date_unixtime", "no time; export with a newer Telegram Desktop")
    return Document(
        id=f"{path.name}:{number}",
        where=place,
        text=_read_text(message),
        caller_id=str(number),
        published_at=datetime.fromtimestamp(int(seconds), UTC).isoformat(),
        publisher=str(channel.get("name") or "") or None,
        source_id="telegram/" + _NOT_AN_ID.sub("_", str(channel.get("id", "unknown")))[:100],
        source_kind=SourceKind.CHANNEL,
    )


def _read_text(message: Mapping[str, Any]) -> str:
    given = message.get("text", "")
    if isinstance(given, str):
        return given
    if not isinstance(given, list):
        return ""
    pieces = (piece.get("text", "") if isinstance(piece, dict) else piece for piece in given)
    return "".join(piece for piece in pieces if isinstance(piece, str))
