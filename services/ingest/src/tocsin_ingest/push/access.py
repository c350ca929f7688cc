"""Who may push: bearer tokens, known by their hashes, each with a rate of its own."""

import asyncio
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Self

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

TOKEN_PREFIX = "tocsin_"  # noqa: S105 - what every token begins with, so that leaks can be searched for
_TOKEN_BYTES = 32

SETTING = "TOCSIN_INGEST_TOKENS_FILE"


class Token(BaseModel):
    """One caller's token; the file holds its hash only."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    """Whose it is; shown in logs and metrics."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 of the token, in hexadecimal. A token of 256 random bits needs no slow hash."""
    articles_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] = 6000
    """How many articles it may push."""


class TokensFile(BaseModel):
    """The file that TOCSIN_INGEST_TOKENS_FILE names."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    tokens: tuple[Token, ...]
    """All tokens that are good; take one out to revoke it."""

    @model_validator(mode="after")
    def _check_unique(self) -> Self:
        names = [token.name for token in self.tokens]
        hashes = [token.sha256 for token in self.tokens]
        for field, values in (("name", names), ("sha256", hashes)):
            if doubled := {value for value in values if values.count(value) > 1}:
                raise ValueError(f"{field} {min(doubled)} stands there twice")
        return self


def create_token() -> tuple[str, str]:
    """A new token, and its hash for the file."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(_TOKEN_BYTES)
    return token, hash_token(token)


def hash_token(token: str) -> str:
    """The hash by which a token is known."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


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
