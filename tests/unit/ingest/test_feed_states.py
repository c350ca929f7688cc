"""What is known of feeds from their last polls."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from tocsin_ingest.sources.feed_states import FeedState, FeedStates, Seen
from tocsin_ingest.sources.sirens import SirenMemory

URL = "https://news.example/feed"
AT = datetime(2024, 8, 20, 12, tzinfo=UTC)
SEEN = Seen(b"g1", b"d1", UUID(int=7))


def test_states_outlive_the_process(tmp_path: Path) -> None:
    """Validators, the time, and the items."""
    states = FeedStates(tmp_path / "feeds.sqlite")
    states.store("desk", FeedState(URL, '"e"', "Tue", AT), [SEEN, Seen(b"g2", b"d2", None)])
    states.close()
    again = FeedStates(tmp_path / "feeds.sqlite")
    assert again.find("desk", URL) == FeedState(URL, '"e"', "Tue", AT)
    assert again.seen("desk") == {b"g1": SEEN, b"g2": Seen(b"g2", b"d2", None)}
    assert again.seen("other") == {}


def test_what_did_not_change_keeps_its_items(tmp_path: Path) -> None:
    """And what the feed holds no more is forgotten."""
    states = FeedStates(tmp_path / "feeds.sqlite")
    states.store("desk", FeedState(URL), [SEEN])
    states.store("desk", FeedState(URL, succeeded_at=AT), None)
    assert states.seen("desk") == {b"g1": SEEN}
    states.store("desk", FeedState(URL, succeeded_at=AT), [])
    assert states.seen("desk") == {}


def test_another_address_begins_anew(tmp_path: Path) -> None:
    """The validators of one server mean nothing to another."""
    states = FeedStates(tmp_path / "feeds.sqlite")
    states.store("desk", FeedState(URL, '"e"', "Tue", AT), [SEEN])
    assert states.find("desk", "https://other.example/") == FeedState("https://other.example/")


def test_a_broken_file_is_begun_anew(tmp_path: Path) -> None:
    """Its loss costs a look at everything, nothing is published twice."""
    for name in ("feeds.sqlite", "sirens.sqlite"):
        (tmp_path / name).write_bytes(b"no database" * 1000)
    assert FeedStates(tmp_path / "feeds.sqlite").find("desk", URL) == FeedState(URL)
    assert SirenMemory(tmp_path / "sirens.sqlite").recall("sirens") == {}
