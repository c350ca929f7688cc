"""What a classifier is to the service: the rules, or whatever else reads articles."""

from typing import Protocol

from tocsin_schemas.article import Article
from tocsin_schemas.statement import Statement


class Classifier(Protocol):
    """Says what an article says; the rules (`domain.classify.classify`) are the default."""

    def __call__(self, article: Article, /) -> list[Statement]:
        """The article's statements, each with its words and its confidence."""
        ...
