"""The file of sources: what may stand in it."""

from typing import Any

import pytest
from pydantic import ValidationError

from tocsin_ingest.domain.source import FeedSource, FolderSource, SirenSource, SourcesFile
from tocsin_schemas.vocabulary import Extraction, SourceKind

FEED = {"id": "desk", "url": "https://news.example/feed"}


def read(*sources: dict[str, Any]) -> SourcesFile:
    return SourcesFile.model_validate({"sources": sources})


def test_a_source_without_a_type_is_a_feed() -> None:
    """The three kinds are told apart by their type, and found by their ids."""
    file = read(
        FEED,
        {"id": "inbox", "type": "folder", "path": "/in"},
        {"id": "sirens", "type": "alerts-in-ua", "token": "env:TOKEN"},
    )
    kinds = {name: type(one) for name, one in file.by_id.items()}
    assert kinds == {"desk": FeedSource, "inbox": FolderSource, "sirens": SirenSource}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"url": "ftp://news.example/feed"}, "url"),
        ({"url": "https://user:pass@news.example/feed"}, "url"),
        ({"url": "news.example"}, "url"),
        ({"id": "North Desk"}, "id"),
        ({"every": 1}, "every"),
        ({"kind": "official"}, "kind"),
        ({"time_zone": "Kyiv"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"dated_by": "guess"}, "dated_by"),
        ({"active_for": 0}, "active_for"),
        ({"colour": "red"}, "colour"),
        ({"type": "mail"}, "sources"),
    ],
)
def test_a_wrong_field_is_named(changes: dict[str, Any], place: str) -> None:
    """Unknown ones too."""
    with pytest.raises(ValidationError) as caught:
        read({**FEED, **changes})
    assert place in [part for error in caught.value.errors() for part in error["loc"]]


def test_two_sources_may_not_have_one_id() -> None:
    """Their states would be mixed up."""
    with pytest.raises(ValidationError, match="'desk' stands there twice"):
        read(FEED, {**FEED, "url": "https://other.example/feed"})


def test_a_token_stands_elsewhere() -> None:
    """Only its place may stand in the file."""
    with pytest.raises(ValidationError):
        read({"id": "sirens", "type": "alerts-in-ua", "token": "s3cret"})


@pytest.mark.parametrize(
    ("dated_by", "goes_on", "by_receipt"),
    [("publication", True, False), ("receipt", True, True), ("receipt", False, False)],
)
def test_only_a_feed_that_goes_on_is_dated_by_receipt(
    dated_by: str, goes_on: bool, by_receipt: bool
) -> None:
    """Neither a first poll nor one after a gap says when its items came."""
    source = read({**FEED, "dated_by": dated_by, "active_for": 600}).by_id["desk"]
    assert isinstance(source, FeedSource)
    terms = source.terms(Extraction.PAGE, dated_by_receipt=goes_on)
    assert (terms.dated_by_receipt, terms.active_for_seconds) == (by_receipt, 600)
    assert (terms.extraction, source.kind) == (Extraction.PAGE, SourceKind.FEED)
