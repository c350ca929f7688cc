"""Pages in the manner of news sites: five languages, each in eleven layouts, made up throughout."""

import json
from dataclasses import dataclass

from support.news_words import WORDS, Words

URL = "https://news.example/2024/08/20/bridge"
AT = "2024-08-20T12:34:00+00:00"
"""When every page was published: 15:34 in Kyiv."""
LOCAL = "2024-08-20T15:34:00+03:00"


@dataclass(frozen=True)
class NewsPage:
    """One page."""

    name: str
    body: bytes
    words: Words
    content_type: str = "text/html; charset=utf-8"


def _paragraphs(words: Words, before: str = "<p>", after: str = "</p>") -> str:
    return "\n".join(f"{before}{text}{after}" for text in words.body)


def _links(words: Words, tag: str = "li") -> str:
    return "".join(f'<{tag}><a href="/r/{n}">{t}</a></{tag}>' for n, t in enumerate(words.related))


def _page(words: Words, inside: str, head: str = "") -> str:
    menu = "".join(f'<li><a href="/m/{n}">{t}</a></li>' for n, t in enumerate(words.menu))
    return (
        f'<!DOCTYPE html><html lang="{words.language}"><head><meta charset="utf-8">'
        f"<title>{words.title} | News</title>{head}</head><body>"
        f'<header><nav class="menu"><ul>{menu}</ul></nav></header>{inside}'
        f'<footer class="footer"><p>{words.imprint}</p></footer></body></html>'
    )


def _meta(name: str, content: str, kind: str = "property") -> str:
    return f'<meta {kind}="{name}" content="{content}">'


def _json_ld(**fields: object) -> str:
    told = json.dumps({"@context": "https://schema.org", **fields}, ensure_ascii=False)
    return f'<script type="application/ld+json">{told}</script>'


def _article(words: Words) -> str:
    return _page(
        words,
        f"<main><article><h1>{words.title}</h1>{_paragraphs(words)}</article></main>"
        f'<aside class="related"><h3>{words.more}</h3><ul>{_links(words)}</ul></aside>',
        _meta("article:published_time", LOCAL)
        + _meta("article:modified_time", "2024-08-21T09:00Z"),
    )


def _weblog(words: Words) -> str:
    share = "".join(f'<a class="share-{s}" href="#">{s}</a>' for s in ("Facebook", "Telegram"))
    return _page(
        words,
        f'<div id="content"><div class="post"><h1 class="entry-title">{words.title}</h1>'
        f'<time class="entry-date published" datetime="{LOCAL}">15:34</time>'
        f'<div class="entry-content">{_paragraphs(words)}'
        f'<div class="sharedaddy">{share}</div></div></div></div>'
        f'<div id="sidebar" class="sidebar widget-area"><ul>{_links(words)}</ul></div>',
    )


def _cookie_wall(words: Words) -> str:
    return _page(
        words,
        f'<div id="consent" class="cookie-consent" role="dialog"><p>{words.cookies}</p>'
        f"<button>OK</button></div><main><article><h1>{words.title}</h1>{_paragraphs(words)}"
        f'<div class="newsletter"><p>{words.newsletter}</p><form><input></form></div>'
        "</article></main>",
        _json_ld(
            **{"@type": "NewsArticle", "datePublished": LOCAL, "dateModified": "2024-08-22T01:00Z"}
        ),
    )


def _graph(words: Words) -> str:
    graph = [
        {"@type": "WebSite", "name": "News", "datePublished": "2010-01-01T00:00:00Z"},
        {"@type": ["Article", "NewsArticle"], "datePublished": LOCAL, "headline": words.title},
    ]
    return _page(
        words,
        f'<div itemscope class="story"><h1>{words.title}</h1>'
        f'<div itemprop="articleBody">{_paragraphs(words)}</div>'
        f'<div class="tags"><ul>{_links(words)}</ul></div></div>',
        _json_ld(**{"@graph": graph}),
    )


def _live_blog(words: Words) -> str:
    entries = "".join(
        f'<article id="e{n}"><time datetime="2024-08-20T1{n}:00:00+03:00">1{n}:00</time>'
        f"<p>{text}</p></article>"
        for n, text in enumerate(words.body)
    )
    return _page(
        words,
        f'<main><h1>{words.title}</h1><section class="live-blog">{entries}</section></main>',
        _json_ld(**{"@type": "LiveBlogPosting", "datePublished": LOCAL, "liveBlogUpdate": [
            {"@type": "BlogPosting", "datePublished": "2024-08-20T19:00:00+03:00"}]}),
    )  # fmt: skip


