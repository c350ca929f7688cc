"""Corrections of articles that spoke of more than one event."""

from correlation import Partition
from factories import NOON, hours, make_claim, make_denial, make_revised
from tocsin_schemas.alerts import TerritorialClaimAlert
from tocsin_schemas.vocabulary import RevisionKind, Status


def test_a_correction_that_takes_the_only_evidence_of_one_of_two_rivals() -> None:
    """The rival is retracted, and is no counter-claim of the event that stands."""
    partition = Partition()
    partition.read(make_claim(name=2), NOON)
    partition.read(make_claim(), NOON)
    partition.read(make_claim(claimant="RU"), NOON)
    told = partition.read(make_revised(), NOON + hours(1))
    alerts = {one.claimant: one for one in told if isinstance(one, TerritorialClaimAlert)}

    assert alerts["RU"].status is Status.RETRACTED
    assert alerts["UA"].status is Status.UPDATED
    assert alerts["UA"].counter_claims == ()


def test_a_withdrawal_that_takes_both_rivals_retracts_both() -> None:
    """Neither names the other any longer."""
    partition = Partition()
    partition.read(make_claim(), NOON)
    partition.read(make_denial(), NOON)
    told = partition.read(make_revised(kind=RevisionKind.WITHDRAWN), NOON + hours(1))

    assert [one.status for one in told] == [Status.RETRACTED, Status.RETRACTED]
