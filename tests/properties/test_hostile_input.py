"""Whatever comes from outside is read, or refused with a reason; nothing breaks its reader."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from support.feed_shapes import SHAPES
from support.news_pages import PAGES
from tocsin_ingest.domain.article import Defaults, make_article
from tocsin_ingest.domain.feed import FeedError, discover_feeds, read_feed
from tocsin_ingest.domain.feed_article import find_shared_urls, to_raw_article
from tocsin_ingest.domain.feed_dates import read_date
from tocsin_ingest.domain.page import read_page
from tocsin_ingest.domain.refusal import RefusedError
from tocsin_ingest.domain.source import FeedSource
from tocsin_ingest.push.body import Intake

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
URL = "https://news.example/feed"
SOURCE = FeedSource(id="desk", url=URL)
LINE = {"text": "x", "id": "1", "url": "https://news.example/a", "source": {"id": "a"}}

_small = [shape.body for shape in SHAPES if len(shape.body) < 5000]
_pieces = st.one_of(
    st.binary(max_size=8),
    st.sampled_from(
        [b"<", b">", b"&", b"]]>", b"<![CDATA[", b"</item>", b"<item>", b"&#xD800;", b"\x00",
         b"\xff\xfe", b"<!DOCTYPE", b"<!ENTITY a 'b'>", b"\xed\xa0\x80", b"{", b"[", b"1e999",
         b"http://[::1", b"encoding='idna'", b"\\ud800", b"<div>" * 300]
    ),
)  # fmt: skip
_contents = st.sampled_from(["", "text/xml; charset=utf-16", "text/html; charset=undefined"])


@st.composite
def spoiled(draw: st.DrawFn, bodies: list[bytes]) -> bytes:
    """One of the bodies, with pieces put in, cut out or doubled."""
    body = draw(st.sampled_from(bodies))
    for _ in range(draw(st.integers(0, 4))):
        start, end = sorted(draw(st.lists(st.integers(0, len(body)), min_size=2, max_size=2)))
        middle = draw(st.one_of(_pieces, st.just(body[start:end] * 2), st.just(b"")))
        body = body[:start] + middle + body[draw(st.sampled_from([start, end])) :]
    return body


@settings(max_examples=60, deadline=None)
@given(spoiled(_small), _contents)
def test_a_spoiled_feed_gives_articles_or_an_error(body: bytes, content_type: str) -> None:
    """And its items articles, or refusals."""
    try:
        feed = read_feed(body, url=URL, content_type=content_type, zone=KYIV)
    except FeedError:
        return
    shared = find_shared_urls(feed.items, SOURCE.kind)
    for item in feed.items:
        raw, _ = to_raw_article(item, SOURCE, shared, NOW)
        try:
            article = make_article(
                raw, received_at=NOW, language_of=lambda _: [("en", 1.0)], defaults=Defaults()
            )
        except RefusedError:
            continue
        assert article.to_json()


@settings(max_examples=25, deadline=None)
@given(spoiled([page.body for page in PAGES]), _contents)
def test_a_spoiled_page_gives_an_article_or_none(body: bytes, content_type: str) -> None:
    """And the feeds that it names."""
    page = read_page(body, url=URL, content_type=content_type, zone=KYIV)
    assert page is None or page.text
    assert all(url.startswith("http") for url in discover_feeds(body, URL))


@settings(max_examples=60, deadline=None)
@given(spoiled([json.dumps(LINE).encode(), json.dumps([LINE] * 2).encode()]))
def test_a_spoiled_line_is_taken_or_refused(line: bytes) -> None:
    """With a reason."""
    intake = Intake(lambda _: [("en", 1.0)], Defaults())
    (taken,) = intake.take_lines([line], NOW)
    assert (taken.article is None) == bool(taken.refusals)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40) | st.from_regex(r"\w{2,4}, \d+ \w+ \d+ \d+:\d+(:\d+)? ?[\w+-]*"))
def test_any_date_is_read_or_not(given: str) -> None:
    """In UTC."""
    at = read_date(given, KYIV)
    assert at is None or at.utcoffset() is not None
