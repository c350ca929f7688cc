"""Feeds of every format, with times and charsets as they are met in the wild."""

from support.feed_flaws import BROKEN, LINKS, TEXTS
from support.feed_forms import (
    CYRILLIC,
    DATE,
    FRENCH,
    KYIV,
    NOON,
    PARIS,
    TEXT,
    Item,
    Shape,
    atom,
    atom_entry,
    dated,
    entry,
    in_charset,
    json_feed,
    rss,
)

DATES = [
    dated("of RFC 822", DATE, NOON),
    dated("of RFC 822 in numbers at Greenwich", "Tue, 20 Aug 2024 12:00:00 +0000", NOON),
    dated("of RFC 822 that knows no zone", "Tue, 20 Aug 2024 12:00:00 -0000", NOON),
    dated("half an hour east", "Tue, 20 Aug 2024 12:30:00 +0030", NOON),
    dated("with a year of two digits", "Tue, 20 Aug 24 12:00:00 GMT", NOON),
    dated("without a weekday", "20 Aug 2024 12:00 UT", NOON),
    dated("with a named zone", "Tue, 20 Aug 2024 15:00:00 EEST", NOON),
    dated("of a zone that means many", "Tue, 20 Aug 2024 15:00:00 IST", None),
    dated("without a zone", "20 Aug 2024 15:00:00", NOON),
    dated("of ISO 8601", "2024-08-20T12:00:00Z", NOON),
    dated("of SQL", "2024-08-20 15:00:00", NOON),
    dated("of a script", "Tue Aug 20 2024 15:00:00 GMT+0300 (Eastern European Summer Time)", NOON),
    dated("in German", "Di, 20 August 2024 15:00:00 +0300", NOON),
    dated("in French", "mar., 20 août 2024 14:00:00 +0200", NOON),
    dated("in Ukrainian", "Вт, 20 серп 2024 15:00:00 +0300", NOON),
    dated("in Russian", "20 августа 2024 г. 15:00", NOON),
    dated("between dots", "20.08.2024 15:00", NOON),
    dated("in numbers that mean two days", "08/09/2024 15:00", None),
    dated("without a clock", "20 Aug 2024", None),
    dated("without a year", "20 Aug 15:00", None),
    dated("of no calendar", "Tue, 32 Aug 2024 25:00:00 +0300", None),
    dated("that is none", "yesterday at noon", None),
    dated("of a machine's year 1", "Mon, 01 Jan 0001 00:00:00 GMT", None),
    dated("that is empty", "", None),
]

CHARSETS = [
    Shape("UTF-8 with a mark", b"\xef\xbb\xbf" + in_charset("utf-8", "utf-8"), CYRILLIC),
    Shape("UTF-16 with a mark", in_charset("utf-16", "utf-16"), CYRILLIC),
    Shape("UTF-16 without a mark", in_charset("utf-16-le", "utf-16"), CYRILLIC),
    Shape("windows-1251 declared", in_charset("cp1251", "windows-1251"), (Item(KYIV),)),
    Shape("KOI8-U declared", in_charset("koi8-u", "KOI8-U", "Київ їде."), (Item("Київ їде."),)),
    Shape("UTF-8 declared as windows-1251", in_charset("utf-8", "windows-1251"), CYRILLIC),
    Shape("windows-1251 declared as UTF-8", in_charset("cp1251", "utf-8"), CYRILLIC),
    Shape("windows-1251 declared nowhere", in_charset("cp1251", None), CYRILLIC),
    Shape(
        "windows-1251, and the header says Latin-1",
        in_charset("cp1251", "windows-1251"),
        CYRILLIC,
        content_type="text/xml; charset=ISO-8859-1",
    ),
    Shape(
        "windows-1251 in the header alone",
        in_charset("cp1251", None),
        CYRILLIC,
        content_type="application/rss+xml; charset=windows-1251",
    ),
    Shape("windows-1252 declared as Latin-1", in_charset("cp1252", "iso-8859-1", PARIS), FRENCH),
    Shape("Latin-1 declared as UTF-8", in_charset("cp1252", "utf-8", PARIS), FRENCH),
    Shape("a charset that nobody knows", in_charset("utf-8", "x-klingon"), CYRILLIC),
    Shape(
        "a character cut in two",
        in_charset("utf-8", "utf-8", f"{KYIV} …").replace("…".encode(), b"\xd0"),
        (Item(f"{KYIV} \ufffd"),),
    ),
]

