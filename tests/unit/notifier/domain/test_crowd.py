"""Events that more articles tell of than are looked at with each report."""

from functools import cache

import pytest

from correlation import Partition
from factories import NOON, days, make_claim, make_revised, minutes
from tocsin_notifier.domain.assessment import view_of
from tocsin_notifier.domain.crowd import FULL
from tocsin_notifier.domain.pending import Pending
from tocsin_notifier.domain.records import EventArticle, Mention
from tocsin_notifier.domain.view import View
from tocsin_schemas.alerts import TerritorialClaimAlert
from tocsin_schemas.vocabulary import ChangeReason, RevisionKind

CROWD = FULL + 60
MOST_BYTES = 64 * 1024


@cache
def told() -> Partition:
    """One claim that a crowd of articles made, one a minute."""
    partition = Partition()
    for number in range(CROWD):
        now = NOON + minutes(number)
        partition.read(make_claim(name=number, at=now, area_km2=1000), now)
    return partition


def crowd() -> Partition:
    """The same for each test, restored from its log."""
    partition = Partition()
    partition.log = dict(told().log)
    partition.restart()
    return partition


def look(partition: Partition) -> View:
    (event,) = partition.events()
    view = view_of(Pending(partition.state), event, NOON + minutes(CROWD))
    assert view is not None
    return view


def kinds(partition: Partition) -> tuple[int, int]:
    records = partition.records().values()
    return (
        sum(isinstance(one, EventArticle) for one in records),
        sum(isinstance(one, Mention) for one in records),
    )


def test_every_article_counts_but_only_so_many_are_looked_at() -> None:
    """The cost of a report does not grow with those before it, nor does any record."""
    partition = crowd()
    assert kinds(partition) == (FULL, CROWD - FULL)
    assert look(partition).common.corroboration.articles == CROWD
    assert max(map(len, partition.log.values())) < MOST_BYTES
    assert [one.change_reason for one in told().alerts] == [
        ChangeReason.FIRST_REPORT,
        ChangeReason.CERTAINTY_RAISED,
    ]


def test_what_a_late_article_adds_is_told() -> None:
    """A larger number is news, however many told the smaller one."""
    partition = crowd()
    now = NOON + minutes(CROWD)
    (alert,) = partition.read(make_claim(name="new", at=now, area_km2=1250), now)
    for number in range(20):
        partition.read(make_claim(name=f"more-{number}", at=now, area_km2=1000), now)

    assert isinstance(alert, TerritorialClaimAlert)
    assert (alert.change_reason, alert.area_km2) == (ChangeReason.NUMBERS_GROWN, 1250)
    assert alert.corroboration.articles == CROWD + 1
    assert look(partition).facts.area_km2 == 1250


@pytest.mark.parametrize("kind", [RevisionKind.CORRECTION, RevisionKind.OTHER])
@pytest.mark.parametrize("number", [0, FULL])
def test_articles_of_a_crowd_are_corrected_like_any_other(number: int, kind: RevisionKind) -> None:
    """Looked at or only counted: what was corrected away counts no longer."""
    partition = crowd()
    partition.read(make_revised(number, kind=kind), NOON + minutes(CROWD))
    gone = kind is RevisionKind.CORRECTION
    assert look(partition).common.corroboration.articles == CROWD - gone


def test_a_mentioned_article_that_comes_again_is_no_other_article() -> None:
    """Its new revision takes its place."""
    partition = crowd()
    mentioned = next(one for one in partition.records().values() if isinstance(one, Mention))
    number = next(n for n in range(CROWD) if mentioned.article.publisher == f"Publisher {n}")
    now = NOON + minutes(CROWD)
    partition.read(make_claim(name=number, at=now, area_km2=1000, revision=2), now)
    assert look(partition).common.corroboration.articles == CROWD


def test_a_crowded_event_is_restored_and_closed_as_a_whole() -> None:
    """Mentions go with their event."""
    partition = crowd()
    before = look(partition)
    partition.restart()
    assert look(partition) == before
    partition.tick(NOON + days(60))
    assert partition.log == {}
