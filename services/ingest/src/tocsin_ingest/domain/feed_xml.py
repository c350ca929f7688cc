"""XML of feeds made well-formed: no entities of its own, no controls, nothing left half.

What is well-formed is read in a time that grows with its length; readers of broken markup take
hours for some megabytes of `<`.
"""

import html
import re
from collections.abc import Callable
from xml.parsers import expat

from lxml import etree

_PREFIXES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/DTDs/PodCast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
"""Namespaces by the prefix that feeds write, where they forget to declare it."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_DECLARATION = re.compile(r"<\?xml[\s?][^>]{0,1000}>", re.IGNORECASE)
_AMPERSAND = re.compile(r"&(?:#([0-9]{1,7}|[xX][0-9a-fA-F]{1,6});|([A-Za-z][A-Za-z0-9]{1,31});)?")
_HALVES = re.compile(
    r"&#(5[56]\d{3}|[xX][dD][89abAB][0-9a-fA-F]{2});&#(5[67]\d{3}|[xX][dD][c-fC-F][0-9a-fA-F]{2});"
)
"""A character beyond the first 65,536 as JavaScript counts: in two halves."""
_TEXT_TAG = re.compile(
    r"<(/?)(title|description|summary|content|content:encoded)(?:\s[^<>]{0,500}?)?(/?)>",
    re.IGNORECASE,
)
_PROLOGUE = (("<!--", "-->"), ("<?", "?>"))
_SPACES = re.compile(r"\s*")
_MAX_ENTRIES = 5000
"""Entries behind them are cut off: no reader wants them, and they take seconds."""
_PREDEFINED = frozenset(("amp", "lt", "gt", "quot", "apos"))
_ROOT = re.compile(r"<[A-Za-z_][\w.:-]{0,60}(?=[\s>])")
_ROOT_END = re.compile(r"</\s*(?:rss|feed|[\w.-]{1,20}:RDF|RDF|channel)\s*>", re.IGNORECASE)
_ENTRY = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ENTRY_END = re.compile(r"</(?:\w{1,20}:)?(?:item|entry)\s*>", re.IGNORECASE)
_PREFIX = re.compile(r"[<\s/]([A-Za-z_][\w.-]{0,60}):[A-Za-z_]")
_DECLARED = re.compile(r"\sxmlns:([A-Za-z_][\w.-]{0,60})\s*=")


def make_well_formed(text: str) -> bytes:
    """The feed in UTF-8, well-formed.

    An entry that is cut off in its middle is left out: half a sentence may say the contrary.

    Raises:
        ValueError: nothing of it can be read as XML; the message says where it breaks.

    """
    begin = _find_begin(text)
    text = _drop_doctype(_DECLARATION.sub("", _CONTROLS.sub(" ", text[begin:]), count=1))
    text = _declare_prefixes(_outside_cdata(_drop_half_entry(text), _mend_references))
    mended = text.encode()
    if _find_error(mended) is None:
        return mended
    mended = _wrap_markup(text).encode()
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    root = etree.fromstring(mended, parser) if mended.strip() else None
    if root is None:
        raise ValueError(_find_error(mended) or "no element")
    mended = _declare_prefixes(etree.tostring(root, encoding="unicode")).encode()
    if error := _find_error(mended):
        raise ValueError(error)
    return mended


def _find_begin(text: str) -> int:
    """Where the document begins: some servers write warnings or blank lines before it."""
    declared = text[:5000].find("<?xml")
    return max(declared, 0) if declared >= 0 else max(text.find("<"), 0)


def _drop_doctype(text: str) -> str:
    """Without a document type: entities of its own are how XML bombs are made."""
    begin = _skip_prologue(text)
    if text[begin : begin + 9].upper() != "<!DOCTYPE":
        return text
    end = text.find(">", begin)
    inner = text.find("[", begin, end if end >= 0 else len(text))
    if inner >= 0:
        close = text.find("]", inner)
        end = text.find(">", close) if close >= 0 else -1
    return text[:begin] + (text[end + 1 :] if end >= 0 else "")


def _skip_prologue(text: str) -> int:
    """Where comments, instructions and blanks before the root or the document type end."""
    at = 0
    while True:
        spaces = _SPACES.match(text, at)
        at = spaces.end() if spaces else at
        ending = next((end for begin, end in _PROLOGUE if text.startswith(begin, at)), None)
        end = text.find(ending, at) if ending else -1
        if ending is None or end < 0:
            return at
        at = end + len(ending)


def _drop_half_entry(text: str) -> str:
    for number, found in enumerate(_ENTRY.finditer(text)):
        if number == _MAX_ENTRIES:
            return text[: found.start()]
    if _ROOT_END.search(text, max(0, len(text) - 5000)):
        return text
    opened = max((found.start() for found in _ENTRY.finditer(text)), default=-1)
    ended = max((found.start() for found in _ENTRY_END.finditer(text)), default=-1)
    return text[:opened] if opened > ended else text


def _outside_cdata(text: str, change: Callable[[str], str]) -> str:
    first, *others = text.split("<![CDATA[")
    pieces = [change(first)]
    for other in others:
        inside, end, outside = other.partition("]]>")
        pieces.append(f"<![CDATA[{inside}]]>{change(outside) if end else ''}")
    return "".join(pieces)


def _wrap_markup(text: str) -> str:
    """HTML that stands unescaped in an element becomes its text, whether its tags end or not."""
    pieces, done, opened = list[str](), 0, None
    for tag in _TEXT_TAG.finditer(text):
        if opened is None:
            opened = tag if not tag[1] and tag[3] != "/" and "xhtml" not in tag[0] else None
        elif tag[1] and tag[2] == opened[2]:
            inside = text[opened.end() : tag.start()]
            if "<" in inside and "<![CDATA[" not in inside:
                wrapped = html.unescape(inside).replace("]]>", "]]&gt;")
                pieces += [text[done : opened.end()], f"<![CDATA[{wrapped}]]>"]
                done = tag.start()
            opened = None
    return "".join([*pieces, text[done:]])


def _mend_references(text: str) -> str:
    """References that XML does not know: HTML's names, lone ampersands, halves of characters."""
    return _AMPERSAND.sub(_mend_reference, _HALVES.sub(_join_halves, text))


