"""Being a member of a consumer group: partitions come and go."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from aiokafka import ConsumerRebalanceListener, TopicPartition

_JOIN_SECONDS = 60.0


class Membership(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka is untyped
    """Tells the stream what it was given, and keeps what went wrong: aiokafka only logs it."""

    def __init__(
        self,
        begin: Callable[[Iterable[TopicPartition]], Awaitable[None]],
        leave: Callable[[], Awaitable[None]],
    ) -> None:
        """Not joined yet.

        Args:
            begin: called with the partitions after each assignment.
            leave: called before partitions are taken away.

        """
        self._begin = begin
        self._leave = leave
        self._joined = asyncio.Event()
        self._failure: Exception | None = None

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Begin to read them."""
        try:
            await self._begin(list(assigned))
        except Exception as error:  # noqa: BLE001 - raised again by `raise_failure`
            self._failure = error
        self._joined.set()

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Store what may be stored while they are still ours."""
        del revoked
        try:
            await self._leave()
        except Exception as error:  # noqa: BLE001 - raised again by `raise_failure`
            self._failure = error

    async def wait_until_joined(self) -> None:
        """Wait for the first assignment.

        Raises:
            TimeoutError: the group gave none in time.

        """
        async with asyncio.timeout(_JOIN_SECONDS):
            await self._joined.wait()
        self.raise_failure()

    def raise_failure(self) -> None:
        """Raise what went wrong in a callback, once."""
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
