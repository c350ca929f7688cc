"""Whatever is handed over: an article in order, or a refusal that names field and reason."""

import json
import unicodedata
from contextlib import suppress
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from factories import make_article
from tocsin_ingest.domain.article import Defaults
from tocsin_ingest.domain.clean import clean_text
from tocsin_ingest.domain.identity import canonical_url, digest
from tocsin_ingest.domain.refusal import RefusedError
from tocsin_ingest.domain.revision import decide_revision, follow, kept_share, withdraw
from tocsin_ingest.push.body import BodyError, Intake
from tocsin_schemas.article import MAX_TEXT_BYTES, Article
from tocsin_schemas.detection import read_article_record
from tocsin_schemas.topics import ARTICLES, TOPICS
from tocsin_schemas.vocabulary import RevisionKind, SourceKind

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("id", "url", "title", "text", "published_at", "language", "publisher", "source", "mode")
ALMOST_ARTICLES = st.dictionaries(st.sampled_from(FIELDS) | ANY_TEXT, JSON_VALUES, max_size=6)
URLS = st.builds(
    "{}://{}{}{}".format,
    st.sampled_from(["http", "https", "HTTPS", "ftp"]),
    st.sampled_from(["news.example", "Новини.укр", "a.b:443", "[::1]", "u@x", "a\x1b", ""]),
    st.text(max_size=30),
    st.sampled_from(["", "?", "?a=1&utm_x=2", "?77", "#top", "?b&a=%ff", "? \u2028", "?é"]),
)


def take(body: bytes) -> tuple[Article, ...]:
    taken = Intake(lambda _: [("en", 0.9)], Defaults()).take_body(body, NOW)
    for one in taken:
        assert (one.article is None) is bool(one.refusals)
        for refusal in one.refusals:
            assert refusal.reason
            refusal.field.encode()
            refusal.reason.encode()
    return tuple(one.article for one in taken if one.article is not None)


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_taken_or_refused(body: bytes) -> None:
    """No bytes raise anything but the error that becomes an answer."""
    with suppress(BodyError):
        take(body)


@settings(deadline=None)
@given(st.lists(ALMOST_ARTICLES, min_size=1, max_size=3))
def test_any_objects_are_taken_or_refused(items: list[dict[str, Any]]) -> None:
    """What is taken can be read back from the topic as it is."""
    for article in take(json.dumps(items).encode()):
        assert read_article_record(article.to_json()) == article


@settings(deadline=None)
@given(ANY_TEXT.filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)))
def test_clean_text_is_stable(text: str) -> None:
    """Cleaning twice changes nothing; no control characters are left; it is composed."""
    clean = clean_text(text)
    assert clean_text(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert not any(unicodedata.category(c) == "Cc" and c not in "\t\n\r" for c in clean)


@settings(deadline=None)
@given(URLS)
def test_canonical_addresses_are_stable(given_url: str) -> None:
    """The canonical form of a canonical address is itself, so that the id never moves."""
    try:
        canonical = canonical_url(given_url, SourceKind.PAGE)
    except RefusedError:
        return
    assert canonical_url(canonical, SourceKind.PAGE) == canonical


@settings(deadline=None)
@given(URLS, st.sampled_from(["page", "live-blog"]))
def test_any_address_is_taken_or_refused(given_url: str, kind: str) -> None:
    """No address gets past the checks and fails behind them."""
    take(json.dumps({"text": "x", "url": given_url, "source": {"kind": kind}}).encode())


@settings(deadline=None)
@given(st.text(max_size=100), st.text(max_size=100))
def test_kept_share_is_a_share(former: str, latter: str) -> None:
    """From 0 to 1, and 1 for the text itself."""
    assert 0 <= kept_share(former, latter) <= 1
    if former.split():
        assert kept_share(former, former) == 1


@settings(deadline=None)
@given(st.lists(st.sampled_from(["one two three", "one two four", "five", None]), max_size=12))
def test_revisions_count_up_and_say_only_what_is_new(texts: list[str | None]) -> None:
    """After any order of posts and withdrawals (null) the last thing published is the latest."""
    known, published = None, []
    for text in texts:
        if text is not None:
            article = make_article(text=text, content_sha256=digest("", text))
            revision = decide_revision(article, known)
        else:
            revision = withdraw(known, NOW) if known else None
        if revision is not None:
            published.append(revision)
            known = follow(known, revision)
    assert [article.revision for article in published] == list(range(1, len(published) + 1))
    for before, after in pairwise(published):
        withdrawn = (before.revision_kind, after.revision_kind).count(RevisionKind.WITHDRAWN)
        assert withdrawn < 2
        assert withdrawn or before.content_sha256 != after.content_sha256


def test_the_largest_article_fits_the_topic() -> None:
    """Escapes included: the broker never has to refuse a message for its size."""
    raw = {
        "text": '"' * MAX_TEXT_BYTES,
        "title": '"' * 1000,
        "publisher": '"' * 300,
        "url": "https://news.example/" + "a" * 2000,
    }
    (article,) = take(json.dumps(raw).encode())
    limit = int(TOPICS[ARTICLES].config["max.message.bytes"])
    assert len(article.to_json()) < 0.9 * limit
