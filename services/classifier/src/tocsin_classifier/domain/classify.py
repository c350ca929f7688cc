"""The way of an article: from its text to what it says."""

from tocsin_schemas.article import Article
from tocsin_schemas.statement import Statement


def classify(article: Article) -> list[Statement]:
    """What the article says, one statement for each distinct thing; never raises."""
    return []
