"""Positions in the alert topics as short texts."""

from hypothesis import given
from hypothesis import strategies as st

from tocsin_notifier.delivery.domain.position import Layout

LAYOUT = Layout({"a": 12, "b": 12, "c": 12})


@given(st.lists(st.integers(0, 2**62), min_size=36, max_size=36))
def test_what_is_written_is_read_again(offsets: list[int]) -> None:
    """Whatever the offsets are."""
    assert LAYOUT.decode(LAYOUT.encode(offsets)) == tuple(offsets)


def test_a_position_is_short() -> None:
    """A day's alerts take under 120 characters: an id goes with every event."""
    assert len(LAYOUT.encode([9_000] * 36)) < 120


@given(st.text(max_size=200))
def test_nonsense_is_no_position(text: str) -> None:
    """And never an error."""
    found = LAYOUT.decode(text)
    assert found is None or len(found) == 36


def test_other_topics_have_other_positions() -> None:
    """Fewer partitions than were read are no position; new ones are read from their beginning."""
    former = Layout({"a": 1, "b": 2})
    assert Layout({"a": 1, "b": 1}).decode(former.encode([5, 6, 7])) is None
    assert Layout({"a": 2, "b": 2}).decode(former.encode([5, 6, 7])) == (5, 0, 6, 7)
    assert Layout({"a": 1}).decode(former.encode([5, 6, 7])) is None
    assert LAYOUT.decode("A" * 5_000) is None
