"""Articles that any good release classifies: they tell a bad release from a bad article."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

from tocsin_runtime.errors import FailureBudgetError
from tocsin_schemas.article import Article, ArticleSource
from tocsin_schemas.ids import article_id_from_text
from tocsin_schemas.statement import Statement
from tocsin_schemas.vocabulary import SourceKind

_TEXTS = {
    "de": "Drohnen fliegen auf die Oblast Sumy zu. Kiew kontrolliert nach eigenen Angaben "
    "100 Quadratkilometer der Oblast Kursk. Moskau lehnt Gespräche ab.",
    "en": "Drones are heading for Sumy Oblast. Kyiv says that it controls 100 square kilometres "
    "of Kursk Oblast. Moscow rejects talks.",
    "fr": "Des drones se dirigent vers l'oblast de Soumy. Kiev dit contrôler 100 kilomètres "
    "carrés de l'oblast de Koursk. Moscou rejette les pourparlers.",
    "ru": "Беспилотники летят в сторону Сумской области. Киев заявил, что контролирует "
    "100 квадратных километров Курской области. Москва отвергает переговоры.",
    "uk": "Безпілотники летять у напрямку Сумської області. Київ заявив, що контролює "
    "100 квадратних кілометрів Курської області. Москва відкидає переговори.",
}
_AT = datetime(2024, 8, 20, 12, 0, tzinfo=UTC)

CONTROL_SOURCE = "control"
"""The source id of the control articles."""


def control_articles() -> tuple[Article, ...]:
    """One article for each language; they are never published."""
    return tuple(
        Article(
            article_id=article_id_from_text(CONTROL_SOURCE, text),
            content_sha256=hashlib.sha256(text.encode()).hexdigest(),
            source=ArticleSource(id=CONTROL_SOURCE, kind=SourceKind.API, publisher="Tocsin"),
            text=text,
            language=language,
            published_at=_AT,
            received_at=_AT,
            dated_at=_AT,
        )
        for language, text in _TEXTS.items()
    )


def prove(classify: Callable[[Article], list[Statement]], failed: str) -> None:
    """Classify the control articles; this also loads all data, so that no article waits for it.

    Args:
        classify: the pure function.
        failed: what made us ask.

    Raises:
        FailureBudgetError: one of them fails too, so the release is at fault.

    """
    for article in control_articles():
        try:
            classify(article)
        except Exception as error:
            raise FailureBudgetError(
                f"the control article ({article.language}) fails too ({type(error).__name__}: "
                f"{error}), so the release is at fault, not the article: {failed}"
            ) from error
