"""Feeds whose texts and addresses are odd, and feeds that are broken."""

import gzip

from support.feed_forms import TEXT, Item, Shape, atom, atom_entry, entry, json_feed, rss

_DC = ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
_CONTENT = ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'

TEXTS = [
    Shape(
        "CDATA",
        rss(entry("<![CDATA[<p>The ferry</p> <p>runs &amp; runs.</p>]]>")).encode(),
        (Item("The ferry\n\nruns & runs."),),
    ),
    Shape("escaped HTML", rss(entry(f"&lt;p&gt;{TEXT}&lt;/p&gt;")).encode()),
    Shape("HTML escaped twice", rss(entry(f"&amp;lt;p&amp;gt;{TEXT}&amp;lt;/p&amp;gt;")).encode()),
    Shape("CDATA that holds CDATA", rss(entry(f"&lt;![CDATA[{TEXT}]]&gt;")).encode()),
    Shape("HTML that is not escaped", rss(entry(f"<p>{TEXT}<br></p>")).encode()),
    Shape(
        "HTML's entities",
        rss(entry("Le caf&eacute;&nbsp;&laquo;ouvre&raquo; &#8212; d&#x27;ici")).encode(),
        (Item("Le café «ouvre» — d'ici"),),
    ),
    Shape(
        "lone ampersands",
        rss(entry("Bread & butter &co; AT&T")).encode(),
        (Item("Bread & butter &co; AT&T"),),
    ),
    Shape(
        "halves of characters",
        rss(entry("&#55357;&#56628; Alarm &#55357;")).encode(),
        (Item("🔴 Alarm"),),
    ),
    Shape(
        "control characters",
        rss(entry("The fer\x0bry &#x1f;runs\x00 now.")).encode(),
        (Item("The fer ry runs  now."),),
    ),
    Shape(
        "scripts and pictures",
        rss(
            entry(
                f"<![CDATA[<script>steal()</script><img src=x alt=Boat>{TEXT}<iframe>no</iframe>]]>"
            )
        ).encode(),
    ),
    Shape(
        "content:encoded",
        rss(
            entry(
                "A teaser ...", more=f"<content:encoded><![CDATA[<p>{TEXT}</p>]]></content:encoded>"
            ),
            names=_CONTENT,
        ).encode(),
    ),
    Shape(
        "content:encoded that nobody declared",
        rss(
            entry(
                "A teaser ...", more=f"<content:encoded><![CDATA[<p>{TEXT}</p>]]></content:encoded>"
            )
        ).encode(),
    ),
    Shape(
        "content:encoded that is empty",
        rss(entry(more="<content:encoded/>"), names=_CONTENT).encode(),
    ),
    Shape(
        "dc:date", rss(entry(date="<dc:date>2024-08-20T12:00:00Z</dc:date>"), names=_DC).encode()
    ),
    Shape(
        "media:description",
        rss(
            entry(
                "", more=f"<media:group><media:description>{TEXT}</media:description></media:group>"
            ),
            names=' xmlns:media="http://search.yahoo.com/mrss/"',
        ).encode(),
    ),
    Shape(
        "a title alone",
        rss(entry("", title="The ferry &lt;b&gt;sank&lt;/b&gt;")).encode(),
        (Item("The ferry sank", "The ferry sank"),),
    ),
    Shape("no title", rss(entry(title="")).encode(), (Item(title=""),)),
    Shape("an empty item", rss("<item/>", "<item></item>", entry()).encode(), skipped=2),
    Shape("no items", rss().encode(), ()),
    Shape(
        "3,000 items",
        rss(*(entry(link=f"<link>/{n}</link>") for n in range(3000))).encode(),
        tuple(Item(url=f"https://news.example/{n}") for n in range(1000)),
        skipped=2000,
    ),
    Shape(
        "a long text", rss(entry("word " * 200_000)).encode(), (Item(("word " * 200_000).strip()),)
    ),
]

