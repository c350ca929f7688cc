"""Decoding: readable, set aside on purpose, or undecodable."""

import json

import pytest

from factories import make_article
from tocsin_runtime.decoding import SetAside, Undecodable, decode
from tocsin_schemas.detection import read_article_record


def test_a_record_is_read() -> None:
    """What we write is what we read."""
    article = make_article()
    assert decode(article.to_json(), read_article_record) == article


def test_added_fields_are_ignored() -> None:
    """A field that a later release adds does no harm."""
    article = make_article()
    added = json.dumps(json.loads(article.to_json()) | {"mood": "calm"}).encode()
    assert decode(added, read_article_record) == article


def test_an_unknown_kind_is_set_aside() -> None:
    """A record of a kind that this release does not know is no error."""
    found = decode(b'{"kind": "weather", "v": 1}', read_article_record)
    assert found == SetAside("unknown-kind")


@pytest.mark.parametrize("change", [{"v": 2}, {"v": 2, "text": None}])
def test_a_later_version_is_set_aside(change: dict[str, object]) -> None:
    """A record of a later version is no error, whether this release could read it or not."""
    later = json.dumps(json.loads(make_article().to_json()) | change).encode()
    assert decode(later, read_article_record) == SetAside("unknown-version")


@pytest.mark.parametrize(
    "value", [None, b"", b"\xff\xfe", b"[]", b"7", b"{}", b'{"kind": "article"}', b'{"v": "x"}']
)
def test_anything_else_is_undecodable(value: bytes | None) -> None:
    """Bytes that are no record are told apart with a reason."""
    found = decode(value, read_article_record)
    assert isinstance(found, Undecodable)
    assert found.detail


def test_the_detail_names_the_field() -> None:
    """The reason says which field is wrong."""
    broken = json.dumps(json.loads(make_article().to_json()) | {"text": ""}).encode()
    found = decode(broken, read_article_record)
    assert isinstance(found, Undecodable)
    assert "text: empty" in found.detail
