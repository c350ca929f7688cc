"""A detection that any good release takes: it tells a bad release from a bad record."""

from datetime import UTC, datetime

from tocsin_schemas import ids
from tocsin_schemas.detection import Detection
from tocsin_schemas.evidence import Evidence
from tocsin_schemas.place import Place
from tocsin_schemas.slots import WarningSlots
from tocsin_schemas.statement import Confidence
from tocsin_schemas.vocabulary import Level, Phase, Threat

_SENTENCE = "Drones are heading for Sumy Oblast."
_AT = datetime(2024, 8, 20, 12, 0, tzinfo=UTC)


def control_detection() -> Detection:
    """The control detection; it is never published."""
    article_id = ids.article_id_from_text("control", _SENTENCE)
    slots = WarningSlots(phase=Phase.ACTIVE, threats=(Threat.DRONE,))
    place = Place(
        name="Sumy Oblast", canonical_name="Sumy Oblast", code="UA-59", level=Level.REGION
    )
    evidence = Evidence(
        article_id=article_id,
        revision=1,
        start=0,
        end=len(_SENTENCE),
        quote=_SENTENCE,
        sentence=_SENTENCE,
        sentence_start=0,
        language="en",
    )
    statement = ids.statement_id(article_id, 1, slots, ids.first_span(evidence))
    return Detection(
        detection_id=ids.detection_id(statement, place),
        statement_id=statement,
        scope="UA-59",
        article_id=article_id,
        revision=1,
        published_at=_AT,
        received_at=_AT,
        dated_at=_AT,
        publisher="Tocsin",
        language="en",
        place=place,
        slots=slots,
        evidence=(evidence,),
        confidence=Confidence(score=1, threshold=0.5, classifier="control", version="1"),
    )
