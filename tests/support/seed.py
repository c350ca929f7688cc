"""What the owner's sample article must give: eight alerts, by slots and by evidence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATH = Path(__file__).parents[2] / "seeds" / "000_8e6536fb18eeebd8.txt"
TEXT = PATH.read_text("utf-8")
OPENING = (117, 322)
"""The opening sentence, which tells of control over several border areas."""


@dataclass(frozen=True)
class Expected:
    """One alert: its slots, and spans of the text that must be among its evidence."""

    slots: Mapping[str, object]
    spans: frozenset[tuple[int, int]]


def _attack(region: str) -> Expected:
    return Expected(
        {
            "alert_type": "air-raid-warning", "region": region, "phase": "reported",
            "threat": "drone",
        },
        frozenset({(4478, 4544), (4322, 4445)}),
    )  # fmt: skip


EXPECTED = (
    Expected(
        {
            "alert_type": "territorial-claim", "claimant": "UA", "area_km2": 1250,
            "area_qualifier": "over", "settlements": 92,
        },
        frozenset({(563, 650), (1342, 1464)}),
    ),
    Expected(
        {
            "alert_type": "negotiation-stance", "actor": "UA", "stance": "supports",
            "topic": "summit",
        },
        frozenset({(2512, 2581)}),
    ),
    Expected(
        {
            "alert_type": "negotiation-stance", "actor": "RU", "stance": "rejects",
            "topic": "peace_talks", "counterpart": "UA", "mediators": [],
        },
        frozenset({(3284, 3325), (3567, 3729)}),
    ),
    *map(_attack, ("UA-59", "UA-53", "UA-65", "UA-48")),
    Expected(
        {
            "alert_type": "air-raid-warning", "region": "UA-32", "phase": "reported",
            "threat": "unknown", "instruction": "shelter_was_ordered",
        },
        frozenset({(4546, 4632), (4634, 4704)}),
    ),
)  # fmt: skip
"""The eight alerts."""


def check_alerts(alerts: Iterable[Mapping[str, Any]]) -> None:
    """Check that these are the eight alerts, each once, with their evidence in the seed's text."""
    left = list(alerts)
    assert len(left) == len(EXPECTED), [alert["headline"] for alert in left]
    for expected in EXPECTED:
        fitting = [a for a in left if all(a[k] == v for k, v in expected.slots.items())]
        assert len(fitting) == 1, (expected.slots, [alert["headline"] for alert in fitting])
        _check(fitting[0], expected)
        left.remove(fitting[0])


def _check(alert: Mapping[str, Any], expected: Expected) -> None:
    spans = {(piece["start"], piece["end"]) for piece in alert["evidence"]}
    assert expected.spans <= spans, (expected.slots, spans)
    for piece in alert["evidence"]:
        assert piece["field"] == "text"
        assert TEXT[piece["start"] : piece["end"]] == piece["quote"]
        at = piece["sentence_start"]
        assert TEXT[at : at + len(piece["sentence"])] == piece["sentence"]
    # Nothing dates the article: nothing is under way, and no time is made up.
    assert (alert["status"], alert["event_time"]) == ("new", None)
    assert alert["life_safety"] is False
    if alert["alert_type"] == "territorial-claim":
        assert {place["code"] for place in alert["places"]} == {"RU-KRS"}
        assert alert["voices"][0]["side"] == "UA"
        assert "Zelensky" in alert["voices"][0]["name"]
        assert any(OPENING[0] <= start and end <= OPENING[1] for start, end in spans)
