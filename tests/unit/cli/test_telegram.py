"""Exports of Telegram Desktop: each post with text is a document, with the channel's own id."""

import json
from pathlib import Path
from typing import Any

from tocsin_cli.articles import to_raw
from tocsin_cli.documents import BadDocument, Document, read_documents

POST = {
    "id": 7, "type": "message", "date": "2026-03-01T04:10:00", "date_unixtime": "1772338200",
    "text": ["Повітряна тривога в області! ", {"type": "link", "text": "https://t.example"}, ""],
}  # fmt: skip


def export(folder: Path, *messages: Any, **head: Any) -> Path:
    channel = {"name": "Північ", "type": "public_channel", "id": 1234, **head}
    path = folder / "result.json"
    path.write_text(json.dumps({**channel, "messages": messages}, ensure_ascii=False), "utf-8")
    return path


def read(path: Path) -> list[Document | BadDocument]:
    return list(read_documents([str(path)]))


def test_a_post_is_an_article_of_its_channel(tmp_path: Path) -> None:
    """Text in pieces is put together, the time is the one with a zone."""
    (post,) = read(export(tmp_path, POST))
    assert isinstance(post, Document)
    assert post.text == "Повітряна тривога в області! https://t.example"
    raw = to_raw(post)
    assert not isinstance(raw, BadDocument)
    assert raw.source is not None
    assert (raw.source.id, raw.source.kind, raw.publisher) == ("telegram/1234", "channel", "Північ")
    assert (raw.id, raw.published_at) == ("7", "2026-03-01T04:10:00+00:00")


def test_what_is_no_text_is_left_out(tmp_path: Path) -> None:
    """Pins, calls and pictures without a word."""
    pin = {"id": 8, "type": "service", "action": "pin_message", "text": ""}
    picture = {**POST, "id": 9, "text": "", "photo": "photos/1.jpg"}
    assert read(export(tmp_path, pin, picture)) == []


def test_a_post_without_its_time_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    """The message names the post and the field."""
    undated = {name: value for name, value in POST.items() if name != "date_unixtime"}
    bad, good = read(export(tmp_path, undated, {**POST, "id": 10}))
    assert isinstance(bad, BadDocument)
    assert str(bad).startswith(f"{tmp_path}/result.json:7: date_unixtime: no time; export")
    assert isinstance(good, Document)


def test_other_json_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """Cut-off files too; nothing is lost silently."""
    (tmp_path / "a.json").write_text('{"text": "x"}')
    (other,) = read(tmp_path / "a.json")
    assert isinstance(other, BadDocument)
    assert ".jsonl" in other.reason
    whole = export(tmp_path, POST).read_text("utf-8")
    (tmp_path / "b.json").write_text(whole[: len(whole) - 20], "utf-8")
    *_, cut = read(tmp_path / "b.json")
    assert isinstance(cut, BadDocument)
    assert "no JSON" in cut.reason
