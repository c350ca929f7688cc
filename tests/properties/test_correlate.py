"""What holds for correlation whatever is read, in whatever order, however often."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

import factories as make
from correlation import Partition
from factories import NOON, hours, minutes
from tocsin_notifier.domain.assessment import view_of
from tocsin_notifier.domain.heading import read_heading
from tocsin_notifier.domain.identity import text_of
from tocsin_notifier.domain.outcome import DropReason
from tocsin_notifier.domain.pending import Pending
from tocsin_notifier.domain.records import ArticleRecord
from tocsin_notifier.domain.state import State
from tocsin_schemas.alerts import AirRaidWarningAlert
from tocsin_schemas.detection import ArticleRevised, Detection
from tocsin_schemas.slots import Voice
from tocsin_schemas.vocabulary import (
    Action,
    ClaimAssertion,
    Mode,
    Origin,
    Phase,
    RevisionKind,
    StanceTopic,
    StanceValue,
    Status,
    Threat,
)

NAMES = st.integers(1, 6)
REVISIONS = st.integers(1, 3)
TIMES = st.integers(-600, 0).map(lambda late: NOON + minutes(late))
THREATS = st.sets(st.sampled_from([Threat.DRONE, Threat.MISSILE]), max_size=2).map(
    lambda threats: tuple(sorted(threats))
)
VOICES = st.sampled_from(
    [
        Voice(name="Zelensky", side="UA", assertion=ClaimAssertion.CLAIMED, evidence=(0,)),
        Voice(name="Ministry", side="RU", assertion=ClaimAssertion.CLAIMED, evidence=(0,)),
        Voice(name="Pentagon", side="US", assertion=ClaimAssertion.REPORTED),
        Voice(name="Example News", side="media", assertion=ClaimAssertion.REPORTED),
    ]
).map(lambda voice: (voice,))
PLACES = st.sampled_from([make.SUMY, make.SUMY_RAION, make.SUMY_CITY])
MODES = st.sampled_from([Mode.LIVE, Mode.LIVE, Mode.LIVE, Mode.TEST])


@st.composite
def claims(draw: st.DrawFn, names: st.SearchStrategy[int] = NAMES) -> Detection:
    assertion = draw(st.sampled_from(ClaimAssertion))
    return make.make_claim(
        draw(st.sampled_from([make.KURSK, make.SUDZHA])),
        name=draw(names),
        at=draw(TIMES),
        revision=draw(REVISIONS),
        mode=draw(MODES),
        claimant=draw(st.sampled_from(["UA", "RU", None])),
        loser=draw(st.sampled_from(["UA", "RU", None])),
        action=draw(st.sampled_from(Action)),
        area_km2=draw(st.sampled_from([None, None, 1000.0, 1250.0])),
        voices=tuple(v.model_copy(update={"assertion": assertion}) for v in draw(VOICES)),
        assertion=assertion,
    )


@st.composite
def stances(draw: st.DrawFn, names: st.SearchStrategy[int] = NAMES) -> Detection:
    return make.make_stance(
        name=draw(names),
        at=draw(TIMES) - hours(24) * draw(st.integers(0, 3)),
        revision=draw(REVISIONS),
        mode=draw(MODES),
        stance=draw(st.sampled_from(StanceValue)),
        topic=draw(st.sampled_from([StanceTopic.PEACE_TALKS, StanceTopic.SUMMIT])),
        counterpart=draw(st.sampled_from(["UA", None])),
    )


@st.composite
def warnings(
    draw: st.DrawFn,
    names: st.SearchStrategy[int] = NAMES,
    phases: Sequence[Phase] = (Phase.ACTIVE, Phase.REPORTED, Phase.ENDED),
    recent: int = 300,
) -> Detection:
    at = NOON - minutes(draw(st.integers(0, recent)))
    timed = draw(st.booleans())
    return make.make_warning(
        draw(PLACES),
        name=draw(names),
        at=at,
        revision=draw(REVISIONS),
        mode=draw(MODES),
        phase=draw(st.sampled_from(phases)),
        threats=draw(THREATS),
        event_time=make.make_time(at) if timed or recent < 300 else None,
        origin=draw(st.sampled_from([Origin.NEWS, Origin.NEWS, Origin.OFFICIAL])),
    )


REVISED = st.builds(
    make.make_revised, NAMES, st.integers(2, 3), st.sampled_from(list(RevisionKind)[1:])
)
ANYTHING = st.one_of(claims(), stances(), warnings(), REVISED)
LATER = st.integers(0, 240)
STREAMS = st.lists(st.tuples(ANYTHING, LATER), max_size=25)

Stream = list[tuple[Detection | ArticleRevised, int]]


def read_stream(stream: Stream, repeats: dict[int, int] | None = None) -> Partition:
    """Read a stream; after the record at a position, all from an earlier one on once more."""
    partition = Partition()
    now = NOON
    read: list[Detection | ArticleRevised] = []
    for place, (record, later) in enumerate(stream):
        now += minutes(later)
        partition.read(record, now)
        read.append(record)
        for again in read[-(repeats or {}).get(place, 0) :] if place in (repeats or {}) else ():
            assert partition.read(again, now) == []
    return partition


def contents(partition: Partition) -> dict[str, Any]:
    """The state without the hours at which articles are forgotten, which a repeat may move."""
    return {
        key: record.model_copy(update={"forget_at": NOON})
        if isinstance(record, ArticleRecord)
        else record
        for key, record in partition.records().items()
    }


@settings(max_examples=300, deadline=None)
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


@settings(max_examples=200, deadline=None)
@given(STREAMS, st.dictionaries(st.integers(0, 24), st.integers(1, 5), max_size=5))
def test_redelivery_changes_nothing(stream: Stream, repeats: dict[int, int]) -> None:
    """Records read again anywhere give no alert and leave the same state."""
    once = read_stream(stream)
    again = read_stream(stream, repeats)

    assert again.alerts == once.alerts
    assert contents(again) == contents(once)


@settings(max_examples=100, deadline=None)
@given(STREAMS, st.integers(0, 24))
def test_restoring_from_the_records_goes_on_the_same(stream: Stream, stop: int) -> None:
    """A state loaded from its records leads to the same alerts as one that was never lost."""
    whole = read_stream(stream)
    first = read_stream(stream[:stop])
    restored = Partition()
    restored.state = State()
    for held in first.state.iterate():
        value = held.to_json()
        restored.state.load_value(held.key(), value, read_heading(held.key(), value))
    now = NOON + minutes(sum(later for _, later in stream[:stop]))
    restored.now = now if stop else None
    for record, later in stream[stop:]:
        now += minutes(later)
        restored.read(record, now)

    assert first.alerts + restored.alerts == whole.alerts
    assert restored.records() == whole.records()


@settings(max_examples=200, deadline=None)
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
            event.told is not None and event.told.phase,
        )
    return found


TIMED = st.one_of(
    claims(),
    stances(),
    warnings(phases=(Phase.ACTIVE, Phase.REPORTED), recent=59),
)


@settings(max_examples=300, deadline=None)
@given(st.data(), numbered(TIMED))
def test_order_of_arrival_does_not_matter(data: st.DataObject, read: list[Detection]) -> None:
    """Detections read at one time agree, in any order, on slots, evidence and corroboration."""
    other_order = data.draw(st.permutations(read))
    one, other = Partition(), Partition()
    one.read_all(read, NOON)
    other.read_all(other_order, NOON)

    assert summary(one) == summary(other)


@settings(max_examples=100, deadline=None)
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
        if event.mode is Mode.LIVE and event.told is not None:
            assert event.told.phase is not Phase.ACTIVE


def test_a_repeated_detection_is_counted() -> None:
    """The reason why a record gave nothing is named."""
    partition = Partition()
    partition.read_all([make.make_claim(), make.make_claim()], NOON)

    assert partition.drops == [DropReason.REPEATED]
