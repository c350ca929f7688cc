"""What an alert may never say, whatever code builds it."""

from typing import Any

import pytest
from pydantic import ValidationError

from contract.examples import EXAMPLES, example
from tocsin_schemas.alerts import read_alert
from tocsin_schemas.published import MODELS
from tocsin_schemas.slots import WarningSlots
from tocsin_schemas.vocabulary import Phase, Threat

WARNING = example(EXAMPLES / "air-raid-warning" / "new.json")
CLAIM = example(EXAMPLES / "territorial-claim" / "new.json")
STANCE = example(EXAMPLES / "negotiation-stance" / "new.json")


@pytest.mark.parametrize(
    ("alert", "changes", "reason"),
    [
        (WARNING, {"life_safety": True}, "life_safety"),
        (WARNING, {"phase": "lapsed", "instruction": "none", "status": "ended"}, "status"),
        (WARNING, {"phase": "ended", "instruction": "none"}, "status: new does not fit phase"),
        (WARNING, {"phase": "reported"}, "instruction: shelter is said only while"),
        (WARNING, {"revision": 2}, "status: new does not fit revision 2"),
        (WARNING, {"status": "updated"}, "status: updated does not fit revision 1"),
        (WARNING, {"evidence": []}, "evidence"),
        (WARNING, {"evidence": WARNING["evidence"] * 11}, "evidence"),
        (WARNING, {"sources": []}, "sources"),
        (WARNING, {"schema": CLAIM["schema"]}, "schema"),
        (WARNING, {"region": "Sumy"}, "region"),
        (CLAIM, {"voices": []}, "voices"),
        (CLAIM, {"area_km2": float("inf")}, "area_km2"),
        (CLAIM, {"area_km2": -3}, "area_km2"),
        (STANCE, {"voices": []}, "voices"),
        (STANCE, {"stance": "hopes"}, "stance"),
    ],
)
def test_an_alert_that_must_not_be_is_refused_with_field_and_reason(
    alert: dict[str, Any], changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ValidationError, match=reason):
        MODELS[alert["alert_type"]].model_validate(alert | changes)


def test_a_value_of_an_alert_topic_tells_its_own_type() -> None:
    for alert in (WARNING, CLAIM, STANCE):
        model = MODELS[alert["alert_type"]]
        assert type(read_alert(model.model_validate(alert).to_json())) is model


@pytest.mark.parametrize("name", ["territorial-claim", "negotiation-stance"])
def test_claims_and_stances_never_end(name: str) -> None:
    """Only an all-clear ends anything."""
    alert = example(EXAMPLES / name / "updated.json")
    with pytest.raises(ValidationError, match="status"):
        MODELS[name].model_validate(alert | {"status": "ended"})


@pytest.mark.parametrize(
    ("threats", "word"),
    [
        ((), Threat.UNKNOWN),
        ((Threat.BALLISTIC,), Threat.BALLISTIC),
        ((Threat.DRONE, Threat.MISSILE), Threat.MIXED),
    ],
)
def test_threats_are_told_as_one_word(threats: tuple[Threat, ...], word: Threat) -> None:
    assert WarningSlots(phase=Phase.ACTIVE, threats=threats).threat is word
