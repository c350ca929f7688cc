"""Dead letters and the budget of failures."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin_runtime import dead_letter
from tocsin_runtime.dead_letter import FailureBudget, Received
from tocsin_runtime.errors import FailureBudgetError

AT = datetime(2026, 11, 20, 18, 42, tzinfo=UTC)


@given(key=st.none() | st.binary(), value=st.none() | st.binary())
def test_bytes_stay_untouched(key: bytes | None, value: bytes | None) -> None:
    """Key, value and the record's own headers come out as they were read."""
    record = Received("articles", 4, 17, key, value, (("traceparent", b"00-1-2-01"),))
    letter = dead_letter.dead_letter(record, reason="r", detail="d", service="s", at=AT)
    assert (letter.key, letter.value) == (key, value)
    assert letter.headers[0] == ("traceparent", b"00-1-2-01")


def test_headers_say_why_from_where_and_when() -> None:
    """All that a replay and a person need stands in the headers; a long detail is cut."""
    letter = dead_letter.dead_letter(
        Received("articles", 4, 17, b"k", b"v"),
        reason="undecodable",
        detail="x" * 5000,
        service="classifier",
        at=AT,
    )
    told = dict(letter.headers)
    assert told[dead_letter.REASON] == b"undecodable"
    assert told[dead_letter.DETAIL] == b"x" * 1000
    assert told[dead_letter.TOPIC] == b"articles"
    assert told[dead_letter.PARTITION] == b"4"
    assert told[dead_letter.OFFSET] == b"17"
    assert told[dead_letter.AT] == b"2026-11-20T18:42:00+00:00"
    assert told[dead_letter.SERVICE] == b"classifier"


def test_twenty_failures_in_a_row_spend_the_budget() -> None:
    """The twentieth failure in a row ends it, and the message names the last one."""
    budget = FailureBudget()
    for _ in range(19):
        budget.fail("early")
    with pytest.raises(FailureBudgetError, match="20 failures in a row, the last: late"):
        budget.fail("late")


def test_a_success_ends_the_row() -> None:
    """Nineteen failures, a success and nineteen more are within the budget."""
    budget = FailureBudget(ratio=1)
    for _ in range(19):
        budget.fail("one")
    budget.succeed()
    for _ in range(19):
        budget.fail("one")


def test_more_than_one_in_twenty_spends_the_budget() -> None:
    """Over 5 % of the last records, once 200 were seen."""
    budget = FailureBudget()
    for _ in range(10):
        for _ in range(18):
            budget.succeed()
        budget.fail("one")
    for _ in range(9):
        budget.succeed()
    with pytest.raises(FailureBudgetError, match="11 of the last 200"):
        budget.fail("one")


def test_a_small_share_is_borne_for_ever() -> None:
    """One failure in thirty never ends the process, and old ones are forgotten."""
    budget = FailureBudget()
    for _ in range(300):
        budget.fail("one")
        for _ in range(29):
            budget.succeed()
