"""A repeated article is nothing new; an edited one says whether it corrects."""

from typing import Any

import pytest

from factories import NOON, hours, make_article
from tocsin_ingest.domain.identity import digest
from tocsin_ingest.domain.revision import (
    Known,
    decide_revision,
    follow,
    kept_share,
    withdraw,
)
from tocsin_schemas.article import Article, ArticleSource
from tocsin_schemas.vocabulary import Extraction, RevisionKind, SourceKind

TEXT = (
    "The regional head says that drones were shot down over the north during the night. "
    "Debris damaged a school and two shops in the town, nobody was hurt. "
    "Repairs began in the morning and the trains run on time again."
)


def article(text: str = TEXT, **changes: Any) -> Article:
    return make_article(text=text, content_sha256=digest("", text), **changes)


def source(kind: SourceKind) -> ArticleSource:
    return ArticleSource(id="desk", kind=kind, publisher="North Desk")


def known(text: str = TEXT, **changes: Any) -> Known:
    return follow(None, article(text, **changes))


def test_an_unknown_article_is_its_first_revision() -> None:
    """It goes out as it is."""
    assert decide_revision(article(), None) == article()


def test_a_repeated_article_publishes_nothing() -> None:
    """Also when it is received later."""
    assert decide_revision(article(received_at=NOON + hours(1)), known()) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (TEXT.replace("two shops", "three shops"), RevisionKind.CORRECTION),
        (TEXT + " The mayor thanked the crews.", RevisionKind.CORRECTION),
        (TEXT[:60], RevisionKind.OTHER),
        ("We value your privacy. Accept all cookies to go on reading.", RevisionKind.OTHER),
    ],
)
def test_only_a_text_that_keeps_most_of_the_former_one_corrects(
    text: str, kind: RevisionKind
) -> None:
    """A teaser or a consent page corrects nothing."""
    revision = decide_revision(article(text), known())
    assert revision is not None
    assert (revision.revision, revision.revision_kind) == (2, kind)


def test_one_changed_word_of_a_short_message_corrects() -> None:
    """Short channel posts are corrected, too."""
    revision = decide_revision(
        article("Drones are heading for Konotop from the east, take shelter."),
        known("Drones are heading for Konotop from the north, take shelter."),
    )
    assert revision is not None
    assert revision.revision_kind is RevisionKind.CORRECTION


@pytest.mark.parametrize(
    ("former", "latter"),
    [
        ({"source": source(SourceKind.LIVE_BLOG)}, {"source": source(SourceKind.LIVE_BLOG)}),
        ({"source": source(SourceKind.LIVE_BLOG)}, {}),
        ({"extraction": Extraction.FEED_ITEM}, {"extraction": Extraction.PAGE}),
    ],
)
def test_live_blogs_and_other_extractions_correct_nothing(
    former: dict[str, Any], latter: dict[str, Any]
) -> None:
    """A live blog that scrolls drops no evidence, nor does a page behind a feed's teaser."""
    revision = decide_revision(article(TEXT + " More.", **latter), known(**former))
    assert revision is not None
    assert revision.revision_kind is RevisionKind.OTHER


def test_a_withdrawal_has_no_text_and_keeps_the_digest() -> None:
    """So the same text coming again is known as withdrawn, whatever else was forgotten."""
    taken_back = withdraw(known(), NOON + hours(1))
    assert taken_back is not None
    assert (taken_back.revision, taken_back.revision_kind) == (2, RevisionKind.WITHDRAWN)
    assert (taken_back.title, taken_back.text) == ("", "")
    assert decide_revision(article(), follow(None, taken_back)) is None


def test_a_withdrawal_is_made_once() -> None:
    """Taking back again changes nothing."""
    taken_back = withdraw(known(), NOON)
    assert taken_back is not None
    assert withdraw(follow(known(), taken_back), NOON) is None


def test_a_withdrawn_article_comes_back_only_changed() -> None:
    """Unchanged it stays withdrawn; changed it is the next revision."""
    taken_back = withdraw(known(), NOON)
    assert taken_back is not None
    after = follow(known(), taken_back)
    assert after.withdrawn
    assert decide_revision(article(), after) is None
    again = decide_revision(article(TEXT + " Corrected."), after)
    assert again is not None
    assert (again.revision, again.revision_kind) == (3, RevisionKind.CORRECTION)
    assert not follow(after, again).withdrawn


def test_an_older_revision_read_again_changes_nothing() -> None:
    """Records repeated in the log are harmless."""
    second = decide_revision(article(TEXT + " More."), known())
    assert second is not None
    after = follow(known(), second)
    assert follow(after, article()) is after


def test_a_long_text_is_compared_in_linear_time() -> None:
    """The largest text allowed takes a moment, not minutes."""
    text = " ".join(f"w{number % 9973}" for number in range(40_000))
    assert kept_share(text, text + " end") > 0.99
