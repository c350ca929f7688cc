"""Requests under an Idempotency-Key: done once, answered alike."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tocsin_ingest.push.idempotency import (
    KEPT,
    Answer,
    AnsweredRequests,
    RepeatError,
    read_request,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANSWER = Answer(202, b"{}")
REQUEST = read_request("desk", "k-1", b"body")


@pytest.fixture
def answered(tmp_path: Path) -> AnsweredRequests:
    return AnsweredRequests(tmp_path / "answers.sqlite")


def test_a_repeat_gets_the_first_answer_even_after_a_restart(tmp_path: Path) -> None:
    """For a day; then the key is free again."""
    path = tmp_path / "answers.sqlite"
    before = AnsweredRequests(path)
    assert before.begin(REQUEST, NOW) is None
    before.finish(REQUEST, ANSWER, NOW)
    before.close()
    after = AnsweredRequests(path)
    assert after.begin(REQUEST, NOW + KEPT - timedelta(seconds=1)) == ANSWER
    assert after.begin(REQUEST, NOW + KEPT + timedelta(seconds=1)) is None


def test_a_repeat_while_the_first_is_done_is_told_to_wait(answered: AnsweredRequests) -> None:
    """An abandoned one may be tried again."""
    assert answered.begin(REQUEST, NOW) is None
    with pytest.raises(RepeatError) as caught:
        answered.begin(REQUEST, NOW)
    assert (caught.value.status, caught.value.code) == (409, "in_use")
    answered.abandon(REQUEST)
    assert answered.begin(REQUEST, NOW) is None


def test_a_key_is_for_one_body_of_one_caller(answered: AnsweredRequests) -> None:
    """Another caller's same key is another key."""
    answered.begin(REQUEST, NOW)
    answered.finish(REQUEST, ANSWER, NOW)
    with pytest.raises(RepeatError) as caught:
        answered.begin(read_request("desk", "k-1", b"other"), NOW)
    assert (caught.value.status, caught.value.code) == (422, "other_body")
    assert answered.begin(read_request("agency", "k-1", b"other"), NOW) is None


@pytest.mark.parametrize("key", ["", " ", "a\n", "ключ", "x" * 256])
def test_what_is_no_key_is_refused(key: str) -> None:
    """1 to 255 printable ASCII characters."""
    with pytest.raises(RepeatError) as caught:
        read_request("desk", key, b"")
    assert caught.value.status == 400


def test_a_broken_file_is_begun_anew(tmp_path: Path) -> None:
    """It is a memory of a day, not a record."""
    path = tmp_path / "answers.sqlite"
    path.write_bytes(b"no database" * 1000)
    assert AnsweredRequests(path).begin(REQUEST, NOW) is None
