"""W3C trace context: goes on with the caller's trace, or begins one."""

import re
import secrets

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")


def next_traceparent(given: str | None) -> str:
    """The `traceparent` of our hop.

    Args:
        given: the header of the caller; one that breaks the format counts as none.

    """
    match = _TRACEPARENT.fullmatch(given.strip()) if given else None
    if match and int(match[1], 16) and int(match[2], 16):
        return f"00-{match[1]}-{secrets.token_hex(8)}-{match[3]}"
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
