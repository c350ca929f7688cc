"""Plain text of a piece of HTML: paragraphs kept, markup and scripts gone."""

import re
from html import unescape

from inscriptis import get_text
from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.html_properties import Display
from inscriptis.model.config import ParserConfig
from inscriptis.model.html_element import HtmlElement

_MARKUP = re.compile(r"<[a-zA-Z/!]|&[#a-zA-Z0-9]+;")
_ESCAPED_TWICE = re.compile(
    r"</?(?:p|br|a|b|i|em|strong|div|span|img|ul|ol|li|h[1-6]|blockquote|figure)(?:\s[^<>]{0,2000})?/?>"
    r"|&(?:nbsp|amp|quot|laquo|raquo|lt|gt|mdash|ndash|#\d{2,6});",
    re.IGNORECASE,
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_MANY_BREAKS = re.compile(r"\n{3,}")
_TAG = re.compile(
    r"<(script|style|iframe|noscript)\b.{0,100000}?</\1\s*>|</?[a-zA-Z!][^<>]{0,2000}>",
    re.IGNORECASE | re.DOTALL,
)
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_HIDDEN = ("iframe", "noscript", "object", "video", "audio", "button", "select", "template", "svg")
_CONFIG = ParserConfig(
    css=STRICT_CSS_PROFILE | {tag: HtmlElement(display=Display.none) for tag in _HIDDEN},
    display_images=False,
    display_links=False,
)


def to_plain_text(given: str) -> str:
    """The text that a reader of the HTML sees; text without markup stays as it is.

    HTML that was escaped once too often is read as HTML too.
    """
    text = _read(given)
    # A text that had tags of its own and shows others speaks of HTML.
    return _read(text) if "<" not in given and _ESCAPED_TWICE.search(text) else text


def to_line(given: str) -> str:
    """A title: the same on one line."""
    return " ".join(to_plain_text(given).split())


def _read(given: str) -> str:
    given = _CDATA.sub("", _CONTROLS.sub(" ", given))
    if not _MARKUP.search(given):
        return given.replace("\xa0", " ").strip()
    # Wrapped, since a fragment that begins with text would lose it to the parser.
    text = get_text(f"<div>{given}</div>", _CONFIG)
    if not text.strip():
        # Too deep for the parser, or nothing but tags.
        text = unescape(_TAG.sub(" ", given))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return _MANY_BREAKS.sub("\n\n", "\n".join(lines)).strip()
