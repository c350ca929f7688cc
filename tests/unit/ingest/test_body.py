"""A body gives clean articles, or every reason why it gives none."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tocsin_ingest.domain.article import Defaults
from tocsin_ingest.push.body import BodyError, Intake, Taken
from tocsin_schemas.article import MAX_TEXT_BYTES, Article

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SEED = Path(__file__).parents[3] / "seeds" / "000_8e6536fb18eeebd8.txt"
TEXT = "The siren sounds in the north. People go to the shelters."


def take(given: Any, **changes: Any) -> list[Taken]:
    body = given if isinstance(given, bytes) else json.dumps(given).encode()
    return Intake(lambda _: [("en", 0.9)], Defaults(**changes)).take_body(body, NOW)


def take_one(given: Any, **changes: Any) -> Article:
    """The article of a body that holds one that is fine."""
    (taken,) = take(given, **changes)
    assert taken.article is not None, taken.refusals
    return taken.article


def test_the_seed_is_taken_code_point_by_code_point() -> None:
    """Cleaning moves no offset of the owner's article."""
    text = SEED.read_bytes().decode()
    article = take_one({"text": text, "id": SEED.name})
    assert article.text == text
    assert len(article.text) == 4743


def test_an_article_gets_what_it_does_not_say() -> None:
    """Publisher from the address, kind api, dated by its publication, an hour of active."""
    given = {
        "text": TEXT,
        "url": "https://www.news.example/a?utm_medium=x",
        "published_at": "2026-03-01T11:00:00Z",
    }
    article = take_one(given)
    assert article.source.publisher == "news.example"
    assert (article.source.id, article.source.kind, article.source.url) == (
        "api", "api", "https://www.news.example/a",
    )  # fmt: skip
    assert article.dated_at == article.published_at == datetime(2026, 3, 1, 11, tzinfo=UTC)
    assert (article.active_for, article.mode, article.extraction) == (3600, "live", "as-given")
    assert article.language == "en"


def test_an_undated_article_stays_undated() -> None:
    """Receipt dates nothing: an old text handed over now is not news of now."""
    article = take_one({"text": TEXT})
    assert article.published_at is None
    assert article.dated_at is None
    assert article.source.publisher == "unknown"


def test_a_named_language_wins_over_detection() -> None:
    """The caller knows."""
    article = take_one({"text": TEXT, "language": "uk-UA"})
    assert article.language == "uk"


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({}, "text", "missing"),
        ({"text": ""}, "text", "empty"),
        ({"text": " \n\u00a0"}, "text", "empty"),
        ({"text": "\x01\x02"}, "text", "control characters"),
        ({"text": "x" * (MAX_TEXT_BYTES + 1)}, "text", "262145 bytes"),
        ({"text": "ї" * (MAX_TEXT_BYTES // 2 + 1)}, "text", "262146 bytes"),
        ({"text": 7}, "text", "string"),
        ({"text": None}, "text", "string"),
        ({"text": "half a character \ud83d"}, "text", "surrogate"),
        ({"text": TEXT, "title": "\udc00"}, "title", "surrogate"),
        ({"text": TEXT, "title": "x" * 1001}, "title", "1001 characters"),
        ({"text": TEXT, "publisher": "x" * 301}, "publisher", "301 characters"),
        ({"text": TEXT, "body": "b"}, "body", "no such field"),
        ({"text": TEXT, "source": {"name": "x"}}, "source.name", "no such field; known are: id"),
        ({"text": TEXT, "source": {"kind": "rumour"}}, "source.kind", "live-blog"),
        ({"text": TEXT, "source": {"id": "a b"}}, "source.id", "pattern"),
        ({"text": TEXT, "mode": "rehearsal"}, "mode", "'live', 'test' or 'archive'"),
        ({"text": TEXT, "mode": "archive"}, "mode", "refused on the live topics"),
        ({"text": TEXT, "published_at": 1709290800}, "published_at", "string"),
        ({"text": TEXT, "published_at": "9999-01-01T00:00:00Z"}, "published_at", "ahead"),
        ({"text": TEXT, "published_at": ""}, "published_at", "ISO 8601"),
        ({"text": TEXT, "url": "file:///etc/passwd"}, "url", "http"),
        ({"text": TEXT, "id": ""}, "id", "at least 1"),
        (["no object"], "body", "JSON object, not str"),
    ],
)
def test_a_bad_article_is_refused_with_field_and_reason(given: Any, field: str, words: str) -> None:
    """Nothing of it is taken."""
    (taken,) = take(given)
    assert taken.article is None
    (refusal,) = taken.refusals
    assert (refusal.index, refusal.field) == (0, field)
    assert words in refusal.reason


def test_all_reasons_are_told() -> None:
    """The caller need not ask twice."""
    taken = take([{"text": TEXT}, {"text": "", "title": "x" * 2000}, {"text": TEXT, "x": 1}])
    refusals = [refusal for one in taken for refusal in one.refusals]
    assert [(r.index, r.field) for r in refusals] == [(1, "text"), (1, "title"), (2, "x")]


def test_a_replay_is_taken_where_topics_have_a_prefix() -> None:
    """Elsewhere it is refused."""
    at = "2024-08-20T12:00:00Z"
    article = take_one({"text": TEXT, "mode": "archive", "published_at": at}, archive_allowed=True)
    assert article.mode == "archive"


def test_a_replay_needs_times() -> None:
    """It runs on its articles' clock."""
    (taken,) = take({"text": TEXT, "mode": "archive"}, archive_allowed=True)
    assert [(r.field, r.code) for r in taken.refusals] == [("published_at", "missing")]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 400, "no JSON"),
        (b"{", 400, "no JSON"),
        (b'"text"', 400, "neither an article"),
        (b"[]", 400, "empty list"),
        (b"[" * 200_000, 400, "nested"),
        (b'{"text": ' + b"9" * 5000 + b"}", 400, "no JSON"),
        (b'{"text": "ab\xff"}', 400, "byte 12"),
        (json.dumps([{"text": "x"}] * 1001).encode(), 413, "1001 articles"),
    ],
)
def test_a_body_that_is_no_list_of_articles_is_refused(
    body: bytes, status: int, words: str
) -> None:
    """The reason says where it breaks."""
    with pytest.raises(BodyError) as caught:
        take(body)
    assert caught.value.status == status
    assert words in caught.value.refusal.reason
