"""Articles out of pages: the text without what surrounds it, and the minute of publication."""

from zoneinfo import ZoneInfo

import pytest

from support.news_pages import AT, PAGES, URL, NewsPage
from tocsin_ingest.domain.page import Page, read_page

KYIV = ZoneInfo("Europe/Kyiv")


def read(page: NewsPage) -> Page:
    found = read_page(page.body, url=URL, content_type=page.content_type, zone=KYIV)
    assert found is not None, page.name
    return found


def squeeze(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_gives_its_article_alone(page: NewsPage) -> None:
    """No menu, cookie wall, related link, newsletter, comment or imprint; title and time right."""
    found = read(page)
    text = squeeze(found.text)
    assert [one for one in page.words.boilerplate if one in text] == []
    assert found.title.startswith(page.words.title)
    assert found.published_at is not None
    assert found.published_at.isoformat() == AT


def test_nearly_every_character_of_the_bodies_is_right() -> None:
    """At least 0.95 of them are taken, and at least 0.95 of what is taken are of a body."""
    wanted = found = taken = 0
    for page in PAGES:
        text = squeeze(read(page).text)
        right = sum(len(one) for one in page.words.body if squeeze(one) in text)
        wanted += sum(len(one) for one in page.words.body)
        found += right
        taken += len(text)
    assert len(PAGES) >= 50
    assert found / wanted >= 0.95
    assert found / taken >= 0.95
