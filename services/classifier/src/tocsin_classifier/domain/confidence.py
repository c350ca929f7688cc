"""How sure the classifier is: named features, weighed by a data file."""

import math
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from tocsin_classifier.domain.version import CLASSIFIER, VERSION
from tocsin_schemas.statement import Confidence
from tocsin_schemas.vocabulary import AlertType

MOST = 10.0
"""Log-odds; no single feature decides for certain."""


class Weights(BaseModel):
    """How one type of statement is scored: a logistic model over named features."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: float = Field(gt=0, lt=1)
    """The share of statements that are right when none of the features holds."""
    threshold: float = Field(ge=0, le=1)
    """A statement with a lower score is not sent."""
    weights: dict[str, Annotated[float, Field(ge=-MOST, le=MOST)]]
    """What each feature adds to the log-odds."""


@cache
def table() -> dict[AlertType, Weights]:
    """The weights of each type, from data/confidence.toml."""
    text = (files("tocsin_classifier") / "data" / "confidence.toml").read_text("utf-8")
    return {
        AlertType(name): Weights.model_validate(raw) for name, raw in tomllib.loads(text).items()
    }


def share(known: Weights, features: Iterable[str]) -> float:
    """The estimated share of statements with these features that are right; 0 to 1."""
    odds = math.log(known.base / (1 - known.base))
    odds += sum(known.weights.get(feature, 0.0) for feature in sorted(features))
    return 1 / (1 + math.exp(-odds))


def likelihood(alert_type: AlertType, features: Iterable[str]) -> float:
    """The share of statements of a type with these features that are right, as it is told."""
    return round(share(table()[alert_type], features), 4)


def score(alert_type: AlertType, features: Iterable[str]) -> Confidence:
    """The confidence of a statement with these features; unknown features weigh nothing."""
    return Confidence(
        score=likelihood(alert_type, features),
        threshold=table()[alert_type].threshold,
        classifier=CLASSIFIER,
        version=VERSION,
    )
