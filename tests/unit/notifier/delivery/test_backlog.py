"""What one partition still owes a subscriber, and what is remembered over a restart."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tocsin_notifier.delivery.domain.backlog import Backlog, Waiting
from tocsin_notifier.delivery.domain.marks import MAX_CHARACTERS, Gone, Marks, read_marks

NOW = datetime(2026, 1, 31, 8, 0, tzinfo=UTC)


def make_waiting(offset: int, event: bytes | None = None, **changes: object) -> Waiting:
    """An alert at that offset, by itself unless an event is named."""
    waiting = Waiting(
        spot=("alerts", 0, offset), event=event or str(offset).encode(), group="g", at=NOW,
        seen_at=NOW, value=b"{}",
    )  # fmt: skip
    for name, value in changes.items():
        setattr(waiting, name, value)
    return waiting


def fill(backlog: Backlog, *alerts: Waiting) -> None:
    """Read these from the log."""
    for one in alerts:
        if backlog.pass_by(one.offset):
            backlog.supersede(one.event)
        else:
            backlog.add(one)


def test_the_position_stays_at_the_first_that_was_not_delivered() -> None:
    """And what was delivered behind it is remembered as ranges."""
    backlog = Backlog(10)
    alerts = [make_waiting(offset) for offset in range(10, 16)]
    fill(backlog, *alerts)
    for one in (alerts[1], alerts[2], alerts[4]):
        backlog.finish(one)
    assert backlog.position == 10
    assert backlog.finished() == ((11, 12), (14, 14))
    for one in (alerts[0], alerts[3], alerts[5]):
        backlog.finish(one)
    assert (backlog.position, backlog.finished()) == (16, ())


def test_a_newer_revision_replaces_the_one_that_waits() -> None:
    """But not one that is on its way: the newer one waits until that is back."""
    backlog = Backlog(0)
    first, second, third = (make_waiting(offset, b"event") for offset in range(3))
    fill(backlog, first)
    assert backlog.add(second) is first
    second.busy = True
    assert backlog.add(third) is None
    assert backlog.is_replaced(second)
    assert not third.may_go(NOW)
    backlog.drop(second)
    second.busy = False
    assert third.may_go(NOW)
    assert [*backlog.waiting] == [2]


def test_an_unwanted_newer_revision_only_casts_doubt() -> None:
    """The subscriber never hears of it, but must not see the older one as on."""
    backlog = Backlog(0)
    alarm = make_waiting(0, b"event", urgent_until=NOW + timedelta(hours=1))
    fill(backlog, alarm)
    assert alarm.is_urgent(NOW)
    backlog.outdate(b"event")
    assert alarm.replaced
    assert not alarm.is_urgent(NOW)


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=60), st.data())
def test_a_restart_repeats_nothing_that_is_remembered(
    log: list[tuple[int, bool]], data: st.DataObject
) -> None:
    """What waits after a restart is what waited before it."""
    before = Backlog(0)
    for offset, (event, finished) in enumerate(log):
        fill(before, make_waiting(offset, b"%d" % event))
        if finished and before.waiting:
            before.finish(data.draw(st.sampled_from(list(before.waiting.values()))))
    position = before.position
    marks = read_marks(Marks(before.finished()).to_text(position), position)
    after = Backlog(position, marks.done)
    for offset, (event, _) in list(enumerate(log))[position:]:
        fill(after, make_waiting(offset, b"%d" % event))
    assert [*after.waiting] == [*before.waiting]


def test_marks_fit_into_the_metadata_of_a_commit() -> None:
    """What does not fit is forgotten, and delivered again."""
    many = tuple((offset * 2, offset * 2) for offset in range(5_000))
    text = Marks(many, Gone("abc", NOW)).to_text(0)
    assert len(text) < MAX_CHARACTERS + 100
    marks = read_marks(text, 0)
    assert marks.done == many[: len(marks.done)]
    assert marks.gone == Gone("abc", NOW)


def test_foreign_metadata_is_no_marks() -> None:
    """Whoever wrote it."""
    for text in ("", "nonsense", "[]", '{"done": 3}', '{"gone": ["x"]}', None):
        assert read_marks(text, 5) == Marks()
