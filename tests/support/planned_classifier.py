"""A classifier process with a planned `classify`: its answer follows from the article's text alone.

    python -m support.planned_classifier [--always-raise]

FAIL in a text raises, SLOW takes for ever; any other text is one alarm in Sumy Oblast for an area
of the article's own, so that each article leads to one alert.
"""

import argparse
import sys

from tocsin_classifier.bootstrap import create_service
from tocsin_classifier.control import CONTROL_SOURCE
from tocsin_classifier.settings import ClassifierSettings
from tocsin_runtime.process import launch
from tocsin_schemas import ids
from tocsin_schemas.article import Article
from tocsin_schemas.evidence import Evidence
from tocsin_schemas.place import Place
from tocsin_schemas.slots import WarningSlots
from tocsin_schemas.statement import Confidence, Statement
from tocsin_schemas.vocabulary import Level, Phase


class PlannedError(Exception):
    """Raised on purpose."""


def classify(article: Article) -> list[Statement]:
    """The plan for an article."""
    if "FAIL" in article.text:
        raise PlannedError("planned")
    while "SLOW" in article.text:
        pass
    slots = WarningSlots(phase=Phase.ACTIVE)
    evidence = Evidence(
        article_id=article.article_id,
        revision=article.revision,
        start=0,
        end=len(article.text),
        quote=article.text,
        sentence=article.text,
        sentence_start=0,
        language=article.language,
    )
    area = f"Area {article.article_id}"
    return [
        Statement(
            statement_id=ids.statement_id(
                article.article_id, article.revision, slots, ids.first_span(evidence)
            ),
            article_id=article.article_id,
            revision=article.revision,
            slots=slots,
            places=(Place(name=area, canonical_name=area, code="UA-59", level=Level.AREA),),
            evidence=(evidence,),
            confidence=Confidence(score=1, threshold=0.5, classifier="planned", version="1"),
        )
    ]


class BadRelease:
    """Passes its control at the start, and raises on everything once an article has come."""

    def __init__(self) -> None:
        self._begun = False

    def classify(self, article: Article) -> list[Statement]:
        """Raise, but for the start."""
        self._begun |= article.source.id != CONTROL_SOURCE
        if self._begun:
            raise PlannedError("a bad release")
        return []


def main() -> None:
    """Run the process."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--always-raise", action="store_true")
    plan = BadRelease().classify if parser.parse_args().always_raise else classify
    sys.exit(launch(ClassifierSettings, lambda settings: create_service(settings, plan)))


if __name__ == "__main__":
    main()
