"""When a delivery is tried again, by whose wish, and when it is given up."""

from datetime import UTC, datetime, timedelta

import pytest

from tocsin_notifier.delivery.domain.retry import (
    LONGEST_RETRY_AFTER,
    Gate,
    Patience,
    Rate,
    Verdict,
    judge,
    read_retry_after,
)

NOW = datetime(2026, 1, 31, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_waits_grow_to_their_limit_and_are_spread() -> None:
    """Doubling from a second to five minutes, a quarter to either side."""
    patience = Patience()
    waits = [patience.wait(tries, 0.5) / SECOND for tries in (1, 2, 3, 9, 10, 1_000)]
    assert waits == [1, 2, 4, 256, 300, 300]
    assert patience.wait(3, 0.0) == 3 * SECOND
    assert patience.wait(3, 1.0) == 5 * SECOND


def test_an_endpoint_may_ask_for_more_but_not_for_ever() -> None:
    """It is never asked earlier than it wished, within an hour."""
    patience = Patience()
    assert patience.wait(1, 0.5, 90 * SECOND) == 90 * SECOND
    assert patience.wait(10, 0.5, 1 * SECOND) == 300 * SECOND
    assert patience.wait(1, 0.5, timedelta(days=9)) == LONGEST_RETRY_AFTER


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("120", 120), ("0", 0), ("Sat, 31 Jan 2026 08:00:30 GMT", 30), ("soon", None), (None, None),
     ("Sat, 31 Jan 2026 07:00:00 GMT", 0), ("-5", None), ("9" * 30, None)],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(text: str | None, seconds: int | None) -> None:
    """Anything else says nothing."""
    expected = None if seconds is None else seconds * SECOND
    assert read_retry_after(text, NOW) == expected


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(200, Verdict.DELIVERED), (204, Verdict.DELIVERED), (301, Verdict.FAILED),
     (400, Verdict.REFUSED), (404, Verdict.REFUSED), (408, Verdict.FAILED), (410, Verdict.GONE),
     (429, Verdict.FAILED), (500, Verdict.FAILED), (503, Verdict.FAILED), (199, Verdict.FAILED)],
)  # fmt: skip
def test_only_2xx_is_success(status: int, verdict: Verdict) -> None:
    """A refusal is about the alert, a failure about the endpoint."""
    assert judge(status) is verdict


def test_an_alert_is_given_up_after_a_day_of_failures() -> None:
    """Counted from its storage; an old one is tried for an hour, however old it is."""
    patience = Patience()
    assert patience.deadline(NOW, NOW) == NOW + timedelta(hours=24)
    old = NOW - timedelta(days=3)
    assert patience.deadline(old, NOW) == NOW + timedelta(hours=1)


def test_the_gate_shuts_longer_with_each_failure_and_opens_with_a_success() -> None:
    """Between its failures it opens for a single attempt."""
    gate = Gate(Patience())
    assert not gate.is_shut(NOW)
    assert gate.fail(NOW, 0.5, None) == SECOND
    assert gate.is_shut(NOW)
    assert not gate.is_shut(NOW + SECOND)
    assert gate.fail(NOW + SECOND, 0.5, None) == 2 * SECOND
    gate.succeed()
    assert not gate.is_shut(NOW)
    assert gate.fail(NOW, 0.5, None) == SECOND


@pytest.mark.parametrize(("rate", "count", "seconds"), [(3, 3, 1), (0.5, 1, 2), (2.5, 2, 0.8)])
def test_no_more_than_the_rate_goes_out(rate: float, count: int, seconds: float) -> None:
    """A burst of a second's worth goes at once, the next waits."""
    limit = Rate(rate)
    for _ in range(count):
        assert limit.free_at(NOW) == NOW
        limit.take(NOW)
    assert limit.free_at(NOW) == NOW + seconds * SECOND
