"""The one filter of all subscribers: what it takes, and what headers alone can rule out."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from contract.examples import ALERT_PATHS, EXAMPLES, name_of
from tocsin_schemas.alerts import AirRaidWarningAlert, TerritorialClaimAlert, read_alert
from tocsin_schemas.envelope import encode_alert
from tocsin_schemas.filter import AlertFilter, AnyAlert
from tocsin_schemas.vocabulary import AlertType, Mode, Phase, Severity, Status


def warning(status: str = "new", **changes: Any) -> AnyAlert:
    alert = read_alert((EXAMPLES / "air-raid-warning" / f"{status}.json").read_bytes())
    return alert.model_copy(update=changes)


def claim(*codes: str | None) -> AnyAlert:
    alert = read_alert((EXAMPLES / "territorial-claim" / "new.json").read_bytes())
    places = tuple(alert.places[0].model_copy(update={"code": code}) for code in codes)
    return alert.model_copy(update={"places": places})


def stance() -> AnyAlert:
    return read_alert((EXAMPLES / "negotiation-stance" / "new.json").read_bytes())


def test_without_conditions_everything_but_drills_and_replays_fits() -> None:
    for path in ALERT_PATHS:
        assert AlertFilter().matches(read_alert(path.read_bytes())), path
    assert not AlertFilter().matches(warning(mode=Mode.TEST))
    assert not AlertFilter().matches(warning(mode=Mode.ARCHIVE))


def test_drills_come_when_asked_for() -> None:
    drills = AlertFilter(modes=(Mode.TEST,))
    assert drills.matches(warning(mode=Mode.TEST))
    assert not drills.matches(warning())


@pytest.mark.parametrize(
    ("region", "wanted", "fits"),
    [
        ("UA-59", "UA-59", True),
        ("UA-59", "UA", True),
        ("UA", "UA-59", True),
        ("UA", "UA", True),
        ("UA-5", "UA-59", False),
        ("UA-59", "UA-5", False),
        ("UA-65", "UA-59", False),
        ("RU-KRS", "UA", False),
        ("RU", "UA-59", False),
    ],
)
def test_a_region_takes_its_own_warnings_and_its_country_s(
    region: str, wanted: str, *, fits: bool
) -> None:
    """Asking for the country takes all its regions, asking for a region whole-country alarms."""
    assert AlertFilter(regions=(wanted,)).matches(warning(region=region)) is fits


def test_a_claim_about_a_country_is_none_about_a_region() -> None:
    """That ground changed hands somewhere in Ukraine says nothing of Sumy."""
    assert not AlertFilter(regions=("UA-59",)).matches(claim("UA"))
    assert AlertFilter(regions=("UA",)).matches(claim("UA"))


def test_any_of_a_claim_s_places_is_enough_and_unplaced_ones_fit_no_region() -> None:
    assert AlertFilter(regions=("UA-59",)).matches(claim("RU-KRS", None, "UA-59"))
    assert not AlertFilter(regions=("UA-59",)).matches(claim(None))
    assert not AlertFilter(regions=("UA-59", "UA")).matches(stance())


def test_a_severity_is_the_least_and_claims_have_none() -> None:
    severe = AlertFilter(min_severity=Severity.SEVERE)
    assert severe.matches(warning(severity=Severity.EXTREME))
    assert severe.matches(warning(severity=Severity.SEVERE))
    assert not severe.matches(warning(severity=Severity.MODERATE))
    assert not severe.matches(claim("UA-59"))


@pytest.mark.parametrize("status", ["ended", "retracted"])
def test_thresholds_never_hold_back_an_end(status: str) -> None:
    """Who was told of a severe alarm is told that it is over, however mild that news is."""
    strict = AlertFilter(min_severity=Severity.EXTREME, min_confidence=1.0)
    assert strict.matches(warning(status, severity=Severity.MINOR))


def test_thresholds_let_a_lapsed_alarm_through() -> None:
    strict = AlertFilter(min_severity=Severity.SEVERE)
    assert strict.matches(warning("updated", phase=Phase.LAPSED, severity=Severity.UNKNOWN))


def test_confidence_is_the_least() -> None:
    score = warning().confidence.score
    assert AlertFilter(min_confidence=score).matches(warning())
    assert not AlertFilter(min_confidence=score + 0.01).matches(warning())


def test_one_source_in_a_language_is_enough() -> None:
    assert AlertFilter(languages=("de", "uk")).matches(warning())
    assert not AlertFilter(languages=("de",)).matches(warning())


def test_types_and_statuses_are_lists_of_alternatives() -> None:
    new_claims = AlertFilter(
        types=(AlertType.TERRITORIAL_CLAIM, AlertType.NEGOTIATION_STANCE), statuses=(Status.NEW,)
    )
    assert new_claims.matches(stance())
    assert not new_claims.matches(warning())
    assert not AlertFilter(statuses=(Status.NEW,)).matches(warning("ended"))


FILTERS = [
    AlertFilter(types=types, regions=regions, min_severity=severity, statuses=statuses, modes=modes)
    for types, regions, severity, statuses, modes in product(
        [(), (AlertType.AIR_RAID_WARNING,), (AlertType.TERRITORIAL_CLAIM,)],
        [(), ("UA-59",), ("UA",), ("RU-BEL",)],
        list(Severity),
        [(), (Status.NEW,), (Status.ENDED, Status.RETRACTED)],
        [(Mode.LIVE,), (Mode.TEST,)],
    )
]


@pytest.mark.parametrize("path", ALERT_PATHS, ids=name_of)
def test_headers_never_rule_out_what_fits(path: Path) -> None:
    """Whatever the filter and the severity: skipping by header loses nothing."""
    alert = read_alert(path.read_bytes())
    for severity, wanted in product(Severity, FILTERS):
        rated = alert.model_copy(update={"severity": severity})
        assert wanted.may_match(encode_alert(rated).headers) or not wanted.matches(rated)


def test_headers_rule_out_what_they_tell() -> None:
    headers = encode_alert(warning()).headers
    assert AlertFilter().may_match(headers)
    assert not AlertFilter(types=(AlertType.TERRITORIAL_CLAIM,)).may_match(headers)
    assert not AlertFilter(regions=("UA-65",)).may_match(headers)
    assert not AlertFilter(modes=(Mode.TEST,)).may_match(headers)
    assert not AlertFilter(statuses=(Status.ENDED,)).may_match(headers)
    assert not AlertFilter(min_severity=Severity.EXTREME).may_match(headers)
    assert not AlertFilter(regions=("UA-59",)).may_match(encode_alert(stance()).headers)


def test_a_message_without_headers_is_decoded() -> None:
    assert AlertFilter(types=(AlertType.TERRITORIAL_CLAIM,), regions=("UA-59",)).may_match(())


def test_a_filter_is_checked_when_it_is_written() -> None:
    with pytest.raises(ValidationError, match="regions"):
        AlertFilter(regions=("Sumy",))
    with pytest.raises(ValidationError, match="modes"):
        AlertFilter(modes=())
    with pytest.raises(ValidationError, match="region"):
        AlertFilter.model_validate({"region": ["UA-59"]})


def test_the_examples_are_of_the_types_that_these_tests_mean() -> None:
    assert isinstance(warning(), AirRaidWarningAlert)
    assert isinstance(claim("UA-59"), TerritorialClaimAlert)
