"""Detections with known answers for the notifier: one alarm for each number."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from factories import make_place, make_warning
from support.topics import publish
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.detection import Detection
from tocsin_schemas.topics import DETECTIONS
from tocsin_schemas.vocabulary import Level

REGIONS = ("UA-59", "UA-53", "UA-65", "UA-48", "UA-32", "UA-63", "UA-12", "UA-23")


def alarm(number: int, **changes: Any) -> Detection:
    """An alarm that is on now, in an area of its own."""
    code = REGIONS[number % len(REGIONS)]
    place = make_place(
        name=f"Raion {number}", canonical_name=f"Raion {number}", code=code, level=Level.RAION
    )
    return make_warning(place, name=number, **({"at": datetime.now(UTC)} | changes))


async def publish_detections(settings: KafkaSettings, detections: Iterable[Detection]) -> None:
    """Write detections as the classifier does."""
    await publish(settings, DETECTIONS, [(one.scope.encode(), one.to_json()) for one in detections])