LINKS = [
    Shape("a relative link", rss(entry(link="<link>/a</link>")).encode()),
    Shape("a link relative to the feed", rss(entry(link="<link>../a</link>")).encode()),
    Shape("a link without a scheme", rss(entry(link="<link>//news.example/a</link>")).encode()),
    Shape(
        "xml:base",
        atom(atom_entry(f"<summary>{TEXT}</summary>"))
        .replace("<feed ", '<feed xml:base="https://news.example/" ')
        .replace('href="https://news.example/a"', 'href="a"')
        .encode(),
    ),
    Shape(
        "a link between line ends",
        rss(entry(link="<link>\n  https://news.example/a\n</link>")).encode(),
    ),
    Shape(
        "a link in CDATA",
        rss(entry(link="<link><![CDATA[https://news.example/a?x=1&y=2]]></link>")).encode(),
        (Item(url="https://news.example/a?x=1&y=2"),),
    ),
    Shape(
        "a link with lone ampersands",
        rss(entry(link="<link>https://news.example/a?x=1&y=2</link>")).encode(),
        (Item(url="https://news.example/a?x=1&y=2"),),
    ),
    Shape("a guid as the link", rss(entry(link="<guid>https://news.example/a</guid>")).encode()),
    Shape(
        "a guid that is no link",
        rss(entry(link='<guid isPermaLink="false">7</guid>')).encode(),
        (Item(url=None, guid="7"),),
    ),
    Shape("neither guid nor link", rss(entry(link="")).encode(), (Item(url=None),)),
    Shape(
        "a link of another scheme",
        rss(entry(link="<link>javascript:alert(1)</link>")).encode(),
        (Item(url=None),),
    ),
    Shape(
        "a link that is none",
        rss(entry(link="<link>http://[broken</link>")).encode(),
        (Item(url=None),),
    ),
    Shape(
        "links to the feed's own page",
        rss(entry(link="<link>https://news.example</link><guid>7</guid>")).encode(),
        (Item(url=None, guid="7"),),
    ),
    Shape(
        "a link through a counter",
        rss(
            entry(
                link="<link>https://counter.example/1</link>",
                more="<feedburner:origLink>https://news.example/a</feedburner:origLink>",
            )
        ).encode(),
    ),
    Shape(
        "a guid that comes twice",
        rss(entry(link="<guid>7</guid>", text="Newer."), entry(link="<guid>7</guid>")).encode(),
        (Item("Newer.", url=None, guid="7"),),
        skipped=1,
    ),
    Shape(
        "one link under two guids",
        rss(entry(more="<guid>1</guid>"), entry(more="<guid>2</guid>")).encode(),
        (Item(guid="1"), Item(guid="2")),
    ),
]

_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))

BROKEN = [
    Shape(
        "an entity bomb",
        rss(
            entry("&l9;"), head=f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "ha">{_LAUGHS}]>'
        ).encode(),
        (Item("&l9;"),),
    ),
    Shape(
        "a file's entity",
        rss(
            entry("&x; runs."), head='<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        ).encode(),
        (Item("&x; runs."),),
    ),
    Shape("cut off inside an item", rss(entry(), entry(TEXT * 9)).encode()[:-120]),
    Shape("cut off inside CDATA", rss(entry(), entry(f"<![CDATA[{TEXT}")).encode()[:-150]),
    Shape("a tag that does not end", rss(entry(f"{TEXT}<b>")).encode()),
    Shape("something before it", b"<br />\nWarning: mysql in line 7\n\n" + rss(entry()).encode()),
    Shape("something behind it", rss(entry()).encode() + b"<!-- 0.2 s --><script>1</script>\n"),
    Shape(
        "a style sheet and comments",
        b"<?xml version='1.0'?><?xml-stylesheet href='x'?><!-- <item> -->"
        + rss(entry(), head="").encode(),
    ),
    Shape("served as HTML", rss(entry()).encode(), content_type="text/html; charset=utf-8"),
    Shape(
        "served as a stream of bytes",
        rss(entry()).encode(),
        content_type="application/octet-stream",
    ),
    Shape(
        "a web page", b"<!DOCTYPE html><html><body><item>x</item></body></html>", (), "a web page"
    ),
    Shape(
        "a challenge", b"\n<html><head><title>One moment</title></head></html>", (), "a web page"
    ),
    Shape("nothing", b" \n", (), "empty"),
    Shape("words", b"The feed has moved.", (), "no feed"),
    Shape("bytes", bytes(range(256)) * 20, (), "no feed"),
    Shape("an archive", gzip.compress(rss(entry()).encode()), (), "no feed"),
    Shape(
        "other XML",
        b"<?xml version='1.0'?><urlset><url><loc>x</loc></url></urlset>",
        (),
        "of another kind",
    ),
    Shape("other JSON", b'{"status": "error"}', (), "no JSON Feed"),
    Shape("a list in JSON", b"[1, 2]", (), "no feed"),
    Shape("JSON that is cut off", json_feed({"id": 1})[:-4], (), "no JSON"),
    Shape("JSON without items", json_feed().replace(b"[]", b"{}"), (), "without a list"),
    Shape("deep JSON", b'{"version":' + b"[" * 200_000, (), "no JSON"),
    Shape("megabytes of open tags", b"<a" * 500_000, (), "no feed"),
    Shape("megabytes of markup", rss(entry("&lt;div&gt;" * 100_000 + TEXT)).encode()),
]
