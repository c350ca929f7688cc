"""`tocsin classify`: a dry run of the classifier on documents, without a broker."""

import json
from collections.abc import Iterable

from tocsin_classifier.domain.classify import classify
from tocsin_classifier.domain.report import to_line
from tocsin_cli.articles import read_articles
from tocsin_cli.console import EXIT_FAILED, EXIT_OK, emit, open_console, say
from tocsin_cli.documents import BadDocument, Document
from tocsin_schemas.article import Article
from tocsin_schemas.statement import Statement


def run_classify(paths: Iterable[str], *, as_json: bool) -> int:
    """Classify every document and print its statements; bad documents are told and skipped.

    Returns:
        0, or 1 when a document was bad.

    """
    failed = False
    for found in read_articles(paths):
        if isinstance(found, BadDocument):
            say(f"error: {found}")
            failed = True
        else:
            _classify_one(*found, as_json=as_json)
    return EXIT_FAILED if failed else EXIT_OK


def _classify_one(document: Document, article: Article, *, as_json: bool) -> None:
    statements = classify(article)
    for statement in statements:
        if as_json:
            emit(json.dumps(to_line(document.id, statement), ensure_ascii=False))
        else:
            _show(document.id, statement)
    if not as_json and not statements:
        say(f"{document.where}: no statement")


def _show(name: str, statement: Statement) -> None:
    from tocsin_cli.panels import statement_panel

    open_console().print(statement_panel(name, statement))
