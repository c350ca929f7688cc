"""Notices a second process with the same instance id: Kafka lets both take turns for ever."""

from collections import deque

from tocsin_runtime.errors import DuplicateInstanceError


class AssignmentWatch:
    """Counts assignments; a storm of them means that two members share one instance id.

    Two static members with one id were seen to take the partitions from each other every two
    seconds without any exception.
    """

    def __init__(self, instance_id: str, *, limit: int = 8, window_seconds: float = 30) -> None:
        self._instance_id = instance_id
        self._limit = limit
        self._window_seconds = window_seconds
        self._times: deque[float] = deque(maxlen=limit)

    def note(self, now_seconds: float) -> None:
        """Count an assignment.

        Args:
            now_seconds: monotonic time.

        Raises:
            DuplicateInstanceError: there were too many in the window.

        """
        self._times.append(now_seconds)
        if len(self._times) == self._limit and now_seconds - self._times[0] < self._window_seconds:
            raise DuplicateInstanceError(
                f"{self._limit} assignments within {self._window_seconds:.0f} s: another member "
                f"uses the instance id {self._instance_id!r}; give each replica its own "
                "TOCSIN_INSTANCE_ID"
            )