_RDF = (
    '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="{name}">{head}'
    '<item rdf:about="https://news.example/a"><title>Ferry</title>'
    "<link>https://news.example/a</link>"
    f"<description>{TEXT}</description><dc:date>2024-08-20T15:00:00+03:00</dc:date></item></rdf:RDF>"
)

FORMATS = [
    Shape("RSS 2.0", rss(entry()).encode()),
    Shape(
        "RSS 0.91 with a document type",
        rss(
            entry(),
            head='<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS '
            '0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">',
        )
        .replace("2.0", "0.91")
        .encode(),
    ),
    Shape("RSS 0.92", rss(entry()).replace("2.0", "0.92").encode()),
    Shape("RSS 0.90", _RDF.format(name="http://my.netscape.com/rdf/simple/0.9/", head="").encode()),
    Shape(
        "RSS 1.0",
        _RDF.format(
            name="http://purl.org/rss/1.0/",
            head='<channel rdf:about="x"><title>Desk</title><items><rdf:Seq>'
            '<rdf:li rdf:resource="https://news.example/a"/></rdf:Seq></items></channel>',
        ).encode(),
    ),
    Shape(
        "RSS in capitals", rss(entry()).replace("<rss", "<RSS").replace("</rss", "</RSS").encode()
    ),
    Shape("Atom 1.0 text", atom(atom_entry(f"<content>{TEXT}</content>")).encode()),
    Shape(
        "Atom 1.0 HTML",
        atom(atom_entry(f'<content type="html">&lt;p&gt;{TEXT}&lt;/p&gt;</content>')).encode(),
    ),
    Shape(
        "Atom 1.0 XHTML",
        atom(
            atom_entry(
                '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>The <b>ferry'
                "</b> runs again from Monday.</p></div></content>"
            )
        ).encode(),
    ),
    Shape(
        "Atom 1.0 with an edit",
        atom(
            atom_entry(
                f"<summary>{TEXT}</summary>",
                dates=f"<updated>2024-08-21T00:00:00Z</updated><published>{NOON}</published>",
            )
        ).encode(),
    ),
    Shape(
        "Atom 0.3",
        atom(
            atom_entry(
                f'<content type="text/html" mode="escaped">&lt;p&gt;{TEXT}&lt;/p&gt;</content>',
                dates=f"<modified>{NOON}</modified><issued>{NOON}</issued>",
            ),
            version='version="0.3" xmlns="http://purl.org/atom/ns#"',
        ).encode(),
    ),
    Shape(
        "Atom with a prefix",
        (
            '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>Ferry</a:title>'
            f'<a:link rel="self" href="/self"/><a:link href="https://news.example/a"/>'
            f"<a:published>{NOON}</a:published><a:summary>{TEXT}</a:summary></a:entry></a:feed>"
        ).encode(),
    ),
    Shape(
        "JSON Feed 1.0",
        json_feed(
            {
                "id": 1,
                "url": "https://news.example/a",
                "title": "Ferry",
                "content_text": TEXT,
                "date_published": NOON,
            },
            version="https://jsonfeed.org/version/1",
        ),
    ),
    Shape(
        "JSON Feed 1.1",
        b"\xef\xbb\xbf"
        + json_feed(
            {
                "id": "a",
                "url": "/a",
                "title": "Ferry",
                "content_html": f"<p>{TEXT}</p>",
                "date_published": NOON,
            },
            {"id": "b", "title": None, "content_text": 7, "url": ["x"]},
            "no object",
            None,
        ),
        skipped=3,
    ),
]

SHAPES = (*FORMATS, *DATES, *CHARSETS, *TEXTS, *LINKS, *BROKEN)
"""All of them."""
