"""A batch of `detections`: time moves with the records, failures go aside, the rest goes on."""

from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry

from factories import NOON, make_all_clear, make_article_id, make_warning
from tocsin_notifier.correlation.batch import AnyRecord, Made, PartitionWork
from tocsin_notifier.correlation.clock import CLOCK_KEY, START, Clock
from tocsin_notifier.correlation.control import control_detection
from tocsin_notifier.correlation.partition import _count as count
from tocsin_notifier.correlation.restore import Restored
from tocsin_notifier.domain.correlate import correlate
from tocsin_notifier.domain.outcome import Outcome
from tocsin_notifier.domain.state import State
from tocsin_runtime.dead_letter import FailureBudget, Received
from tocsin_runtime.errors import FailureBudgetError
from tocsin_runtime.metrics import NotifierMetrics
from tocsin_schemas.contract import Contract
from tocsin_schemas.detection import Detection, Probe, Tick
from tocsin_schemas.topics import DETECTIONS_DEAD_LETTER, HEARTBEAT, NOTIFIER_STATE
from tocsin_schemas.vocabulary import Origin, Status

BAD = make_article_id("bad")


def picky(state: State, record: AnyRecord, now: datetime) -> Outcome:
    """Correlates, but raises on one article."""
    if isinstance(record, Detection) and record.article_id == BAD:
        raise ZeroDivisionError("planned")
    return correlate(state, record, now)


def broken(_state: State, _record: AnyRecord, _now: datetime) -> Outcome:
    """A bad release."""
    raise ZeroDivisionError("planned")


def make_work(plan: object = correlate, now: datetime = START) -> PartitionWork:
    """The work of partition 3 with nothing in its state."""
    return PartitionWork(
        3,
        Restored(State(), now),
        plan,  # type: ignore[arg-type]
        FailureBudget(),
        control_detection(),
    )


def received(record: Contract | bytes, at: datetime = NOON, offset: int = 0) -> Received:
    """A record as it is read from partition 3."""
    value = record if isinstance(record, bytes) else record.to_json()
    return Received("detections", 3, offset, b"UA-59", value, (), int(at.timestamp() * 1000))


async def run(work: PartitionWork, *records: Received) -> Made:
    """Work through records as one batch."""
    return await work.run(records)


async def test_time_never_goes_back() -> None:
    """The clock record keeps the highest timestamp seen, also the one of an earlier life."""
    work = make_work()
    made = await run(
        work,
        received(Probe(path=3, sent_at=NOON), NOON + timedelta(minutes=5)),
        received(Probe(path=3, sent_at=NOON), NOON),
    )
    clocks = [one for one in made.outgoing(NOON) if one.key == CLOCK_KEY]
    assert [Clock.read(one.value or b"").now for one in clocks] == [NOON + timedelta(minutes=5)]
    again = await run(work, received(Probe(path=3, sent_at=NOON), NOON))
    assert again.now is None


async def test_a_record_that_fails_goes_aside_and_changes_nothing() -> None:
    """Its bytes are dead-lettered; state and alerts are those of the other records."""
    bad, good = make_warning(name="bad"), make_warning(name="good")
    made = await run(make_work(picky), received(bad, offset=7), received(good, offset=8))
    alone = await run(make_work(picky), received(good, offset=8))
    assert [one.value for one in made.letters] == [bad.to_json()]
    assert made.changes == alone.changes
    assert [one.alert_id for one, _, _ in made.alerts] == [
        one.alert_id for one, _, _ in alone.alerts
    ]


async def test_a_bad_release_raises_at_the_first_record() -> None:
    """When the control detection fails too, nothing of the batch may be committed."""
    with pytest.raises(FailureBudgetError, match="the release is at fault"):
        await run(make_work(broken), received(make_warning()))


async def test_twenty_failures_in_a_row_are_too_many() -> None:
    """Also when the control detection passes, the budget ends the process."""
    bad = received(make_warning(name="bad"))
    with pytest.raises(FailureBudgetError, match="20 failures in a row"):
        await run(make_work(picky), *[bad] * 20)


async def test_junk_spends_no_budget() -> None:
    """Undecodable input is dead-lettered without limit."""
    made = await run(make_work(), *[received(b"junk")] * 100)
    assert len(made.letters) == 100
    assert {one.topic for one in made.letters} == {DETECTIONS_DEAD_LETTER}


async def test_a_tick_fires_what_is_due() -> None:
    """Reading the tick lets an alarm lapse; the tick's own words do not matter."""
    work = make_work()
    await run(work, received(make_warning(at=NOON), NOON))
    due = work.state.next_due()
    assert due is not None
    early = await run(work, received(Tick(due=due), due - timedelta(seconds=1)))
    assert early.alerts == []
    made = await run(work, received(Tick(due=due), due))
    assert [alert.status for alert, _, _ in made.alerts] == [Status.UPDATED]


async def test_any_record_fires_what_is_due_before_it_is_taken() -> None:
    """An all-clear that comes after the lapse ends an alarm that has lapsed."""
    work = make_work()
    await run(work, received(make_warning(at=NOON), NOON))
    late = NOON + timedelta(hours=4)
    made = await run(work, received(make_all_clear(name=2, at=late), late))
    assert [alert.status for alert, _, _ in made.alerts] == [Status.UPDATED, Status.ENDED]
    assert [alert.revision for alert, _, _ in made.alerts] == [2, 3]


async def test_a_probe_becomes_a_heartbeat() -> None:
    """The heartbeat says when the probe was sent and when it was seen."""
    made = await run(make_work(), received(Probe(path=3, sent_at=NOON)))
    beats = [one for one in made.outgoing(datetime.now(UTC)) if one.topic == HEARTBEAT]
    assert [one.key for one in beats] == [b"3"]


async def test_state_goes_to_its_own_partition_once_for_each_key() -> None:
    """Two reports in a batch leave one record for each key, in the partition of the input."""
    made = await run(make_work(), received(make_warning(name=1)), received(make_warning(name=2)))
    records = [one for one in made.outgoing(NOON) if one.topic == NOTIFIER_STATE]
    keys = [one.key for one in records]
    assert len(set(keys)) == len(keys)
    assert {one.partition for one in records} == {3}


async def test_agreement_with_the_sirens_is_counted_by_region() -> None:
    """An alarm of the news, the siren a minute later, and who was first by how much."""
    metrics = NotifierMetrics(CollectorRegistry(), "1")
    siren = make_warning(name="siren", origin=Origin.OFFICIAL, at=NOON + timedelta(minutes=1))
    records = [received(make_warning()), received(siren, NOON + timedelta(minutes=1), 1)]
    count(await run(make_work(), *records), records, metrics)

    region = {"region": "UA-59"}
    value = metrics.registry.get_sample_value
    assert value("tocsin_news_alarms_total", region) == 1
    assert value("tocsin_siren_alarms_total", region) == 1
    assert value("tocsin_siren_lead_seconds_sum", {**region, "first": "news"}) == 60
    assert value("tocsin_siren_lead_seconds_count", {**region, "first": "siren"}) is None
