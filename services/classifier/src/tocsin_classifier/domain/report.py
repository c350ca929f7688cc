"""A statement as one line of what `tocsin classify --json` prints."""

from typing import Any

from tocsin_schemas.place import Place
from tocsin_schemas.slots import ClaimSlots, StanceSlots, WarningSlots
from tocsin_schemas.statement import Statement


def to_line(input_id: str, statement: Statement) -> dict[str, Any]:
    """The statement as a JSON object, named by the input line's id or the file's name."""
    return {
        "input_id": input_id,
        "alert_type": str(statement.alert_type),
        "evidence": [
            {"start": e.start, "end": e.end, "quote": e.quote, "role": str(e.role)}
            for e in statement.evidence
        ],
        "confidence": statement.confidence.score,
        "regions": regions(statement.places),
        **_slots(statement.slots),
    }


def regions(places: tuple[Place, ...]) -> list[str]:
    """The regions' codes, each once, in the order of the places."""
    return list(dict.fromkeys(place.code for place in places if place.code))


def _slots(slots: ClaimSlots | StanceSlots | WarningSlots) -> dict[str, Any]:
    if isinstance(slots, ClaimSlots):
        return {
            "claimant": slots.claimant,
            "loser": slots.loser,
            "action": str(slots.action),
            "area_km2": slots.area_km2,
            "settlements": slots.settlements,
        }
    if isinstance(slots, StanceSlots):
        return {
            "actor": slots.actor,
            "stance": str(slots.stance),
            "topic": str(slots.topic),
            "counterpart": slots.counterpart,
        }
    return {
        "phase": str(slots.phase),
        "threat": str(slots.threat),
        "instruction": str(slots.instruction),
    }
