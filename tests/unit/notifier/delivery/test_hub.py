"""The shared memory of the stream: order, forgetting, and who is cut off."""

from support.alerts import make_alert
from tocsin_notifier.delivery.domain.position import Layout
from tocsin_notifier.delivery.live.hub import Hub, Listener

TOPIC = ("alerts", 0)
OTHER = ("alerts", 1)


def make_hub(**options: int) -> Hub:
    """A hub over two partitions that are read from offsets 10 and 0."""
    hub = Hub(**options)
    hub.begin(Layout({"alerts": 2}), {TOPIC: 10, OTHER: 0})
    return hub


def test_a_listener_is_given_what_came_after_its_position() -> None:
    """By partition, whatever the order in which both were read."""
    hub = make_hub()
    hub.take(TOPIC, 10, make_alert(1))
    hub.take(OTHER, 0, make_alert(2))
    hub.take(TOPIC, 12, make_alert(3))
    listener = Listener(cut_off=lambda: None)
    missed = hub.listen(listener, (11, 0))
    assert [(one.partition, one.offset) for one in missed] == [(1, 0), (0, 12)]
    assert missed[-1].position == hub.head == (13, 1)
    assert hub.read_on(listener) == []
    hub.take(OTHER, 1, make_alert(4))
    assert [one.offset for one in hub.read_on(listener)] == [1]


def test_what_was_forgotten_is_not_remembered() -> None:
    """A position from before the memory must be read from Kafka."""
    hub = make_hub(kept=2)
    assert hub.remembers((10, 0))
    assert not hub.remembers((9, 0))
    for offset in range(10, 13):
        hub.take(TOPIC, offset, make_alert(offset))
    assert not hub.remembers((10, 0))
    assert hub.remembers((11, 0))


def test_who_is_too_far_behind_is_cut_off() -> None:
    """Only the slow one, and once."""
    hub = make_hub(max_behind=3)
    cut: list[str] = []
    slow = Listener(cut_off=lambda: cut.append("slow"))
    quick = Listener(cut_off=lambda: cut.append("quick"))
    hub.listen(slow, hub.head)
    hub.listen(quick, hub.head)
    for offset in range(10, 16):
        hub.take(TOPIC, offset, make_alert(offset))
        quick.number = hub.newest
    assert cut == ["slow"]
    assert (slow.is_cut_off, quick.is_cut_off, len(hub)) == (True, False, 1)


def test_a_record_that_is_no_alert_moves_the_position() -> None:
    """Else a listener would ask for it again and again."""
    hub = make_hub()
    hub.skip(TOPIC, 10)
    assert hub.head == (11, 0)
