"""The state of a partition: what is found, what is due, what is gone."""

import json

import pytest
from pydantic import ValidationError

import factories as make
from correlation import Partition
from factories import NOON, days, hours
from tocsin_notifier.domain.correlate import correlate
from tocsin_notifier.domain.heading import Heading, read_heading
from tocsin_notifier.domain.packing import pack, unpack
from tocsin_notifier.domain.records import KINDS, read_state_record
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

    for key, record in partition.records().items():
        value = record.to_json()
        assert read_state_record(value) == record
        assert unpack(pack(value)) == value
        assert record.key() == key
        assert read_heading(key, value) == Heading(record.buckets(), record.due_at)
    counts = {"event": 3, "event-article": 3, "article": 4, "denial": 1, "stance-history": 1}
    assert partition.state.counts == counts | {"all-clear": 1}
    assert set(partition.state.counts) <= set(KINDS)


def test_a_heading_of_another_release_is_read_from_the_whole_record() -> None:
    """What does not begin as this release writes it is parsed, and refused when it is none."""
    partition = Partition()
    partition.read(make.make_claim(), NOON)
    for key, record in partition.records().items():
        fields = json.loads(record.to_json())
        reordered = json.dumps(dict(reversed(fields.items()))).encode()
        assert read_heading(key, reordered) == Heading(record.buckets(), record.due_at)
        with pytest.raises(ValidationError):
            read_heading(key, b'{"kind": "event-article"}')


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
    assert set(partition.state.counts.values()) == {0}
    assert partition.state.next_due() is None
