"""Whether the pipeline is blind: how old the last probe through each of its paths is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin_schemas.detection import Heartbeat

BLIND_AFTER = timedelta(seconds=30)
"""From this age of a path's last probe on, silence may be an outage."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known of the pipeline's paths at one moment."""

    as_of: datetime
    seen_at: datetime
    """When the last probe of the oldest path was sent: everything before was seen."""
    blind_since: datetime | None
    """The same when it is too long ago, else None."""
    blind_paths: int
    """How many paths are too old."""
    paths: int
    """How many there are."""


class Paths:
    """The last probe through each path; one that never came counts from the start of watching."""

    def __init__(self, count: int, started_at: datetime) -> None:
        self._seen = dict.fromkeys(range(count), started_at)
        self._never = set(range(count))

    def take(self, heartbeat: Heartbeat) -> None:
        """Take a record of `tocsin.heartbeat`; older ones and unknown paths change nothing."""
        path = heartbeat.path
        if path in self._never:
            self._never.discard(path)
            self._seen[path] = heartbeat.sent_at
        elif path in self._seen:
            self._seen[path] = max(self._seen[path], heartbeat.sent_at)

    def look(self, now: datetime) -> Sight:
        """How it stands now."""
        old = [at for at in self._seen.values() if now - at >= BLIND_AFTER]
        oldest = min(self._seen.values(), default=now)
        return Sight(
            as_of=now,
            seen_at=oldest,
            blind_since=oldest if old else None,
            blind_paths=len(old),
            paths=len(self._seen),
        )
