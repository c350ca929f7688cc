"""What schemathesis has to know of ingest: streams of lines, and when a stream is right."""

import json
from datetime import UTC, datetime
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import Case, CheckContext, Response
from schemathesis.core.parameters import ParameterLocation

LINES = "application/x-ndjson"


def write_lines(_: schemathesis.SerializationContext, value: Any) -> bytes:
    """One line, after one that is blank and one that is no JSON."""
    return b"\nno json\n" + json.dumps(value).encode() + b"\n"


def read_lines(_: schemathesis.DeserializationContext, response: Response) -> Any:
    """The last line; the check below looks at all of them."""
    return json.loads(response.content.splitlines()[-1])


def stream_is_answered(_: CheckContext, response: Response, case: Case[Any]) -> None:
    """Each line that is not blank is answered in order, and no wrong article is taken."""
    if case.media_type != LINES or response.status_code != 200:
        return
    first, second, last = [json.loads(line) for line in response.content.splitlines()]
    assert first["line"] == 1, response.text
    assert first["errors"], response.text
    assert second["line"] == 2, response.text
    assert last["complete"], response.text
    assert last["lines"] == 2, response.text
    assert last["published"] + last["unchanged"] + last["withdrawn"] + last["refused"] == 2
    if case.meta is not None and case.meta.is_negative_at(ParameterLocation.BODY):
        assert second.get("errors"), response.text


EARLIEST, LATEST = 631_152_000, 1_735_689_600
"""Unix times: the years from 1990 to 2024."""

# Times and addresses that can be, so that right articles get past the first checks; wrong ones come
# from the data that schemathesis breaks on purpose.
schemathesis.openapi.format(
    "date-time",
    st.integers(EARLIEST, LATEST).map(lambda at: datetime.fromtimestamp(at, UTC).isoformat()),
)
schemathesis.openapi.format("uri", st.uuids().map("https://news.example/{}".format))
schemathesis.serializer(LINES)(write_lines)
schemathesis.deserializer(LINES)(read_lines)
schemathesis.check(stream_is_answered)
