"""The state of a partition: what is found, what is due, what is gone."""

import factories as make
from correlation import Partition
from factories import NOON, days, hours
from tocsin_notifier.domain.correlate import correlate
from tocsin_notifier.domain.packing import pack, unpack
from tocsin_notifier.domain.records import read_state_record
from tocsin_notifier.domain.state import PARSED, State


def test_correlation_leaves_the_state_as_it_is() -> None:
    """The owner applies the changes, or does not."""
    state = State()
    outcome = correlate(state, make.make_claim(), NOON)
    assert (len(state), state.next_due()) == (0, None)

    state.apply(outcome.changes)
    assert len(state) == 3


def test_the_earliest_timer_is_next() -> None:
    """The lapse of an alarm comes before anything is forgotten."""
    partition = Partition()
    partition.read(make.make_claim(), NOON)
    partition.read(make.make_warning(name=2), NOON)
    assert partition.state.next_due() == NOON + hours(3)

    partition.tick(NOON + hours(3))
    assert partition.state.next_due() == NOON + hours(27)


def test_a_moved_timer_does_not_fire_at_its_former_time() -> None:
    """A renewed alarm lapses later."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)
    partition.read(make.make_warning(name=2, at=NOON + hours(1)), NOON + hours(1))

    assert partition.state.due_keys(NOON + hours(3)) == ()
    assert partition.state.next_due() == NOON + hours(4)


def test_every_record_reads_back_as_it_was_written() -> None:
    """On the topic and in memory."""
    partition = Partition()
    partition.read(make.make_claim(), NOON)
    partition.read(make.make_denial(name=2), NOON)
    partition.read(make.make_stance(name=3), NOON)
    partition.read(make.make_all_clear(name=4), NOON)

    kinds = set()
    for key, record in partition.records().items():
        value = record.to_json()
        assert read_state_record(value) == record
        assert unpack(pack(value)) == value
        assert record.key() == key
        kinds.add(record.kind)
    assert kinds == {"event", "event-article", "article", "denial", "stance-history", "all-clear"}


def test_records_beyond_those_kept_parsed_are_still_found() -> None:
    """The cache bounds memory, not the state."""
    partition = Partition()
    count = PARSED // 3 + 10
    for name in range(count):
        place = make.make_place(canonical_name=f"Village {name}", level="village")
        partition.read(make.make_claim(place, name=name), NOON)

    assert len(partition.state) == 3 * count
    assert all(partition.state.get(key) is not None for key in partition.records())


def test_nothing_is_left_when_all_times_are_over() -> None:
    """The state is bounded by its windows."""
    partition = Partition()
    partition.read(make.make_claim(), NOON)
    partition.read(make.make_warning(name=2), NOON)
    partition.tick(NOON + days(40))

    assert len(partition.state) == 0
    assert partition.state.next_due() is None
