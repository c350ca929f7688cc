"""What holds for correlation whatever is read, in whatever order, however often."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import factories as make
from correlation import Partition
from factories import NOON, hours, minutes
from properties.streams import (
    EXAMPLES,
    STREAMS,
    TIMEOUT,
    Stream,
    claims,
    stances,
    warnings,
)
from tocsin_notifier.domain.assessment import view_of
from tocsin_notifier.domain.identity import text_of
from tocsin_notifier.domain.outcome import DropReason
from tocsin_notifier.domain.pending import Pending
from tocsin_schemas.alerts import AirRaidWarningAlert
from tocsin_schemas.detection import Detection
from tocsin_schemas.vocabulary import Mode, Phase, Status

pytestmark = pytest.mark.timeout(TIMEOUT)


def read_stream(stream: Stream) -> Partition:
    """Read a stream from noon on."""
    partition = Partition()
    now = NOON
    for record, later in stream:
        now += minutes(later)
        partition.read(record, now)
    return partition


@settings(max_examples=EXAMPLES, deadline=None)
@given(STREAMS)
def test_never_raises_and_no_id_is_used_twice(stream: Stream) -> None:
    """Any sequence gives valid alerts whose revisions count up and whose ids are all different."""
    partition = read_stream(stream)
    partition.tick(NOON + hours(24 * 500))

    ids = [alert.alert_id for alert in partition.alerts]
    assert len(ids) == len(set(ids))
    last: dict[UUID, int] = {}
    for alert in partition.alerts:
        assert alert.revision == last.get(alert.event_id, 0) + 1
        last[alert.event_id] = alert.revision
    assert partition.records() == {}, "all is forgotten in the end"


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(warnings(), max_size=20))
def test_ended_is_for_all_clears_alone(read: list[Detection]) -> None:
    """An ended alert carries the words of an all-clear whose time is after the start."""
    partition = Partition()
    partition.read_all(read, NOON)
    partition.tick(NOON + hours(30))

    clears = {piece for d in read for piece in d.evidence if _ends(d)}
    for alert in partition.alerts:
        if alert.status is Status.ENDED:
            assert isinstance(alert, AirRaidWarningAlert)
            assert set(alert.evidence) & clears
            assert alert.ended_at is not None
            assert alert.started_at is not None
            assert alert.ended_at > alert.started_at


def _ends(detection: Detection) -> bool:
    return getattr(detection.slots, "phase", None) is Phase.ENDED


def numbered(strategy: Any) -> Any:
    """A list of first revisions, each of an article of its own."""
    return st.lists(strategy, min_size=1, max_size=8).map(
        lambda found: [_as_article(d, number) for number, d in enumerate(found)]
    )


def _as_article(detection: Detection, number: int) -> Detection:
    article_id = make.make_article_id(number)
    evidence = tuple(
        piece.model_copy(update={"article_id": article_id, "revision": 1})
        for piece in detection.evidence
    )
    statement_id = UUID(int=1000 + number)
    return detection.model_copy(
        update={
            "article_id": article_id,
            "revision": 1,
            "statement_id": statement_id,
            "detection_id": UUID(int=2000 + number),
            "evidence": evidence,
            "publisher": f"Publisher {number % 4}",
        }
    )


def summary(partition: Partition) -> dict[tuple[str, str, Mode], Any]:
    """What orders of arrival must agree on, by the identity of each event."""
    pending = Pending(partition.state)
    found: dict[tuple[str, str, Mode], Any] = {}
    for event in partition.events():
        view = view_of(pending, event, NOON)
        assert view is not None
        rivals = {"counter_claims": ()} if hasattr(view.part, "counter_claims") else {}
        slots = {
            name: rivals.get(name, getattr(view.part, name))
            for name in view.part.__dataclass_fields__
        }
        common = view.common
        found[event.scope, text_of(event.identity), event.mode] = (
            slots,
            set(common.evidence),
            common.corroboration,
            common.certainty,
            common.headline,
            common.expires_at,
            _standing(partition, event.event_id),
        )
    return found


def _standing(partition: Partition, event_id: UUID) -> Status:
    """The status of the last alert; whether one more alert was worth it depends on the order."""
    last = [alert for alert in partition.alerts if alert.event_id == event_id][-1]
    return Status.NEW if last.status is Status.UPDATED else last.status


TIMED = st.one_of(
    claims(),
    stances(),
    warnings(phases=(Phase.ACTIVE, Phase.REPORTED), recent=59),
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data(), numbered(TIMED))
def test_order_of_arrival_does_not_matter(data: st.DataObject, read: list[Detection]) -> None:
    """Detections read at one time agree, in any order, on slots, evidence and corroboration."""
    other_order = data.draw(st.permutations(read))
    one, other = Partition(), Partition()
    one.read_all(read, NOON)
    other.read_all(other_order, NOON)

    assert summary(one) == summary(other)


def _apart(detection: Detection) -> Detection:
    """An all-clear of half a minute earlier: at the very minute of an alarm the order decides."""
    if detection.event_time is None or not _ends(detection):
        return detection
    at = detection.event_time.start - minutes(0.5)
    return detection.model_copy(update={"event_time": make.make_time(at)})


def areas_under_alarm(partition: Partition) -> set[tuple[str, str, Mode]]:
    """Where an alarm is on."""
    return {
        (event.scope, text_of(event.identity), event.mode)
        for event in partition.events()
        if event.told is not None and event.told.phase is Phase.ACTIVE
    }


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data(), numbered(warnings(recent=59).map(_apart)))
def test_where_an_alarm_is_on_does_not_depend_on_the_order_of_arrival(
    data: st.DataObject, read: list[Detection]
) -> None:
    """All-clears may overtake their alarms or come after them: the same areas are under alarm."""
    other_order = data.draw(st.permutations(read))
    one, other = Partition(), Partition()
    one.read_all(read, NOON)
    other.read_all(other_order, NOON)

    assert areas_under_alarm(one) == areas_under_alarm(other)


@settings(max_examples=EXAMPLES, deadline=None)
@given(numbered(warnings()), st.integers(1, 240))
def test_nothing_is_active_that_an_all_clear_is_known_for(
    read: list[Detection], later: int
) -> None:
    """After a general all-clear of the present nothing that was reported before it is on."""
    partition = Partition()
    now = NOON + minutes(later)
    clear = make.make_all_clear(name="clear", at=now)
    partition.read(clear, now)
    partition.read_all(read, now)

    for event in partition.events():
        if event.scope == clear.scope and event.mode is Mode.LIVE and event.told is not None:
            assert event.told.phase is not Phase.ACTIVE


def test_a_repeated_detection_is_counted() -> None:
    """The reason why a record gave nothing is named."""
    partition = Partition()
    partition.read_all([make.make_claim(), make.make_claim()], NOON)

    assert partition.drops == [DropReason.REPEATED]
