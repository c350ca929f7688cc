"""Who may push: bearer tokens, known by their hashes, each with a rate of its own."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from tocsin_ingest.domain.tokens import Token, hash_token

SETTING = "TOCSIN_INGEST_TOKENS_FILE"


class UnauthorizedError(Exception):
    """The request carries no token that is good."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request."""

    name: str
    articles_per_minute: int | None
    """Null where no tokens are asked for: nobody is limited then."""


ANYBODY = Caller("anybody", None)


class Access:
    """Knows callers by their tokens, and how much each has pushed in the last minute."""

    def __init__(self, tokens: Sequence[Token] | None) -> None:
        """Null tokens mean that none is asked for."""
        self._callers = (
            None
            if tokens is None
            else {token.sha256: Caller(token.name, token.articles_per_minute) for token in tokens}
        )
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def identify(self, authorization: str | None) -> Caller:
        """Who sends a request.

        Args:
            authorization: the header of that name.

        Raises:
            UnauthorizedError: no token, or none that is good; the message never holds it.

        """
        if self._callers is None:
            return ANYBODY
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise UnauthorizedError("send 'Authorization: Bearer TOKEN' with a token of yours")
        caller = self._callers.get(hash_token(token.strip()))
        if caller is None:
            raise UnauthorizedError("the token is not known here; ask the operator for a new one")
        return caller

    async def wait_for(self, caller: Caller, articles: int) -> None:
        """Wait until articles may come, at most a whole minute's rate of them."""
        while wait := await self.admit(caller, articles):  # noqa: ASYNC110 - time alone makes room
            await asyncio.sleep(wait)

    async def admit(self, caller: Caller, articles: int) -> float | None:
        """Count articles against the caller's rate.

        Returns:
            Null when they may come; else the seconds to wait, counting nothing. More articles
            than a whole minute's rate never may.

        """
        if caller.articles_per_minute is None or articles == 0:
            return None
        item = RateLimitItemPerMinute(caller.articles_per_minute)
        if await self._limiter.hit(item, caller.name, cost=articles):
            return None
        # A sliding window frees its room little by little; a caller need not wait for all of it.
        return max(1.0, 60 * min(1.0, articles / caller.articles_per_minute))
