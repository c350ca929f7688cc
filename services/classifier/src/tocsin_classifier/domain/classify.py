"""The way of an article: from its text to what it says."""

from tocsin_classifier.domain.claims import claims
from tocsin_classifier.domain.lexicon import LANGUAGES
from tocsin_classifier.domain.merging import merge
from tocsin_classifier.domain.scan import read
from tocsin_classifier.domain.stances import stances
from tocsin_classifier.domain.warnings import warnings
from tocsin_schemas.article import Article
from tocsin_schemas.statement import Statement


def classify(article: Article) -> list[Statement]:
    """What the article says and is sure enough of, one statement for each distinct thing."""
    return [s for s in weigh(article) if s.confidence.score >= s.confidence.threshold]


def weigh(article: Article) -> list[Statement]:
    """Every statement found, those under the threshold too."""
    reading = read(article) if article.language in LANGUAGES else None
    if reading is None:
        return []
    drafts = [*claims(reading), *stances(reading), *warnings(reading)]
    return merge(article, drafts)
