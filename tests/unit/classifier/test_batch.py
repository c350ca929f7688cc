"""A batch of `articles`: what fails goes aside, a release that fails on everything ends."""

from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from factories import NOON, make_article
from support.planned_classifier import PlannedError, classify
from tocsin_classifier.batch import BatchWork
from tocsin_classifier.classifier import Classifier
from tocsin_classifier.control import CONTROL_SOURCE, control_articles, prove
from tocsin_classifier.cutoff import CutOff
from tocsin_classifier.domain.classify import classify as classify_by_rules
from tocsin_runtime.dead_letter import Received
from tocsin_runtime.errors import FailureBudgetError
from tocsin_runtime.metrics import ClassifierMetrics
from tocsin_schemas.article import Article
from tocsin_schemas.contract import Contract
from tocsin_schemas.detection import Probe
from tocsin_schemas.statement import Statement
from tocsin_schemas.vocabulary import Mode


def make_work(plan: Classifier = classify) -> BatchWork:
    """Work over three partitions of `detections`."""
    metrics = ClassifierMetrics(CollectorRegistry(), "0")
    return BatchWork(plan, partitions=3, cut_off=CutOff(5), metrics=metrics)


def received(record: Contract | bytes) -> Received:
    """A record as it is read."""
    value = record if isinstance(record, bytes) else record.to_json()
    return Received("articles", 1, 0, b"k", value)


def bad(number: int = 0) -> Received:
    """An article on which the plan raises."""
    return received(make_article(name=f"bad {number}", text="FAIL"))


def fail_on_all(_: Article) -> list[Statement]:
    """A bad release."""
    raise PlannedError("planned")


def fail_on_articles(article: Article) -> list[Statement]:
    """A release that is bad in a way that its control does not show."""
    return [] if article.source.id == CONTROL_SOURCE else fail_on_all(article)


async def test_what_fails_goes_aside() -> None:
    """One article that raises is dead-lettered, the others give their detections."""
    good = make_article(name="good", text="Good.")
    outcome = await make_work().run([bad(), received(good)])
    assert [one.value for one in outcome.letters] == [bad().value]
    assert [one.key for one in outcome.records] == [b"UA-59"]


async def test_a_release_that_fails_on_its_control_ends_at_the_first_article() -> None:
    """Nothing of the batch is given out."""
    with pytest.raises(FailureBudgetError, match="the release is at fault"):
        await make_work(fail_on_all).run([bad()])


async def test_twenty_failures_in_a_row_end_it_too() -> None:
    """A release may be bad in a way that the control articles do not show."""
    with pytest.raises(FailureBudgetError, match="20 failures in a row"):
        await make_work(fail_on_articles).run([bad(number) for number in range(20)])


async def test_junk_is_borne_without_limit() -> None:
    """Undecodable input says nothing about the release."""
    outcome = await make_work().run([received(b"junk")] * 300)
    assert len(outcome.letters) == 300


async def test_a_replay_runs_on_its_articles_clock() -> None:
    """Detections of an archived article carry its time, those of a live one the broker's."""
    then = NOON - timedelta(days=300)
    archived = make_article(mode=Mode.ARCHIVE, dated_at=then)
    outcome = await make_work().run([received(archived), received(make_article(name="live"))])
    times = [one.timestamp_ms for one in outcome.records]
    assert times == [int(then.timestamp() * 1000), None]


async def test_a_probe_keeps_its_partition() -> None:
    """A probe goes to the partition with the number of its own."""
    outcome = await make_work().run([received(Probe(path=1, sent_at=NOON))])
    assert [one.partition for one in outcome.records] == [1]


def test_the_release_passes_its_control() -> None:
    """The rules take the control article of each language."""
    prove(classify_by_rules, "nothing")
    assert {one.language for one in control_articles()} == {"de", "en", "fr", "ru", "uk"}
