"""Recovery is read from alerts: from the end of a fault to the next alert of a later article."""

from datetime import datetime, timedelta

from factories import NOON, make_warning
from faults.injection import Fault
from faults.recovery import longest_wait, recoveries
from faults.replay import Due
from tocsin_notifier.domain.correlate import correlate
from tocsin_notifier.domain.outcome import AnyAlert
from tocsin_notifier.domain.publication import stamp
from tocsin_notifier.domain.state import State


def at(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def sent(received: float, after: float) -> tuple[Due, AnyAlert]:
    """An alert sent some seconds after its article was received."""
    cause = make_warning(received_at=at(received))
    (draft,) = correlate(State(), cause, at(received)).alerts
    return Due(draft, cause), stamp(draft, at(received + after))


def fault(began: float, ended: float) -> Fault:
    """A fault."""
    return Fault("kill", "a kill", at(began), at(ended))


def test_an_alert_of_an_earlier_article_is_no_recovery() -> None:
    """The article came before the fault ended, so it may only have waited."""
    alerts = [sent(5, 6), sent(12, 1)]
    assert [seconds for seconds, _ in recoveries([fault(4, 10)], alerts)] == [3.0]


def test_a_fault_that_another_one_hides_is_left_out() -> None:
    """The second came before alerts flowed again."""
    first, second = fault(0, 1), fault(2, 6)
    assert recoveries([first, second], [sent(8, 1)]) == [(3.0, second)]


def test_the_longest_wait_is_that_of_one_article() -> None:
    """From its receipt to its alert."""
    assert longest_wait([sent(1, 2), sent(2, 9)]) == 9.0
