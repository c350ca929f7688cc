"""The watches that end a process: too many assignments, and no progress."""

import pytest

from tocsin_runtime.errors import DuplicateInstanceError, StuckError
from tocsin_runtime.instance import AssignmentWatch
from tocsin_runtime.lag import MembershipWatch, ProgressWatch


def test_a_storm_of_assignments_names_the_instance_id() -> None:
    """Eight assignments in half a minute mean a second process with the same id."""
    watch = AssignmentWatch("notifier-1")
    for number in range(7):
        watch.note(2.0 * number)
    with pytest.raises(DuplicateInstanceError, match=r"'notifier-1'.*TOCSIN_INSTANCE_ID"):
        watch.note(14)


def test_assignments_now_and_then_are_fine() -> None:
    """Replicas that come and go over hours are no storm."""
    watch = AssignmentWatch("notifier-1")
    for number in range(100):
        watch.note(5.0 * number)


def test_no_progress_with_lag_is_stuck() -> None:
    """Records wait and nothing is committed for over a minute."""
    watch = ProgressWatch()
    watch.note(offset=10, lag=5, now_seconds=0)
    watch.note(offset=10, lag=5, now_seconds=59)
    with pytest.raises(StuckError, match="5 records wait"):
        watch.note(offset=10, lag=5, now_seconds=61)


def test_progress_or_no_lag_starts_anew() -> None:
    """Whatever moves, or an empty queue, is not stuck."""
    watch = ProgressWatch()
    watch.note(offset=10, lag=5, now_seconds=0)
    watch.note(offset=11, lag=9, now_seconds=59)
    watch.note(offset=11, lag=0, now_seconds=118)
    watch.note(offset=11, lag=1, now_seconds=170)
    watch.note(offset=11, lag=1, now_seconds=175)


def test_an_outage_of_the_broker_is_not_held_against_the_service() -> None:
    """After the broker was away, the minute begins anew."""
    watch = ProgressWatch()
    watch.note(offset=10, lag=5, now_seconds=0)
    watch.restart()
    watch.note(offset=10, lag=5, now_seconds=100)
    watch.note(offset=10, lag=5, now_seconds=160)


def test_a_member_that_the_group_has_lost_is_stuck() -> None:
    """It held its partitions and said nothing; a short absence, as in a rebalance, is fine."""
    watch = MembershipWatch("notifier-2")
    watch.note(present=True, now_seconds=0)
    watch.note(present=False, now_seconds=5)
    watch.note(present=True, now_seconds=60)
    watch.note(present=False, now_seconds=100)
    watch.note(present=False, now_seconds=155)
    with pytest.raises(StuckError, match="notifier-2"):
        watch.note(present=False, now_seconds=161)


def test_an_outage_does_not_count_as_absence() -> None:
    """Who is in the group can be told only by a broker that answers."""
    watch = MembershipWatch("notifier-2")
    watch.note(present=False, now_seconds=0)
    watch.restart()
    watch.note(present=False, now_seconds=100)