def _tables(words: Words) -> str:
    return _page(
        words,
        f'<table width="100%"><tr><td class="left"><ul>{_links(words)}</ul></td>'
        f'<td class="text"><h1>{words.title}</h1>{"<br><br>".join(words.body)}</td></tr></table>',
        _meta("pubdate", "2024-08-20 15:34", "name"),
    )


def _see_also(words: Words) -> str:
    first, *others = words.body
    inner = f'<p class="see-also"><a href="/r/1">{words.related[1]}</a></p>'.join(
        f"<p>{text}</p>" for text in others
    )
    return _page(
        words,
        f'<article class="article"><header><h1>{words.title}</h1><p class="byline">N. N.</p>'
        f"</header><p>{first}</p><figure><img src='/i.jpg'><figcaption>{words.caption}"
        "</figcaption></figure>"
        f'{inner}</article><section class="comments"><p>{words.comment}</p></section>',
        _meta("datePublished", LOCAL, "itemprop"),
    )


def _mobile(words: Words) -> str:
    return _page(
        words,
        f'<div class="amp-article"><h1>{words.title}</h1>'
        f'<div class="article-body">{_paragraphs(words)}</div>'
        f'<amp-list class="related-articles">{_links(words, "div")}</amp-list></div>',
        _meta("og:article:published_time", "2024-08-20T12:34:00.000Z")
        + '<link rel="canonical" href="https://news.example/2024/08/20/bridge">',
    )


def _side_times(words: Words) -> str:
    side = "".join(
        f'<li><time datetime="2024-08-2{n}T08:00:00Z">8:00</time><a href="/r/{n}">{t}</a></li>'
        for n, t in enumerate(words.related)
    )
    return _page(
        words,
        f'<aside class="ticker"><ul>{side}</ul></aside><main><article><h1>{words.title}</h1>'
        f'<p class="meta"><time datetime="{LOCAL}" itemprop="datePublished">15:34</time></p>'
        f"{_paragraphs(words)}</article></main>",
    )


def _hashed(words: Words) -> str:
    body = _paragraphs(words, '<div class="css-1x2y3z"><p class="css-9a8b7c">', "</p></div>")
    data = json.dumps({"props": {"page": {"menu": words.menu, "cookies": words.cookies}}})
    return _page(
        words,
        f'<div id="__next"><div class="css-0"><h1 class="css-1">{words.title}</h1>{body}</div>'
        f'<div class="css-2 recommendations"><ul>{_links(words)}</ul></div></div>'
        f'<script id="__NEXT_DATA__" type="application/json">{data}</script>',
        _meta("parsely-pub-date", "2024-08-20T12:34:00Z", "name"),
    )


def _quotes(words: Words) -> str:
    first, second, *others = words.body
    rest = "".join(f"<p>{text}</p>" for text in others)
    return _page(
        words,
        f'<article><h1>{words.title}</h1><div class="social share"><a href="#">Telegram</a></div>'
        f"<p>{first}</p><blockquote><p>{second}</p></blockquote>{rest}"
        f'<div class="subscribe-box"><p>{words.newsletter}</p></div></article>',
        _meta("DC.date.issued", LOCAL, "name"),
    )


_LAYOUTS = (
    _article, _weblog, _cookie_wall, _graph, _live_blog, _tables, _see_also, _mobile, _side_times,
    _hashed, _quotes,
)  # fmt: skip

_OLD_CHARSETS = {"uk": "cp1251", "ru": "cp1251", "de": "cp1252", "fr": "cp1252", "en": "cp1252"}


def _make(words: Words, number: int) -> NewsPage:
    layout = _LAYOUTS[number]
    name = f"{words.language} {layout.__name__.strip('_')}"
    text = layout(words)
    if layout is _tables:
        charset = _OLD_CHARSETS[words.language]
        return NewsPage(name, text.replace("utf-8", charset).encode(charset), words, "text/html")
    return NewsPage(name, text.encode(), words)


PAGES = tuple(_make(words, number) for words in WORDS for number in range(len(_LAYOUTS)))
"""All of them."""
