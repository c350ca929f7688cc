"""Clean text: NFC without control characters. Offsets of evidence count what comes out here."""

import re
import unicodedata

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BYTE_ORDER_MARK = "\ufeff"


def clean_text(text: str) -> str:
    """The text as it is stored.

    Composed (NFC); control characters become a space each, so that words stay apart; tabs and
    line ends stay as they are; leading byte order marks go.
    """
    return _CONTROLS.sub(" ", unicodedata.normalize("NFC", text.lstrip(_BYTE_ORDER_MARK)))


def clean_line(text: str) -> str:
    """A title or a name as it is stored: clean, on one line, without spaces around it."""
    return " ".join(clean_text(text).split())
