"""Bearer tokens of those who push: made here, known by their hashes."""

import hashlib
import secrets
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

TOKEN_PREFIX = "tocsin_"  # noqa: S105 - what every token begins with, so that leaks can be searched for
_TOKEN_BYTES = 32


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
