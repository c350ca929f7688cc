"""How long it took after each fault until alerts flowed again, read from the alerts themselves."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from faults.injection import Fault
from faults.replay import Due
from tocsin_notifier.domain.outcome import AnyAlert


def recoveries(
    faults: Sequence[Fault], alerts: Sequence[tuple[Due, AnyAlert]]
) -> list[tuple[float, Fault]]:
    """Seconds from the end of each fault to the next alert of an article received after it.

    The longest first. A fault is left out when another one went on or came before alerts flowed
    again: the last of them tells how long it took.
    """
    flow = sorted(
        (alert.sent_at, due.cause.received_at) for due, alert in alerts if due.cause is not None
    )
    found = []
    for fault in faults:
        at = _next(flow, fault.ended)
        if at is not None and not any(
            other.began < at and other.ended > fault.ended for other in faults
        ):
            found.append(((at - fault.ended).total_seconds(), fault))
    return sorted(found, key=lambda one: -one[0])


def _next(flow: Sequence[tuple[datetime, datetime]], ended: datetime) -> datetime | None:
    return next((sent for sent, received in flow if sent > ended and received > ended), None)


def longest_wait(alerts: Iterable[tuple[Due, AnyAlert]]) -> float:
    """The longest time in seconds from the receipt of an article to an alert it led to."""
    return max(
        (
            (alert.sent_at - due.cause.received_at).total_seconds()
            for due, alert in alerts
            if due.cause is not None
        ),
        default=0.0,
    )
