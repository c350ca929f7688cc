"""What is on now: the view that `/v1/state` answers from."""

from datetime import datetime
from typing import Any

import factories as make
from correlation import Partition
from factories import KHARKIV, NOON, SUMY, SUMY_RAION, days, hours, minutes
from tocsin_notifier.domain.outcome import AnyAlert
from tocsin_notifier.domain.situation import Situation
from tocsin_schemas.vocabulary import Extent, Mode, Phase, RevisionKind, StanceValue, Threat


def situation_of(alerts: list[AnyAlert], now: datetime = NOON) -> Situation:
    """The view after these alerts."""
    situation = Situation()
    for alert in alerts:
        situation.take(alert, now)
    return situation


def region(situation: Situation, now: datetime = NOON, code: str = "UA-59") -> dict[str, Any]:
    """What is known of one region."""
    [found] = situation.regions(now, code)
    return found


def test_an_alarm_is_on_in_its_region_only() -> None:
    """With its threats; those under alarm come first."""
    partition = Partition()
    partition.read(make.make_warning(SUMY, threats=(Threat.DRONE,)), NOON)
    partition.read(make.make_warning(KHARKIV, name=2, phase=Phase.REPORTED), NOON)
    regions = situation_of(partition.alerts).regions(NOON)

    assert [(one["region"], one["under_alarm"], one["threats"]) for one in regions] == [
        ("UA-59", True, ["drone"]),
        ("UA-63", False, []),
    ]
    [alarm] = regions[0]["alarms"]
    assert (alarm["standing"], alarm["alert_id"]) == ("on", str(partition.alerts[0].alert_id))
    assert [one["standing"] for one in regions[1]["warnings"]] == ["reported"]


def test_an_all_clear_takes_the_alarm_off() -> None:
    """It is shown as ended until it expires."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)
    partition.read(make.make_all_clear(name=2, at=NOON + minutes(30)), NOON + minutes(30))
    situation = situation_of(partition.alerts)

    found = region(situation)
    assert (found["under_alarm"], found["alarms"], found["threats"]) == (False, [], [])
    assert [one["standing"] for one in found["warnings"]] == ["ended"]
    assert situation.regions(NOON + hours(25)) == []


def test_a_part_that_is_over_leaves_the_alarm_on() -> None:
    """With the part named."""
    partition = Partition()
    partition.read(make.make_warning(SUMY), NOON)
    clear = make.make_all_clear(SUMY_RAION, name=2, at=NOON + minutes(5))
    partition.read(clear, NOON + minutes(5))
    [alarm] = region(situation_of(partition.alerts))["alarms"]
    assert alarm["extent"] == Extent.PART
    assert [area["canonical_name"] for area in alarm["ended_areas"]] == ["Sumy Raion"]


def test_no_late_expired_or_replaced_alarm_is_on() -> None:
    """A late one is shown as late; a lapsed one as lapsed; a former revision not at all."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)
    late = partition.alerts[0].model_copy(update={"late": True})
    found = region(situation_of([late]))
    assert (found["under_alarm"], [one["standing"] for one in found["warnings"]]) == (
        False, ["late"],
    )  # fmt: skip

    situation = situation_of(partition.alerts)
    assert situation.regions(partition.alerts[0].expires_at) == []

    partition.tick(NOON + hours(3))
    lapsed = situation_of([*partition.alerts, partition.alerts[0]])
    found = region(lapsed)
    assert (found["under_alarm"], [one["standing"] for one in found["warnings"]]) == (
        False, ["lapsed"],
    )  # fmt: skip


def test_a_retracted_event_is_gone() -> None:
    """Also from the claims."""
    partition = Partition()
    partition.read(make.make_claim(name="a"), NOON)
    partition.read(make.make_warning(name="b"), NOON)
    partition.read(make.make_revised("a", kind=RevisionKind.WITHDRAWN), NOON)
    assert [one["region"] for one in situation_of(partition.alerts).regions(NOON)] == ["UA-59"]


def test_drills_and_replays_count_for_nothing() -> None:
    """Only live alerts say what is on."""
    partition = Partition()
    partition.read(make.make_warning(mode=Mode.TEST), NOON)
    partition.read(make.make_warning(KHARKIV, name=2, mode=Mode.ARCHIVE), NOON)
    assert len(partition.alerts) == 2
    assert len(situation_of(partition.alerts)) == 0


def test_stances_stand_by_actor_and_topic_for_their_window() -> None:
    """With the shift against what was said before."""
    partition = Partition()
    partition.read(make.make_stance(name=1), NOON)
    partition.read(
        make.make_stance(name=2, stance=StanceValue.CONDITIONAL, at=NOON + days(1)),
        NOON + days(1),
    )
    situation = situation_of(partition.alerts)
    [russia] = situation.stances(NOON + days(1))
    assert russia["actor"] == "RU"
    told = {one["stance"]: one["shift"] for one in russia["stances"]}
    assert told == {"rejects": "none", "conditional": "softening"}
    assert situation.stances(NOON, "UA") == []
    assert situation.stances(NOON + days(9)) == []


def test_what_is_over_is_forgotten() -> None:
    """The view holds no more than what is shown."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)
    partition.read(make.make_claim(name=2), NOON)
    partition.read(make.make_stance(name=3), NOON)
    situation = situation_of(partition.alerts)
    sizes = []
    for later in (minutes(0), hours(4), days(8), days(15)):
        situation.forget_expired(NOON + later)
        sizes.append(len(situation))
    assert sizes == [3, 2, 1, 0]
