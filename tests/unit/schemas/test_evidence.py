"""Evidence is verbatim: a span that does not fit its quote is refused with the reason."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tocsin_schemas.evidence import EventTime, Evidence

SENTENCE = "Köprü’de 🚨 sirens were heard."


def piece(**changes: Any) -> dict[str, Any]:
    start = 40 + SENTENCE.index("sirens")
    return {
        "article_id": "6f1c1f4e-6a0b-5c57-9f0e-3f0b7c3d2a18",
        "revision": 1,
        "start": start,
        "end": start + len("sirens"),
        "quote": "sirens",
        "sentence": SENTENCE,
        "sentence_start": 40,
        "language": "en",
    } | changes


def test_offsets_count_code_points_whatever_their_bytes() -> None:
    assert Evidence.model_validate(piece()).quote == "sirens"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"end": 90}, "quote: 6 code points do not fit span 51:90"),
        ({"start": 52, "end": 58}, "sentence: does not hold the quote at its offset"),
        ({"sentence_start": 60}, "sentence: does not hold the quote at its offset"),
        ({"quote": "bombs!"}, "sentence: does not hold the quote at its offset"),
        ({"quote": ""}, "quote"),
        ({"start": -1}, "start"),
        ({"end": 10**9}, "end"),
    ],
)
def test_a_span_that_does_not_fit_is_refused_with_the_reason(
    changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ValidationError, match=reason):
        Evidence.model_validate(piece(**changes))


@given(st.text(min_size=1, max_size=60), st.data())
def test_every_true_span_of_any_text_is_accepted(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    span = {"start": start, "end": end, "quote": text[start:end]}
    evidence = Evidence.model_validate(piece(**span, sentence=text, sentence_start=0))
    assert Evidence.read(evidence.to_json()) == evidence


def test_a_time_span_that_ends_before_it_starts_is_refused() -> None:
    late, early = datetime(2026, 11, 21, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)
    with pytest.raises(ValidationError, match=r"end: .* lies before start"):
        EventTime.model_validate({"start": late, "end": early, "precision": "day"})
