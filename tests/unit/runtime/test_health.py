"""Health: ready means that every named condition holds."""

import pytest

from tocsin_runtime.health import Health


def test_nothing_holds_at_first() -> None:
    """A service is alive and not ready before its conditions were reported."""
    health = Health(("broker", "group"))
    assert health.alive
    assert not health.ready
    assert health.report() == {"broker": "not yet", "group": "not yet"}


def test_ready_once_all_conditions_hold() -> None:
    """The last condition makes it ready; one that breaks makes it unready with its reason."""
    health = Health(("broker", "group"))
    health.satisfy("broker")
    assert not health.ready
    health.satisfy("group")
    assert health.ready
    health.break_off("group", "the group rebalances")
    assert not health.ready
    assert health.report() == {"broker": "ok", "group": "the group rebalances"}


def test_a_stuck_process_is_not_alive() -> None:
    """What only a restart can mend makes it unready and not alive."""
    health = Health(("broker",))
    health.satisfy("broker")
    health.declare_stuck("nothing moves")
    assert not health.alive
    assert not health.ready
    assert health.report()["stuck"] == "nothing moves"


def test_an_unknown_condition_is_a_mistake() -> None:
    """A condition that was not named at the start is refused."""
    with pytest.raises(KeyError, match="known: broker"):
        Health(("broker",)).satisfy("brokre")
