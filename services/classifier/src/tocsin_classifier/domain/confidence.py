"""How sure the classifier is: named features, weighed by a data file."""

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from tocsin_classifier.domain.version import CLASSIFIER, VERSION
from tocsin_schemas.statement import Confidence
from tocsin_schemas.vocabulary import AlertType


class Weights(BaseModel):
    """How one type of statement is scored."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: float = Field(ge=0, le=1)
    threshold: float = Field(ge=0, le=1)
    weights: dict[str, float]


@cache
def table() -> dict[AlertType, Weights]:
    """The weights of each type, from data/confidence.toml."""
    text = (files("tocsin_classifier") / "data" / "confidence.toml").read_text("utf-8")
    return {
        AlertType(name): Weights.model_validate(raw) for name, raw in tomllib.loads(text).items()
    }


def score(alert_type: AlertType, features: Iterable[str]) -> Confidence:
    """The confidence of a statement with these features; unknown features weigh nothing."""
    known = table()[alert_type]
    total = known.base + sum(known.weights.get(feature, 0.0) for feature in features)
    return Confidence(
        score=round(min(1.0, max(0.0, total)), 4),
        threshold=known.threshold,
        classifier=CLASSIFIER,
        version=VERSION,
    )
