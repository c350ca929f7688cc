"""Feeds as they are met in the wild: each gives the right articles, or says what is wrong."""

import time
from zoneinfo import ZoneInfo

import pytest

from support.feed_forms import URL, Shape
from support.feed_shapes import SHAPES
from tocsin_ingest.domain.feed import Feed, FeedError, read_feed

KYIV = ZoneInfo("Europe/Kyiv")


def read(shape: Shape) -> Feed:
    return read_feed(shape.body, url=URL, content_type=shape.content_type, zone=KYIV)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_feed_gives_its_articles_or_a_clear_error(shape: Shape) -> None:
    """Text, title, address and time of each entry, quickly whatever it is made of."""
    start = time.process_time()
    if shape.error is not None:
        with pytest.raises(FeedError, match=shape.error):
            read(shape)
    else:
        feed = read(shape)
        told = [
            (i.text, i.title, i.url, i.published_at.isoformat() if i.published_at else None)
            for i in feed.items
        ]
        assert told == [(w.text, w.title, w.url, w.at) for w in shape.items]
        assert all(
            wanted.guid in (None, item.guid)
            for wanted, item in zip(shape.items, feed.items, strict=True)
        )
        assert feed.skipped == shape.skipped
    assert time.process_time() - start < 10


def test_the_corpus_is_as_large_as_it_says() -> None:
    """A hundred shapes, each under a name of its own."""
    assert len({shape.name for shape in SHAPES}) == len(SHAPES) >= 100
