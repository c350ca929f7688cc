"""When the pipeline is blind: the oldest path decides."""

from datetime import UTC, datetime, timedelta

from tocsin_notifier.delivery.domain.paths import Paths
from tocsin_schemas.detection import Heartbeat

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    """So long after the start."""
    return START + timedelta(seconds=seconds)


def beat(path: int, seconds: float) -> Heartbeat:
    """A probe that was sent so long after the start."""
    return Heartbeat(path=path, sent_at=after(seconds), seen_at=after(seconds + 1))


def test_a_path_is_blind_when_its_last_probe_is_thirty_seconds_old() -> None:
    """Not a moment before; the time since is when that probe was sent."""
    paths = Paths(2, START)
    paths.take(beat(0, 20))
    paths.take(beat(1, 25))
    assert paths.look(after(49.9)).blind_since is None
    sight = paths.look(after(50))
    assert (sight.blind_since, sight.blind_paths, sight.paths) == (after(20), 1, 2)


def test_a_path_that_never_came_counts_from_the_start() -> None:
    """A pipeline that never worked is not seen as well."""
    paths = Paths(2, START)
    paths.take(beat(0, 29))
    assert paths.look(after(30)).blind_since == START


def test_what_stood_on_the_topic_before_the_start_counts() -> None:
    """An outage that began before we looked is known with its own time."""
    paths = Paths(1, START)
    paths.take(beat(0, -500))
    assert paths.look(after(0)).blind_since == after(-500)


def test_old_records_and_other_paths_change_nothing() -> None:
    """Records may come again, and a path may be gone."""
    paths = Paths(1, START)
    paths.take(beat(0, 10))
    paths.take(beat(0, 5))
    paths.take(beat(7, -900))
    assert paths.look(after(20)).seen_at == after(10)
