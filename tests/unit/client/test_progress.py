"""What is committed lies behind all that the subscriber has finished, and never before it."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tocsin_client.progress import Progress
from tocsin_client.recent import Recent

ID = UUID(int=1)


def test_the_start_is_stored_first_so_that_a_restart_misses_nothing() -> None:
    progress = Progress(7)
    assert progress.due() == 7
    progress.store(7)
    assert progress.due() is None


def test_records_that_are_passed_over_need_no_commit() -> None:
    progress = Progress(0)
    progress.pass_over(0)
    progress.pass_over(1)
    assert progress.due() == 2


def test_an_alert_waits_for_its_commit_and_holds_back_what_follows() -> None:
    progress = Progress(0)
    progress.hand_over(0, ID)
    progress.pass_over(1)
    assert progress.due() == 0
    assert progress.finish(0) == [ID]
    assert progress.due() == 2


def test_a_commit_covers_the_alerts_before_it() -> None:
    progress = Progress(0)
    for offset in range(3):
        progress.hand_over(offset, UUID(int=offset))
    assert progress.finish(1) == [UUID(int=0), UUID(int=1)]
    assert progress.due() == 2


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=30))
def test_no_unfinished_alert_is_ever_behind_the_commit(steps: list[tuple[bool, bool]]) -> None:
    """Whatever is wanted and whatever is finished at once, in any mixture."""
    progress, waiting = Progress(0), set[int]()
    for offset, (wanted, finished) in enumerate(steps):
        if not wanted:
            progress.pass_over(offset)
            continue
        progress.hand_over(offset, ID)
        waiting.add(offset)
        if finished:
            progress.finish(offset)
            waiting.clear()
        due = progress.due()
        assert due is not None
        assert all(due <= one for one in waiting)
    assert progress.due() == min(waiting, default=len(steps))


def test_what_was_written_longest_ago_is_forgotten() -> None:
    recent = Recent[str, int](limit=2)
    for number, key in enumerate(["a", "b", "a", "c"]):
        recent.put(key, number)
    assert (recent.get("a"), recent.get("b"), recent.get("c")) == (2, None, 3)
    assert "b" not in recent
