"""How a statement is shared out: one detection for each place that can be compared on its own."""

from tocsin_classifier.domain.places import regions_of
from tocsin_schemas.article import Article
from tocsin_schemas.detection import Detection
from tocsin_schemas.ids import detection_id
from tocsin_schemas.place import Place
from tocsin_schemas.slots import ClaimSlots, StanceSlots, WarningSlots
from tocsin_schemas.statement import Statement
from tocsin_schemas.vocabulary import Level, Origin, SourceKind

SETTLEMENTS = (Level.CITY, Level.TOWN, Level.VILLAGE)
"""The levels of a place that can change hands as a whole."""

UNPLACED = "XX"
"""The scope of a claim or warning whose place has no code."""


def detections(statement: Statement, article: Article, fingerprint: str) -> list[Detection]:
    """The statement's shares, in the order in which the text names the places.

    A claim gives one for each settlement, else for each region, else one for the country; a
    warning one for each named area and for each region of a country meant as a whole; a stance
    one. Every share carries all of the statement's evidence.
    """
    shares = _shares(statement)
    whole = isinstance(statement.slots, WarningSlots) and any(
        place.level is Level.COUNTRY for place in statement.places
    )
    return [
        Detection(
            detection_id=detection_id(statement.statement_id, place),
            statement_id=statement.statement_id,
            incident_id=statement.statement_id if whole else None,
            scope=scope(statement.slots, place),
            article_id=article.article_id,
            revision=article.revision,
            revision_kind=article.revision_kind,
            mode=article.mode,
            origin=_origin(article),
            published_at=article.published_at,
            received_at=article.received_at,
            dated_at=article.dated_at,
            active_for=article.active_for,
            event_time=statement.event_time,
            publisher=article.source.publisher,
            url=article.source.url,
            language=article.language,
            fingerprint=fingerprint,
            place=place,
            slots=_slots_for(statement.slots, len(shares)),
            evidence=statement.evidence,
            confidence=statement.confidence,
        )
        for place in shares
    ]


def scope(slots: ClaimSlots | StanceSlots | WarningSlots, place: Place | None) -> str:
    """The Kafka key: the region's code, else the country's; `stance:<actor>` for a stance."""
    if isinstance(slots, StanceSlots):
        return f"stance:{slots.actor}"
    return place.code if place is not None and place.code else UNPLACED


def _shares(statement: Statement) -> list[Place | None]:
    if isinstance(statement.slots, StanceSlots):
        return [None]
    if isinstance(statement.slots, ClaimSlots):
        chosen = _claim_places(statement.places)
    else:
        chosen = [part for place in statement.places for part in _warning_places(place)]
    distinct = {detection_id(statement.statement_id, place): place for place in chosen}
    return list(distinct.values()) or [None]


def _claim_places(places: tuple[Place, ...]) -> list[Place]:
    settlements = [place for place in places if place.level in SETTLEMENTS]
    if settlements:
        return settlements
    smaller = [place for place in places if place.level is not Level.COUNTRY]
    return smaller or list(places[:1])


def _warning_places(place: Place) -> tuple[Place, ...]:
    if place.level is Level.COUNTRY and place.code == "UA":
        return regions_of("UA")
    return (place,)


def _slots_for(
    slots: ClaimSlots | StanceSlots | WarningSlots, shares: int
) -> ClaimSlots | StanceSlots | WarningSlots:
    # A number told for several places together belongs to none of them alone.
    if isinstance(slots, ClaimSlots) and shares > 1:
        return slots.model_copy(
            update={"area_km2": None, "area_qualifier": None, "settlements": None}
        )
    return slots


def _origin(article: Article) -> Origin:
    return Origin.OFFICIAL if article.source.kind is SourceKind.OFFICIAL else Origin.NEWS
