"""When an active alert is late: its report is old by the time that it is sent."""

from correlation import Partition
from factories import (
    NOON,
    SUMY_RAION,
    make_all_clear,
    make_claim,
    make_denial,
    make_warning,
    minutes,
)
from tocsin_notifier.domain.correlate import correlate
from tocsin_notifier.domain.publication import stamp
from tocsin_schemas.alerts import AirRaidWarningAlert, TerritorialClaimAlert
from tocsin_schemas.slots import Voice
from tocsin_schemas.vocabulary import ClaimAssertion, Extent, Phase


def test_a_change_of_an_alarm_that_is_on_is_as_fresh_as_the_change() -> None:
    """An all-clear for a part after ninety minutes does not take the rest off the map."""
    partition = Partition()
    partition.read(make_warning(), NOON)
    now = NOON + minutes(90)
    (alert,) = partition.read(make_all_clear(SUMY_RAION, name=2, at=now), now)

    assert isinstance(alert, AirRaidWarningAlert)
    assert (alert.phase, alert.extent, alert.late) == (Phase.ACTIVE, Extent.PART, False)


def test_the_same_change_sent_after_an_outage_is_late() -> None:
    """What was fresh in the log is not when it is sent hours afterwards."""
    partition = Partition()
    partition.read(make_warning(), NOON)
    now = NOON + minutes(90)
    (draft,) = correlate(partition.state, make_all_clear(SUMY_RAION, name=2, at=now), now).alerts

    assert not stamp(draft, now + minutes(60)).late
    assert stamp(draft, now + minutes(61)).late


def test_an_alarm_that_ended_after_its_parts_ended_as_a_whole() -> None:
    """The extent is no longer a part; the parts are still named."""
    partition = Partition()
    partition.read(make_warning(), NOON)
    partition.read(make_all_clear(SUMY_RAION, name=2, at=NOON + minutes(5)), NOON + minutes(5))
    now = NOON + minutes(20)
    (alert,) = partition.read(make_all_clear(name=3, at=now), now)

    assert isinstance(alert, AirRaidWarningAlert)
    assert (alert.phase, alert.extent) == (Phase.ENDED, Extent.WHOLE)
    assert [place.canonical_name for place in alert.ended_areas] == ["Sumy Raion"]


def test_who_denies_a_claim_is_among_its_sources() -> None:
    """The article of the denial stands beside those of the claim."""
    voice = Voice(name="Pentagon", side="US", assertion=ClaimAssertion.DENIED, evidence=(0,))
    partition = Partition()
    partition.read(make_claim(), NOON)
    (alert,) = partition.read(make_denial(name=2, voices=(voice,)), NOON + minutes(1))

    assert isinstance(alert, TerritorialClaimAlert)
    assert [source.publisher for source in alert.sources] == ["Publisher 1", "Publisher 2"]
