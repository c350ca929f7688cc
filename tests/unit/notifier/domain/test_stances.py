"""Negotiation stances: one event for a position, and the shift against an earlier day."""

from collections.abc import Sequence

import factories as make
from correlation import Partition
from factories import NOON, days, hours
from tocsin_notifier.domain.outcome import AnyAlert
from tocsin_schemas.alerts import NegotiationStanceAlert
from tocsin_schemas.slots import Voice
from tocsin_schemas.vocabulary import (
    ChangeReason,
    Shift,
    StanceAssertion,
    StanceTopic,
    StanceValue,
    Status,
)


def only(alerts: Sequence[AnyAlert]) -> NegotiationStanceAlert:
    (alert,) = alerts
    assert isinstance(alert, NegotiationStanceAlert)
    return alert


def test_a_stance_names_party_voice_and_topic() -> None:
    """The headline is built from the slots."""
    alert = only(Partition().read(make.make_stance(counterpart="UA"), NOON))

    assert alert.headline == "Russia (Lavrov) rejects peace talks with Ukraine"
    assert (alert.previous_stance, alert.shift) == (None, Shift.NONE)
    assert alert.expires_at == NOON + days(7)


def test_supports_and_conditional_of_one_day_are_conditional() -> None:
    """Whatever comes first."""
    for order in (
        (StanceValue.SUPPORTS, StanceValue.CONDITIONAL),
        (StanceValue.CONDITIONAL, StanceValue.SUPPORTS),
    ):
        partition = Partition()
        for name, stance in enumerate(order):
            partition.read(make.make_stance(name=name, stance=stance), NOON)
        assert isinstance(partition.alerts[-1], NegotiationStanceAlert)
        assert partition.alerts[-1].stance is StanceValue.CONDITIONAL
        assert len(partition.events()) == 1


def test_an_open_and_a_closed_position_are_two_events() -> None:
    """To reject is another position."""
    partition = Partition()
    partition.read(make.make_stance(stance=StanceValue.SUPPORTS), NOON)

    alert = only(partition.read(make.make_stance(name=2), NOON))
    assert alert.status is Status.NEW
    assert alert.shift is Shift.NONE, "of the same day there is no shift"


def test_a_stance_softens_against_an_earlier_day() -> None:
    """From rejects to conditional."""
    partition = Partition()
    partition.read(make.make_stance(), NOON)
    at = NOON + days(2)
    alert = only(
        partition.read(make.make_stance(name=2, at=at, stance=StanceValue.CONDITIONAL), at)
    )

    assert (alert.previous_stance, alert.shift) == (StanceValue.REJECTS, Shift.SOFTENING)


def test_a_stance_hardens_also_when_the_earlier_one_is_long_closed() -> None:
    """The history lasts a year, the event a week."""
    partition = Partition()
    partition.read(make.make_stance(stance=StanceValue.SUPPORTS), NOON)
    at = NOON + days(100)
    alert = only(partition.read(make.make_stance(name=2, at=at), at))

    assert (alert.previous_stance, alert.shift) == (StanceValue.SUPPORTS, Shift.HARDENING)


def test_an_earlier_stance_that_is_read_later_gives_the_shift_by_an_update() -> None:
    """Stances are ordered by their time, not by their arrival."""
    partition = Partition()
    partition.read(make.make_stance(stance=StanceValue.SUPPORTS, at=NOON), NOON)
    new, updated = partition.read(make.make_stance(name=2, at=NOON - days(2)), NOON)
    assert isinstance(updated, NegotiationStanceAlert)

    assert new.status is Status.NEW
    assert (updated.change_reason, updated.shift) == (
        ChangeReason.DETAILS_ADDED,
        Shift.SOFTENING,
    )


def test_another_topic_or_counterpart_is_not_compared() -> None:
    """Where both name one."""
    partition = Partition()
    partition.read(make.make_stance(topic=StanceTopic.SUMMIT), NOON)
    partition.read(make.make_stance(name=2, counterpart="US"), NOON)
    at = NOON + days(1)
    alert = only(
        partition.read(
            make.make_stance(name=3, at=at, counterpart="UA", stance=StanceValue.SUPPORTS), at
        )
    )

    assert alert.previous_stance is None


def test_to_mediate_is_no_shift() -> None:
    """It is no point on the scale."""
    partition = Partition()
    partition.read(make.make_stance(actor="TR"), NOON)
    at = NOON + days(1)
    alert = only(
        partition.read(make.make_stance(name=2, actor="TR", at=at, stance=StanceValue.MEDIATES), at)
    )

    assert (alert.previous_stance, alert.shift) == (StanceValue.REJECTS, Shift.NONE)


def test_an_undated_stance_has_no_former_one() -> None:
    """Nothing says that it came after."""
    partition = Partition()
    partition.read(make.make_stance(), NOON)
    undated = make.make_undated(make.make_stance(name=2, stance=StanceValue.SUPPORTS))
    alert = only(partition.read(undated, NOON + days(1)))

    assert alert.previous_stance is None


def test_a_retracted_stance_leaves_no_history() -> None:
    """What was corrected away never was."""
    partition = Partition()
    partition.read(make.make_stance(), NOON)
    partition.read(make.make_revised(), NOON + hours(1))
    at = NOON + days(1)
    alert = only(partition.read(make.make_stance(name=2, at=at, stance=StanceValue.SUPPORTS), at))

    assert alert.previous_stance is None


def test_a_stance_of_a_day_is_told_by_the_latest_day() -> None:
    """A condition dropped on the next day is an update."""
    partition = Partition()
    partition.read(make.make_stance(stance=StanceValue.CONDITIONAL), NOON)
    at = NOON + days(1)
    alert = only(partition.read(make.make_stance(name=2, at=at, stance=StanceValue.SUPPORTS), at))

    assert alert.status is Status.UPDATED
    assert (alert.stance, alert.shift) == (StanceValue.SUPPORTS, Shift.SOFTENING)


def test_a_reported_stance_says_who_reports_it() -> None:
    """No words in the party's mouth."""
    medium = Voice(name="Example News", side="media", assertion=StanceAssertion.REPORTED)
    alert = only(
        Partition().read(
            make.make_stance(assertion=StanceAssertion.REPORTED, voices=(medium,)), NOON
        )
    )

    assert alert.headline == "Russia is reported to reject peace talks (Example News)"


def test_a_denied_stance_is_told_as_denied_and_is_no_history() -> None:
    """A party that denies to be ready is not ready."""
    partition = Partition()
    alert = only(
        partition.read(
            make.make_stance(stance=StanceValue.SUPPORTS, assertion=StanceAssertion.DENIED), NOON
        )
    )
    at = NOON + days(1)
    later = only(partition.read(make.make_stance(name=2, at=at), at))

    assert alert.assertion is StanceAssertion.DENIED
    assert alert.headline == "Russia (Lavrov) denies that it supports peace talks"
    assert later.previous_stance is None
