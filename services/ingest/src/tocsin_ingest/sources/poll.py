"""What asking a source once brings, or why it failed."""

from dataclasses import dataclass


class PollError(Exception):
    """A poll that failed; nothing was noted, the next one begins where this one did."""

    def __init__(self, reason: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        """A word of a closed set, for the metric."""
        self.retry_after = retry_after
        """Seconds that the source asked for."""


class GoneError(PollError):
    """The source is gone for good (410): it is asked again only when ingest starts."""


@dataclass(frozen=True, slots=True)
class Poll:
    """What a poll that succeeded brought."""

    items: int = 0
    """What the source holds."""
    published: int = 0
    """Articles that were new or edited."""
    asked_for: int | None = None
    """Seconds for which the source says that it stays the same."""
    moved_to: str | None = None
    """Its new address, when it moved for good."""
