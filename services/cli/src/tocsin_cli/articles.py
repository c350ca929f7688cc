"""A document as ingest takes it, and as the article that ingest would make of it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache

from tocsin_cli.documents import BadDocument, Document, read_documents
from tocsin_ingest.domain.article import Defaults, RawArticle, make_article, read_raw
from tocsin_ingest.domain.language import Identify
from tocsin_ingest.domain.refusal import RefusedError
from tocsin_schemas.article import Article


def read_articles(paths: Iterable[str]) -> Iterator[tuple[Document, Article] | BadDocument]:
    """Every document of the paths with the article that ingest would make of it now, in order.

    Yields:
        The two, or why there is no such article.

    """
    now = datetime.now(UTC)
    for document in read_documents(paths):
        if isinstance(document, BadDocument):
            yield document
            continue
        article = to_article(document, now)
        yield article if isinstance(article, BadDocument) else (document, article)


def to_raw(document: Document) -> RawArticle | BadDocument:
    """What is posted for a document, or why nothing can be."""
    try:
        return read_raw(
            {
                "id": document.caller_id,
                "url": document.url,
                "title": document.title,
                "text": document.text,
                "published_at": document.published_at,
                "language": document.language,
                "publisher": document.publisher,
                "source": {"id": document.source_id, "kind": document.source_kind},
            }
        )
    except RefusedError as error:
        return _bad(document, error)


def to_article(document: Document, received_at: datetime) -> Article | BadDocument:
    """The article that ingest would make of a document, or why it would make none."""
    raw = to_raw(document)
    if isinstance(raw, BadDocument):
        return raw
    try:
        return make_article(
            raw, received_at=received_at, language_of=_identify, defaults=Defaults()
        )
    except RefusedError as error:
        return _bad(document, error)


def _bad(document: Document, error: RefusedError) -> BadDocument:
    first = error.refusals[0]
    return BadDocument(document.where, first.field, first.reason)


def _identify(text: str) -> Sequence[tuple[str, float]]:
    return _identifier()(text)


@cache
def _identifier() -> Identify:
    # A heavy model: loaded only when a document names no language.
    from tocsin_ingest.identifier import load_identifier

    return load_identifier()
