"""An article that any good release classifies: it tells a bad release from a bad article."""

import hashlib
from datetime import UTC, datetime

from tocsin_schemas.article import Article, ArticleSource
from tocsin_schemas.ids import article_id_from_text
from tocsin_schemas.vocabulary import SourceKind

_TEXT = (
    "Drones are heading for Sumy Oblast. Zelensky said that Ukraine controls 100 square "
    "kilometres of Kursk Oblast. Moscow rejects talks."
)
_AT = datetime(2024, 8, 20, 12, 0, tzinfo=UTC)


def control_article() -> Article:
    """The control article; it is never published."""
    return Article(
        article_id=article_id_from_text("control", _TEXT),
        content_sha256=hashlib.sha256(_TEXT.encode()).hexdigest(),
        source=ArticleSource(id="control", kind=SourceKind.API, publisher="Tocsin"),
        text=_TEXT,
        language="en",
        published_at=_AT,
        received_at=_AT,
        dated_at=_AT,
    )
