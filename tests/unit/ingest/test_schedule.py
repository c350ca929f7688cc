"""When a source is asked again."""

import random
from datetime import UTC, datetime

import pytest

from tocsin_ingest.domain.schedule import (
    DEFAULT_EVERY,
    LONGEST,
    next_try,
    next_wait,
    read_max_age,
    read_retry_after,
)

NOW = datetime(2024, 8, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("every", "asked_for", "wait"),
    [(None, None, DEFAULT_EVERY), (None, 600, 600), (None, 5, DEFAULT_EVERY),
     (None, 90_000, LONGEST), (30, 600, 30)],
)  # fmt: skip
def test_the_operator_wins_over_the_feed(
    every: int | None, asked_for: int | None, wait: int
) -> None:
    """Else the feed's wish, between a minute and an hour; with a tenth left to chance."""
    waits = [next_wait(every, asked_for, random.Random(seed)) for seed in range(50)]
    assert all(0.9 * wait <= one <= 1.1 * wait for one in waits)
    assert len(set(waits)) > 40


def test_a_failing_source_is_asked_ever_more_seldom() -> None:
    """Doubled each time, an hour at most, however long it fails."""
    waits = [next_try(60, failures, None, random.Random(1)) for failures in (1, 2, 3, 30, 10_000)]
    assert waits[0] < waits[1] < waits[2] < waits[3] <= 1.1 * LONGEST
    assert waits[4] == waits[3]


def test_nobody_is_asked_before_the_time_that_he_names() -> None:
    """A day at most, so that a wrong number does not silence a source for good."""
    assert next_try(60, 1, 7200, random.Random(1)) == 7200
    assert next_try(60, 1, 10**9, random.Random(1)) == 86_400


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("120", 120), (" 7 ", 7), ("Tue, 20 Aug 2024 12:02:00 GMT", 120), ("", None), ("soon", None),
     ("Tue, 20 Aug 2024 11:00:00 GMT", 0), ("-5", None), ("1" * 40, None), ("²", None),
     ("Tue, 20 Aug 2024 12:02:00 -0000", None)],
)  # fmt: skip
def test_retry_after_is_a_number_or_a_date(given: str, seconds: int | None) -> None:
    """What is neither names no time."""
    assert read_retry_after({"retry-after": given}, NOW) == seconds


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("max-age=300", 300), ("public, Max-Age = 60", 60), ('max-age="9"', 9), ("s-maxage=7", None),
     ("no-store", None), ("max-age=-1", None), ("max-age=99999999999", 999999999)],
)  # fmt: skip
def test_cache_control_names_an_age(given: str, seconds: int | None) -> None:
    """Of private caches only."""
    assert read_max_age({"cache-control": given}) == seconds
