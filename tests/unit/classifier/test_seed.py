"""The owner's sample article gives exactly its eight alerts."""

from tocsin_classifier.domain.classify import classify
from tocsin_classifier.domain.spread import detections
from tocsin_schemas.slots import ClaimSlots, StanceSlots, WarningSlots
from tocsin_schemas.statement import Statement
from tocsin_schemas.vocabulary import (
    Action,
    AreaQualifier,
    Instruction,
    Phase,
    StanceTopic,
    StanceValue,
    Threat,
)
from unit.classifier.samples import seed

STATEMENTS = classify(seed())


def _spans(statement: Statement) -> set[tuple[int, int]]:
    return {(piece.start, piece.end) for piece in statement.evidence}


def _of(kind: type) -> list[Statement]:
    return [statement for statement in STATEMENTS if isinstance(statement.slots, kind)]


def _stance(actor: str) -> Statement:
    (only,) = [s for s in _of(StanceSlots) if s.slots.actor == actor]  # type: ignore[union-attr]  # stances
    return only


def test_it_gives_eight_detections() -> None:
    """One claim, two stances and five warnings, and nothing else."""
    shared = [d for s in STATEMENTS for d in detections(s, seed(), "")]
    assert sorted(d.scope for d in shared) == [
        "RU-KRS",
        "UA-32",
        "UA-48",
        "UA-53",
        "UA-59",
        "UA-65",
        "stance:RU",
        "stance:UA",
    ]


def test_the_claim_is_ukraines_over_russian_ground() -> None:
    """Control over more than 1,250 square kilometres and 92 settlements of Kursk."""
    (claim,) = _of(ClaimSlots)
    slots = claim.slots
    assert isinstance(slots, ClaimSlots)
    assert (slots.claimant, slots.loser, slots.action) == ("UA", "RU", Action.CAPTURE)
    assert (slots.area_km2, slots.area_qualifier) == (1250.0, AreaQualifier.OVER)
    assert slots.settlements == 92
    assert {place.code for place in claim.places} == {"RU-KRS"}
    assert {(563, 650), (1342, 1464)} <= _spans(claim)
    assert any(start >= 117 and end <= 322 for start, end in _spans(claim))


def test_the_claim_is_in_zelenskys_mouth() -> None:
    """The voice is the president, of Ukraine's side, before the medium."""
    (claim,) = _of(ClaimSlots)
    first = claim.slots.voices[0]
    assert (first.name, first.side) == ("Volodymyr Zelensky", "UA")


def test_ukraine_supports_a_summit() -> None:
    """One stance of Ukraine's, on a summit."""
    stance = _stance("UA")
    assert isinstance(stance.slots, StanceSlots)
    assert (stance.slots.stance, stance.slots.topic) == (StanceValue.SUPPORTS, StanceTopic.SUMMIT)
    assert (2512, 2581) in _spans(stance)


def test_russia_rejects_talks_and_nobody_mediates() -> None:
    """Lavrov speaks for Russia; contacts through others are denied."""
    stance = _stance("RU")
    assert isinstance(stance.slots, StanceSlots)
    assert stance.slots.stance is StanceValue.REJECTS
    assert stance.slots.topic is StanceTopic.PEACE_TALKS
    assert stance.slots.counterpart == "UA"
    assert stance.slots.mediators == ()
    assert {(3284, 3325), (3567, 3729)} <= _spans(stance)
    assert "Sergei Lavrov" in {voice.name for voice in stance.slots.voices}


def test_drones_over_four_regions_are_reported() -> None:
    """The sentence before names the threat and the night."""
    warning = _of(WarningSlots)[0]
    assert isinstance(warning.slots, WarningSlots)
    assert [place.code for place in warning.places] == ["UA-59", "UA-53", "UA-65", "UA-48"]
    assert (warning.slots.phase, warning.slots.threat) == (Phase.REPORTED, Threat.DRONE)
    assert {(4478, 4544), (4322, 4445)} <= _spans(warning)


def test_air_defence_around_the_capital_is_the_oblast() -> None:
    """People were told to shelter; what threatened is not said."""
    warning = _of(WarningSlots)[1]
    assert isinstance(warning.slots, WarningSlots)
    assert [place.code for place in warning.places] == ["UA-32"]
    assert (warning.slots.phase, warning.slots.threat) == (Phase.REPORTED, Threat.UNKNOWN)
    assert warning.slots.instruction is Instruction.SHELTER_WAS_ORDERED
    assert {(4546, 4632), (4634, 4704)} <= _spans(warning)


def test_nothing_dates_it() -> None:
    """An article without a date gives no times."""
    assert {statement.event_time for statement in STATEMENTS} == {None}


def test_every_quote_is_verbatim() -> None:
    """Offsets are the stored text's."""
    text = seed().text
    for statement in STATEMENTS:
        for piece in statement.evidence:
            assert text[piece.start : piece.end] == piece.quote
