"""From bytes to text: what the bytes show wins over what is declared, which is often wrong."""

import codecs
import re

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
"""How a document begins that says its encoding by its first bytes."""

_HEAD_BYTES = 2048
_GUESS_BYTES = 64 * 1024
_IN_DOCUMENT = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})|<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_CHARSETS = re.compile(r"utf-8$|cp\d|koi8|iso8859|mac-|gb|big5|euc|shift_jis")
"""Python's codecs that are charsets of documents: not idna, zip, or what begins with a mark."""
_BROKEN = 0.02
"""A text that says it is UTF-8 may have so many characters broken, as those cut in two."""

_CANDIDATES = ["cp1251", "koi8_r", "koi8_u", "cp1252", "iso8859_5", "cp866", "mac_cyrillic"]
"""What the five languages are written in, where nothing is declared."""


def decode(body: bytes, content_type: str) -> str:
    """The text of a feed or a page; never fails, at worst characters are replaced.

    Args:
        body: as it came.
        content_type: the header; empty when there was none.

    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace").removeprefix("\ufeff")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = _declared(body, content_type)
    if ("utf-8" in declared or not declared) and (text := _mend(body)) is not None:
        return text
    for encoding in declared:
        if encoding != "utf-8":
            try:
                return body.decode(encoding)
            except UnicodeDecodeError:
                continue
    others = [encoding for encoding in declared if encoding != "utf-8"]
    return body.decode(_guess(body) if not others else others[0], "replace")


def _declared(body: bytes, content_type: str) -> list[str]:
    """What is declared: in the document before the header, which servers set for all files."""
    inside = _IN_DOCUMENT.search(body[:_HEAD_BYTES])
    header = _IN_HEADER.search(content_type)
    names = [(inside[1] or inside[2]).decode("ascii")] if inside else []
    names += [header[1]] if header else []
    return [known for name in names if (known := _known(name))]


def _known(name: str) -> str | None:
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if not _CHARSETS.match(info.name) and info.name != "ascii":
        return None
    # Latin-1 and ASCII are meant as Windows' superset of both, as browsers have it.
    return "cp1252" if info.name in ("iso8859-1", "ascii") else info.name


def _mend(body: bytes) -> str | None:
    text = body.decode("utf-8", "replace")
    beyond_ascii = sum(byte >= 0xC0 for byte in body[:_GUESS_BYTES])
    broken = text[:_GUESS_BYTES].count("\ufffd")
    return text if broken <= max(1, beyond_ascii * _BROKEN) else None


def _guess(body: bytes) -> str:
    found = from_bytes(body[:_GUESS_BYTES], cp_isolation=_CANDIDATES).best()
    return found.encoding if found else "cp1252"
