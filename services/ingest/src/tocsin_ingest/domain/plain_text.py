"""Plain text of a piece of HTML: paragraphs kept, markup and scripts gone."""

import re

from inscriptis import get_text
from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.model.config import ParserConfig

_MARKUP = re.compile(r"<[a-zA-Z/!]|&[#a-zA-Z0-9]+;")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MANY_BREAKS = re.compile(r"\n{3,}")
_CONFIG = ParserConfig(css=STRICT_CSS_PROFILE, display_images=False, display_links=False)


def to_plain_text(given: str) -> str:
    """The text that a reader of the HTML sees; text without markup stays as it is."""
    if not _MARKUP.search(given):
        return given.strip()
    # Wrapped, since a fragment that begins with text would lose it to the parser; XML's control
    # characters are no characters of a document.
    text = get_text(f"<div>{_CONTROLS.sub(' ', given)}</div>", _CONFIG)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return _MANY_BREAKS.sub("\n\n", "\n".join(lines)).strip()


def to_line(given: str) -> str:
    """A title: the same on one line."""
    return " ".join(to_plain_text(given).split())
