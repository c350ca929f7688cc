"""Tokens: who is let in, who is not, and how much each may push."""

import pytest
from pydantic import ValidationError

from tocsin_ingest.domain.tokens import Token, TokensFile, create_token
from tocsin_ingest.push.access import ANYBODY, Access, Caller, UnauthorizedError


def desk(per_minute: int = 10) -> tuple[str, Token]:
    token, digest = create_token()
    return token, Token(name="desk", sha256=digest, articles_per_minute=per_minute)


def test_a_caller_is_known_by_the_token() -> None:
    """The scheme's letters may be of any case."""
    token, entry = desk()
    assert Access([entry]).identify(f"bearer {token}") == Caller("desk", 10)


@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer ", "Basic x", "Bearer wrong", "\xff"]
)
def test_others_are_refused_and_their_token_is_not_told(given: str | None) -> None:
    """What was sent never stands in the message."""
    _, entry = desk()
    with pytest.raises(UnauthorizedError) as caught:
        Access([entry]).identify(given)
    assert "wrong" not in str(caught.value)


def test_without_a_file_anybody_may_push() -> None:
    """And is not limited."""
    assert Access(None).identify(None) is ANYBODY


async def test_each_token_has_a_rate_of_its_own() -> None:
    """What is over it waits; what is more than a minute's rate never comes."""
    _, entry = desk()
    access = Access([entry])
    caller, other = Caller("desk", 10), Caller("other", 10)
    assert await access.admit(caller, 8) is None
    wait = await access.admit(caller, 3)
    assert wait is not None
    assert 1 <= wait <= 60
    assert await access.admit(caller, 2) is None
    assert await access.admit(other, 10) is None
    assert await access.admit(other, 11) is not None


def test_a_name_or_a_hash_stands_once() -> None:
    """Else nobody knew whose a token is."""
    _, entry = desk()
    with pytest.raises(ValidationError, match="desk stands there twice"):
        TokensFile(tokens=(entry, entry))
