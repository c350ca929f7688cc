"""From items of feeds to articles: the right identity, and no article lost to a wrong date."""

from datetime import UTC, datetime, timedelta

import pytest

from tocsin_ingest.domain.article import Defaults, make_article
from tocsin_ingest.domain.feed import FeedItem
from tocsin_ingest.domain.feed_article import (
    digest_item,
    find_shared_urls,
    name_item,
    to_raw_article,
)
from tocsin_ingest.domain.source import FeedSource
from tocsin_schemas.article import Article
from tocsin_schemas.vocabulary import SourceKind

NOW = datetime(2024, 8, 20, 12, tzinfo=UTC)
ITEM = FeedItem("Ferry", "The ferry runs again.", "g1", "https://news.example/a", NOW)


def source(name: str = "desk", kind: SourceKind = SourceKind.FEED) -> FeedSource:
    return FeedSource.model_validate({"id": name, "url": "https://news.example/f", "kind": kind})


def item(**changes: object) -> FeedItem:
    known = {name: getattr(ITEM, name) for name in FeedItem.__slots__}
    return FeedItem(**{**known, **changes})


def article(given: FeedItem, of: FeedSource | None = None, *beside: FeedItem) -> Article:
    of = of or source()
    shared = find_shared_urls([given, *beside], of.kind)
    raw, _ = to_raw_article(given, of, shared, NOW)
    return make_article(
        raw, received_at=NOW, language_of=lambda _: [("en", 1.0)], defaults=Defaults()
    )


def test_two_feeds_with_one_address_have_one_article() -> None:
    """Whatever each calls it, and whatever trackers it adds."""
    other = item(guid="x9", url="https://news.example/a?utm_source=feed#top")
    assert article(ITEM).article_id == article(other, source("another")).article_id


def test_guids_without_address_belong_to_their_feed() -> None:
    """`7` of one feed is not `7` of another."""
    given = item(url=None, guid="7")
    assert article(given).article_id != article(given, source("another")).article_id
    assert article(given).article_id == article(item(url=None, guid="7", text="New")).article_id


def test_an_item_without_name_and_address_goes_by_its_words() -> None:
    """Another text is another article."""
    given, other = (item(url=None, guid=None, text=text) for text in ("One.", "Two."))
    assert article(given).article_id != article(other).article_id
    assert name_item(given) != name_item(other)


def test_an_address_of_several_items_names_none_of_them() -> None:
    """They would be taken for edits of one article, and its second alarm for none."""
    first, second = item(guid="1"), item(guid="2", url="https://news.example/a#2")
    assert article(first, None, second).article_id != article(second, None, first).article_id
    blog = source(kind=SourceKind.LIVE_BLOG)
    assert article(second, blog, first).source.url == "https://news.example/a#2"


@pytest.mark.parametrize(
    "url", ["http://user:pass@news.example/a", "https://news.example/" + "x" * 3000]
)
def test_an_address_that_cannot_be_used_costs_no_article(url: str) -> None:
    """Its guid serves."""
    taken = article(item(url=url))
    assert taken.source.url is None
    assert taken.text == ITEM.text


@pytest.mark.parametrize("at", [NOW + timedelta(days=3), datetime(1970, 1, 1, tzinfo=UTC)])
def test_a_date_that_cannot_be_is_left_out(at: datetime) -> None:
    """The article is taken without one, so that it is never active."""
    raw, undated = to_raw_article(item(published_at=at), source(), frozenset(), NOW)
    assert raw.published_at is None
    assert undated


def test_long_names_stay_apart() -> None:
    """Two guids that differ only behind what is kept are two articles."""
    first, second = (item(url=None, guid="g" * 600 + end) for end in "ab")
    assert article(first).article_id != article(second).article_id


def test_every_edit_changes_the_digest() -> None:
    """Of the text, the title, the address, the time; nothing else does."""
    edits: list[dict[str, object]] = [
        {"text": "x"},
        {"title": "x"},
        {"url": None},
        {"published_at": None},
    ]
    digests = {digest_item(item(**edit)) for edit in edits} | {digest_item(ITEM)}
    assert len(digests) == 5
    assert digest_item(item()) == digest_item(ITEM)
