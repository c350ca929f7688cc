"""Our hop goes on with the caller's trace, or begins one."""

import re

import pytest

from tocsin_runtime.tracing import next_traceparent

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"


def test_a_callers_trace_goes_on_under_a_new_span() -> None:
    """Trace and flags stay, the span is ours."""
    ours = next_traceparent(f"00-{TRACE}-{SPAN}-00")
    assert re.fullmatch(rf"00-{TRACE}-[0-9a-f]{{16}}-00", ours)
    assert SPAN not in ours


@pytest.mark.parametrize(
    "given",
    [None, "", "rubbish", f"ff-{TRACE}-{SPAN}-01", f"00-{'0' * 32}-{SPAN}-01",
     f"00-{TRACE}-{'0' * 16}-01", f"00-{TRACE.upper()}-{SPAN}-01"],
)  # fmt: skip
def test_anything_else_begins_a_trace(given: str | None) -> None:
    """Broken headers are not passed on."""
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", next_traceparent(given))
    assert TRACE not in next_traceparent(given)
