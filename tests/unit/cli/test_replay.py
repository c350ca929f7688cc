"""What a replay publishes, in which order, and how quickly."""

import json
import math
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from tocsin_cli import replay
from tocsin_cli.replay import ReplayError, parse_speed, parse_time
from tocsin_cli.replay_archive import Archive, Archived
from tocsin_ingest.domain.article import RawArticle


def write(folder: Path, *lines: dict[str, str]) -> str:
    file = folder / "archive.jsonl"
    file.write_text("\n".join(json.dumps({"text": "x", **line}) for line in lines), "utf-8")
    return str(file)


def at(minute: int, day: int = 1) -> str:
    return f"2024-08-{day:02}T00:{minute:02}:00Z"


@pytest.mark.parametrize(
    ("given", "speed"), [("60x", 60), ("1", 1), ("0.5x", 0.5), ("max", math.inf)]
)
def test_a_speed_is_a_number_or_max(given: str, speed: float) -> None:
    """Seconds of the articles in one."""
    assert parse_speed(given) == speed


@pytest.mark.parametrize("given", ["0", "x", "-1x", "fast", "1e9", ""])
def test_another_speed_is_refused(given: str) -> None:
    """With an example."""
    with pytest.raises(ValueError, match="60x"):
        parse_speed(given)


def test_a_time_without_a_zone_is_utc() -> None:
    """A day begins at midnight."""
    assert parse_time("2024-08-01") == datetime(2024, 8, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="2024-08-01"):
        parse_time("August")


def test_articles_come_in_the_order_of_their_time(tmp_path: Path) -> None:
    """Whatever their order in the files; undated ones and those outside are left out."""
    file = write(
        tmp_path,
        {"id": "b", "published_at": at(9)},
        {"id": "a", "published_at": at(3)},
        {"id": "c"},
        {"id": "d", "published_at": at(0, day=2)},
        {"id": "e", "published_at": "2024-08-01"},
    )
    with Archive(parse_time("2024-08-01"), parse_time("2024-08-02")) as archive:
        (bad,) = archive.read([file])
        assert [article.at.minute for article in archive] == [3, 9]
        assert {article.raw.mode for article in archive} == {"archive"}
        assert archive.left_out == {"undated": 1, "outside": 1}
        assert (bad.field, len(archive)) == ("published_at", 2)


def pace(folder: Path, speed: float, *minutes: int) -> list[list[int]]:
    file = write(folder, *({"id": str(m), "published_at": at(m)} for m in minutes))
    with Archive(None, None) as archive:
        assert list(archive.read([file])) == []
        return [[one.at.minute for one in batch] for batch in replay._pace(archive, speed)]


def test_at_most_speed_only_what_lies_close_together_goes_together(tmp_path: Path) -> None:
    """Else partitions would mix up what happened first."""
    assert pace(tmp_path, math.inf, 0, 5, 20, 21, 59) == [[0, 5, 20], [21], [59]]


def test_each_article_waits_for_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Differences of time by speed."""
    clock, slept = [0.0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock[0] += seconds

    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(time, "sleep", sleep)
    assert pace(tmp_path, 60, 0, 0, 5, 7) == [[0, 0], [5], [7]]
    assert slept == [0, 0, 5, 2]


def test_a_live_ingest_is_told_from_a_bad_article() -> None:
    """The replay ends, and says what to start."""
    article = Archived(parse_time("2024-08-01"), "f:1", RawArticle(text="x"))
    error = {"index": 0, "field": "mode", "reason": "'archive' is refused on the live topics"}

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(422, json={"errors": [error]})

    transport = httpx2.MockTransport(answer)
    with (
        httpx2.Client(base_url="http://ingest", transport=transport) as client,
        pytest.raises(ReplayError, match="TOCSIN_TOPIC_PREFIX"),
    ):
        replay._post(client, [article])
