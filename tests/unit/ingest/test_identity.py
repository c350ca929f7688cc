"""The same article has the same id, however its address is written; others never share it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tocsin_ingest.domain.identity import Identity, canonical_url, digest, identify
from tocsin_ingest.domain.refusal import RefusedError
from tocsin_schemas.vocabulary import SourceKind

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def identity(**changes: Any) -> Identity:
    values: dict[str, Any] = {
        "url": None,
        "source_id": "desk",
        "caller_id": None,
        "text": "The siren is on.",
        "published_at": None,
        "drill_at": None,
    }
    return identify(**(values | changes))


@pytest.mark.parametrize(
    "given",
    [
        "https://news.example/2026/north?utm_source=mail",
        "HTTPS://News.Example:443/2026/north#comments",
        " https://news.example/2026/north#Echobox=17241 ",
    ],
)
def test_trackers_ports_case_and_fragments_do_not_make_another_article(given: str) -> None:
    """All of these are one page."""
    assert canonical_url(given, SourceKind.PAGE) == "https://news.example/2026/north"


def test_an_entry_of_a_live_blog_is_named_by_its_fragment() -> None:
    """Two entries of one page stay apart."""
    first = canonical_url("https://news.example/live#entry-1", SourceKind.LIVE_BLOG)
    assert first != canonical_url("https://news.example/live#entry-2", SourceKind.LIVE_BLOG)


def test_a_bare_number_in_the_query_names_the_article() -> None:
    """Parameters without a value are no trackers."""
    assert canonical_url("https://news.example/post?1234", SourceKind.PAGE).endswith("?1234")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("ftp://news.example/a", "invalid"),
        ("news.example/a", "invalid"),
        ("https:///a", "invalid"),
        ("http://[::1", "invalid"),
        ("https://news.example:99999/", "invalid"),
        ("http://news example/", "invalid"),
        ("javascript:alert(1)", "invalid"),
        ("https://me:secret@news.example/a", "credentials"),
        ("https://news.example/" + "ї" * 400, "too_large"),
    ],
)
def test_what_is_no_public_address_is_refused(given: str, code: str) -> None:
    """The refusal names the field and never repeats a password."""
    with pytest.raises(RefusedError) as caught:
        canonical_url(given, SourceKind.PAGE)
    (refusal,) = caught.value.refusals
    assert (refusal.field, refusal.code) == ("url", code)
    assert "secret" not in refusal.reason


def test_the_address_goes_before_the_callers_id_and_that_before_the_text() -> None:
    """Only an id made of the text has no revisions."""
    url = "https://news.example/a"
    assert identity(url=url, caller_id="1") == identity(url=url, text="Other.", source_id="x")
    assert identity(caller_id="1") == identity(caller_id="1", text="Other.")
    assert identity(caller_id="1") != identity(caller_id="1", source_id="x")
    assert identity() != identity(text="Other.")
    assert [
        identity(**named).has_revisions for named in ({"url": url}, {"caller_id": "1"}, {})
    ] == [
        True,
        True,
        False,
    ]


def test_a_drill_never_shares_an_id_with_news() -> None:
    """A drill must not make the real siren look known."""
    for named in ({"url": "https://news.example/a"}, {"caller_id": "1"}, {}):
        assert identity(**named) != identity(**named, drill_at=NOON)


def test_the_same_siren_words_of_another_night_are_another_article() -> None:
    """Without address and name the time of publication keeps the second alarm from being lost."""
    assert identity(published_at=NOON) != identity(published_at=NOON.replace(day=2))
    assert identity(published_at=NOON) == identity(published_at=NOON)


def test_unnamed_drills_are_told_apart_by_their_time() -> None:
    """The same words next week are the next drill."""
    assert identity(drill_at=NOON) != identity(drill_at=NOON.replace(day=8))


def test_the_digest_covers_title_and_text() -> None:
    """Either one changed is a change."""
    assert len({digest("a", "b"), digest("", "b"), digest("a", "")}) == 3