def _join_halves(found: re.Match[str]) -> str:
    high, low = _code(found[1]), _code(found[2])
    if not (0xD800 <= high < 0xDC00 <= low < 0xE000):
        return found[0]
    return f"&#{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)};"


def _mend_reference(found: re.Match[str]) -> str:
    number, name = found[1], found[2]
    if name in _PREDEFINED:
        return found[0]
    if name is not None:
        return html.escape(html.unescape(found[0]))
    if number is not None:
        return f"&#{_code(number)};" if _is_character(_code(number)) else ""
    return "&amp;"


def _code(number: str) -> int:
    return int(number[1:], 16) if number[0] in "xX" else int(number)


def _is_character(code: int) -> bool:
    return (
        code in (9, 10, 13)
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or 0x10000 <= code <= 0x10FFFF
    )


def _declare_prefixes(text: str) -> str:
    used = set(_PREFIX.findall(text)) - set(_DECLARED.findall(text)) - {"xml", "xmlns"}
    root = _ROOT.search(text)
    if not used or not root:
        return text
    known = (f' xmlns:{one}="{_PREFIXES.get(one.lower(), "urn:x")}"' for one in sorted(used)[:200])
    return f"{text[: root.end()]}{''.join(known)}{text[root.end() :]}"


def _find_error(document: bytes) -> str | None:
    """Where the document is not well-formed, null when it is."""
    parser = expat.ParserCreate(namespace_separator=" ")
    try:
        parser.Parse(document, True)
    except expat.ExpatError as error:
        return str(error)
    return None
