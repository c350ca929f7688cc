"""Text from outside inside XML: what XML 1.0 cannot carry is taken out before it is escaped."""

import re

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """The text without control characters, surrogates and the like; each becomes U+FFFD."""
    return _FORBIDDEN.sub("\ufffd", text)
