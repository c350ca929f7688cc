"""Alarms and attacks: what is active, what ends it, and what never touches it."""

from collections.abc import Sequence

import factories as make
from correlation import Partition
from factories import NOON, hours, minutes
from tocsin_notifier.domain.correlate import correlate
from tocsin_notifier.domain.outcome import AnyAlert, DropReason, Siren
from tocsin_notifier.domain.publication import stamp
from tocsin_notifier.domain.state import State
from tocsin_schemas.alerts import AirRaidWarningAlert
from tocsin_schemas.vocabulary import (
    Certainty,
    ChangeReason,
    Extent,
    Instruction,
    Level,
    Mode,
    Origin,
    Phase,
    RevisionKind,
    Severity,
    Status,
    Threat,
    TimePrecision,
    Urgency,
)


def only(alerts: Sequence[AnyAlert]) -> AirRaidWarningAlert:
    (alert,) = alerts
    assert isinstance(alert, AirRaidWarningAlert)
    return alert


def test_a_warning_dated_now_is_active() -> None:
    """A siren told as on, dated now, opens an alarm that expires after the lapse time."""
    alert = only(Partition().read(make.make_warning(), NOON))

    assert (alert.status, alert.phase, alert.change_reason) == (
        Status.NEW,
        Phase.ACTIVE,
        ChangeReason.FIRST_REPORT,
    )
    assert alert.expires_at == NOON + hours(3)
    assert alert.started_at == NOON
    assert (alert.severity, alert.urgency) == (Severity.SEVERE, Urgency.IMMEDIATE)
    assert alert.headline == "Air-raid warning for Sumy Oblast: threat not named"


def test_a_warning_dated_five_hours_ago_is_reported_as_stale() -> None:
    """What is told as on but was long ago is an attack that is over."""
    alert = only(Partition().read(make.make_warning(), NOON + hours(5)))

    assert (alert.phase, alert.change_reason) == (Phase.REPORTED, ChangeReason.STALE)
    assert (alert.severity, alert.urgency) == (Severity.MODERATE, Urgency.PAST)
    assert alert.expires_at == NOON + hours(29)


def test_an_undated_warning_is_reported() -> None:
    """Without a date nothing is active."""
    alert = only(Partition().read(make.make_undated(make.make_warning()), NOON))

    assert (alert.phase, alert.change_reason) == (Phase.REPORTED, ChangeReason.UNDATED)
    assert alert.event_time is None


def test_a_warning_is_active_up_to_the_source_s_time_and_no_longer() -> None:
    """`active_for` counts from the report's own time."""
    for late, phase in ((30, Phase.ACTIVE), (31, Phase.REPORTED)):
        detection = make.make_warning(active_for=1800)
        assert only(Partition().read(detection, NOON + minutes(late))).phase is phase


def test_a_time_in_the_future_counts_as_unknown() -> None:
    """Five minutes ahead is a clock that is fast, six are no date."""
    ahead = Partition().read(make.make_warning(at=NOON + minutes(5)), NOON)
    future = Partition().read(make.make_warning(at=NOON + minutes(6)), NOON)

    assert only(ahead).phase is Phase.ACTIVE
    assert only(future).change_reason is ChangeReason.UNDATED


def test_the_time_told_goes_before_the_article_s_date() -> None:
    """A siren of the morning, told at noon as if it were on, is not on."""
    detection = make.make_warning(event_time=make.make_time(NOON - hours(4)))

    assert only(Partition().read(detection, NOON)).change_reason is ChangeReason.STALE


def test_of_a_mere_day_the_article_s_date_is_taken() -> None:
    """`Today` holds the date of the article, which is more exact."""
    today = make.make_time(NOON - hours(15), NOON + hours(9), TimePrecision.DAY)

    assert only(Partition().read(make.make_warning(event_time=today), NOON)).phase is Phase.ACTIVE


def test_missiles_are_extreme() -> None:
    """Ballistic and other missiles are the worst while they fly."""
    alert = only(Partition().read(make.make_warning(threats=(Threat.BALLISTIC,)), NOON))

    assert (alert.severity, alert.threat) == (Severity.EXTREME, Threat.BALLISTIC)


def test_shelter_is_said_only_while_active() -> None:
    """Afterwards it was ordered."""
    partition = Partition()
    first = only(partition.read(make.make_warning(instruction=Instruction.SHELTER), NOON))
    over = only(partition.read(make.make_all_clear(name=2, at=NOON + hours(1)), NOON + hours(1)))

    assert first.instruction is Instruction.SHELTER
    assert over.instruction is Instruction.SHELTER_WAS_ORDERED


def test_a_second_publisher_raises_certainty_and_a_third_only_counts() -> None:
    """Certainty up a level is worth an update; more of the same is not."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)
    second = only(partition.read(make.make_warning(name=2), NOON))
    third = partition.read(make.make_warning(name=3), NOON)

    assert second.change_reason is ChangeReason.CERTAINTY_RAISED
    assert second.certainty is Certainty.LIKELY
    assert second.references == (partition.alerts[0].alert_id,)
    assert third == []


def test_an_alarm_reported_again_is_renewed_by_half_an_hour_or_more() -> None:
    """A later expiry is an update only when subscribers need it."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)
    partition.read(make.make_warning(name=2), NOON)
    soon = make.make_warning(name=3, at=NOON + minutes(29))
    later = make.make_warning(name=4, at=NOON + minutes(30))

    assert partition.read(soon, NOON + minutes(29)) == []
    renewed = only(partition.read(later, NOON + minutes(30)))
    assert renewed.change_reason is ChangeReason.RENEWED
    assert renewed.expires_at == NOON + hours(3.5)


def test_an_alarm_lapses_without_reports_and_that_is_no_all_clear() -> None:
    """After three hours it is updated, not ended, and says so."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)

    assert partition.tick(NOON + hours(3) - minutes(1)) == []
    lapsed = only(partition.tick(NOON + hours(3)))
    assert (lapsed.status, lapsed.phase) == (Status.UPDATED, Phase.LAPSED)
    assert lapsed.severity is Severity.UNKNOWN
    assert "no all-clear seen" in lapsed.headline
    assert lapsed.expires_at == NOON + hours(27)


def test_an_all_clear_after_the_lapse_still_ends_the_alarm() -> None:
    """What lapsed may be ended by who says so."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)
    late = NOON + hours(4)
    ended = partition.read(make.make_all_clear(name=2, at=late), late)

    assert [alert.status for alert in ended] == [Status.UPDATED, Status.ENDED]


def test_a_warning_after_a_lapse_is_a_new_alarm() -> None:
    """Nobody knows whether it is the same."""
    partition = Partition()
    first = only(partition.read(make.make_warning(), NOON))
    partition.tick(NOON + hours(4))
    second = only(partition.read(make.make_warning(name=2, at=NOON + hours(5)), NOON + hours(5)))

    assert second.status is Status.NEW
    assert second.event_id != first.event_id


def test_an_all_clear_ends_the_alarm() -> None:
    """Its words come first, and its time is the end."""
    partition = Partition()
    first = only(partition.read(make.make_warning(), NOON))
    at = NOON + minutes(40)
    ended = only(partition.read(make.make_all_clear(name=2, at=at, quote="All clear"), at))

    assert (ended.status, ended.phase, ended.ended_at) == (Status.ENDED, Phase.ENDED, at)
    assert ended.event_id == first.event_id
    assert ended.change_reason is ChangeReason.ALL_CLEAR
    assert ended.evidence[0].quote == "All clear"
    assert ended.headline == "All-clear for Sumy Oblast"


def test_an_all_clear_from_before_the_alarm_ends_nothing() -> None:
    """Only one whose own time is after the start."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)
    early = make.make_all_clear(name=2, event_time=make.make_time(NOON - minutes(5)))

    assert partition.read(early, NOON + minutes(10)) == []


def test_an_undated_all_clear_ends_nothing() -> None:
    """It is counted."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)

    assert partition.read(make.make_undated(make.make_all_clear(name=2)), NOON) == []
    assert partition.drops == [DropReason.ALL_CLEAR_UNDATED]


def test_an_all_clear_with_no_alarm_on_sends_nothing() -> None:
    """Nobody asked."""
    assert Partition().read(make.make_all_clear(), NOON) == []


def test_an_all_clear_for_the_oblast_ends_its_parts() -> None:
    """The larger area ends the smaller ones."""
    partition = Partition()
    partition.read(make.make_warning(make.SUMY_CITY), NOON)
    partition.read(make.make_warning(make.SUMY_RAION, name=2), NOON)
    at = NOON + minutes(30)
    ended = partition.read(make.make_all_clear(name=3, at=at), at)

    assert [alert.status for alert in ended] == [Status.ENDED, Status.ENDED]


def test_an_all_clear_for_a_part_leaves_the_oblast_on() -> None:
    """It is an update that names the part."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)
    at = NOON + minutes(30)
    part = only(partition.read(make.make_all_clear(make.SUMY_RAION, name=2, at=at), at))

    assert (part.status, part.phase, part.extent) == (
        Status.UPDATED,
        Phase.ACTIVE,
        Extent.PART,
    )
    assert part.change_reason is ChangeReason.AREA_PART_ENDED
    assert [place.canonical_name for place in part.ended_areas] == ["Sumy Raion"]


def test_an_all_clear_for_another_region_is_none_of_its_business() -> None:
    """Kharkiv says nothing on Sumy."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)
    at = NOON + minutes(30)

    assert partition.read(make.make_all_clear(make.KHARKIV, name=2, at=at), at) == []


def test_an_all_clear_for_one_threat_leaves_the_others_on() -> None:
    """The last named threat over ends the alarm."""
    partition = Partition()
    partition.read(make.make_warning(threats=(Threat.DRONE, Threat.MISSILE)), NOON)
    first_at, last_at = NOON + minutes(20), NOON + minutes(40)
    first = only(
        partition.read(
            make.make_all_clear(name=2, at=first_at, threats=(Threat.MISSILE,)), first_at
        )
    )
    last = only(
        partition.read(make.make_all_clear(name=3, at=last_at, threats=(Threat.DRONE,)), last_at)
    )

    assert (first.change_reason, first.threats) == (ChangeReason.THREAT_CHANGED, (Threat.DRONE,))
    assert first.phase is Phase.ACTIVE
    assert (last.status, last.ended_at) == (Status.ENDED, last_at)


def test_an_all_clear_for_a_threat_does_not_end_an_alarm_that_names_none() -> None:
    """There may be another threat."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)
    at = NOON + minutes(20)

    assert partition.read(make.make_all_clear(name=2, at=at, threats=(Threat.DRONE,)), at) == []


def test_the_all_clear_that_overtakes_its_alarm_leaves_it_reported() -> None:
    """Whatever the order of arrival, what is over is not shown as on."""
    partition = Partition()
    at = NOON + minutes(20)
    partition.read(make.make_all_clear(at=at), at)
    alert = only(partition.read(make.make_warning(name=2), at))

    assert (alert.phase, alert.status) == (Phase.REPORTED, Status.NEW)


def test_a_late_report_of_an_ended_alarm_only_counts() -> None:
    """It opens neither an alarm nor an attack."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)
    at = NOON + minutes(20)
    partition.read(make.make_all_clear(name=2, at=at), at)

    assert partition.read(make.make_warning(name=3, at=NOON + minutes(10)), at) == []


def test_a_warning_after_the_all_clear_is_a_new_alarm() -> None:
    """The next siren counts."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)
    partition.read(make.make_all_clear(name=2, at=NOON + minutes(20)), NOON + minutes(20))
    again = only(
        partition.read(make.make_warning(name=3, at=NOON + minutes(21)), NOON + minutes(21))
    )

    assert (again.status, again.phase) == (Status.NEW, Phase.ACTIVE)


def test_an_all_clear_older_than_the_last_report_ends_nothing() -> None:
    """A siren reported after it was read first: the alarm is on."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)
    partition.read(make.make_warning(name=2, at=NOON + minutes(30)), NOON + minutes(30))
    late = make.make_all_clear(name=3, at=NOON + minutes(20))

    assert partition.read(late, NOON + minutes(31)) == []


def test_a_part_s_all_clear_that_overtakes_the_oblast_s_alarm_counts() -> None:
    """The order of arrival does not matter for parts either."""
    partition = Partition()
    at = NOON + minutes(20)
    partition.read(make.make_all_clear(make.SUMY_RAION, at=at), at)
    alert = only(partition.read(make.make_warning(name=2), at))

    assert (alert.phase, alert.extent) == (Phase.ACTIVE, Extent.PART)


def test_a_remembered_all_clear_is_forgotten_after_a_day() -> None:
    """Memories end."""
    partition = Partition()
    partition.read(make.make_all_clear(), NOON)
    partition.tick(NOON + hours(25))

    assert not any(key.startswith("all-clear/") for key in partition.records())


def test_a_typo_fixed_an_hour_later_does_not_open_an_ended_alarm_again() -> None:
    """The same article's statement keeps its first time."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)
    partition.read(make.make_all_clear(name=2, at=NOON + minutes(30)), NOON + minutes(30))
    fixed = make.make_warning(
        revision=2, revision_kind=RevisionKind.CORRECTION, at=NOON + hours(1), quote="The sirens"
    )

    assert partition.read(fixed, NOON + hours(1)) == []
    assert partition.read(make.make_revised(), NOON + hours(1)) == []


def test_a_live_blog_dated_anew_after_the_all_clear_opens_nothing() -> None:
    """However late its date says it is."""
    partition = Partition()
    blog = "blog"
    partition.read(make.make_warning(name=blog), NOON)
    partition.read(make.make_all_clear(name=2, at=NOON + minutes(30)), NOON + minutes(30))
    partition.tick(NOON + hours(5))
    scrolled = make.make_warning(name=blog, revision=2, at=NOON + hours(5))

    assert partition.read(scrolled, NOON + hours(5)) == []


def test_a_return_to_an_earlier_text_opens_no_alarm() -> None:
    """Said, corrected away, said again: it is reported, never on."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)
    retracted = only(partition.read(make.make_revised(), NOON + minutes(10)))
    again = only(
        partition.read(make.make_warning(revision=3, at=NOON + minutes(20)), NOON + minutes(20))
    )

    assert retracted.status is Status.RETRACTED
    assert (again.phase, again.status) == (Phase.REPORTED, Status.NEW)
    assert again.event_id != retracted.event_id


def test_a_report_of_the_night_s_attack_never_touches_an_alarm() -> None:
    """At noon the alarm stays as it is and the attack is its own event."""
    partition = Partition()
    alarm = only(partition.read(make.make_warning(), NOON))
    night = make.make_time(NOON - hours(21), NOON - hours(9), TimePrecision.PERIOD)
    attack = only(
        partition.read(make.make_warning(name=2, phase=Phase.REPORTED, event_time=night), NOON)
    )

    assert attack.event_id != alarm.event_id
    assert attack.phase is Phase.REPORTED
    assert attack.headline.endswith("night of 2024-08-19")


def test_reports_of_one_night_are_one_attack_and_of_the_next_day_another() -> None:
    """The night of a date is 18:00 to 06:00 in Kyiv."""
    partition = Partition()
    times = (NOON - hours(20), NOON - hours(10), NOON - hours(8))
    for name, at in enumerate(times):
        told = make.make_time(at)
        partition.read(make.make_warning(name=name, phase=Phase.REPORTED, event_time=told), NOON)

    assert len(partition.events()) == 2


def test_an_undated_report_joins_the_only_attack_that_fits() -> None:
    """A missing slot matches when exactly one open event fits."""
    partition = Partition()
    dated = make.make_warning(phase=Phase.REPORTED, event_time=make.make_time(NOON - hours(5)))
    partition.read(dated, NOON)
    undated = make.make_warning(name=2, phase=Phase.REPORTED)
    partition.read(undated, NOON)
    assert len(partition.events()) == 1

    other = make.make_warning(
        name=3, phase=Phase.REPORTED, event_time=make.make_time(NOON - hours(12))
    )
    partition.read(other, NOON)
    partition.read(make.make_warning(name=4, phase=Phase.REPORTED), NOON)
    assert len(partition.events()) == 3


def test_a_drill_is_an_event_of_its_own_and_says_so() -> None:
    """Mode is part of the identity."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)
    drill = only(partition.read(make.make_warning(name=2, mode=Mode.TEST), NOON))
    at = NOON + minutes(10)
    over = partition.read(make.make_all_clear(name=3, mode=Mode.TEST, at=at), at)

    assert drill.status is Status.NEW
    assert drill.headline.startswith("DRILL: ")
    assert [alert.event_id for alert in over] == [drill.event_id]


def test_an_official_alarm_opens_nothing_and_confirms_one_after_it() -> None:
    """The news alarm is Observed from the start."""
    partition = Partition()
    official = make.make_warning(name="official", origin=Origin.OFFICIAL)

    assert partition.read(official, NOON) == []
    alert = only(partition.read(make.make_warning(at=NOON + minutes(3)), NOON + minutes(3)))
    assert alert.official_match
    assert alert.certainty is Certainty.OBSERVED
    assert partition.sirens == [Siren("UA-59"), Siren("UA-59", -180.0)]


def test_an_official_alarm_confirms_one_before_it() -> None:
    """By an update."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)
    official = make.make_warning(name="official", origin=Origin.OFFICIAL, at=NOON + minutes(1))
    alert = only(partition.read(official, NOON + minutes(1)))

    assert alert.change_reason is ChangeReason.OFFICIAL_MATCH
    assert alert.certainty is Certainty.OBSERVED
    assert partition.sirens == [Siren("UA-59"), Siren("UA-59", 60.0)]


def test_an_alarm_is_confirmed_once_and_the_nearest_siren_tells_the_lead() -> None:
    """Drills are not counted, nor a second siren for an alarm that is confirmed already."""
    partition = Partition()
    for name, at in (("early", NOON - minutes(40)), ("near", NOON - minutes(2))):
        partition.read(make.make_warning(name=name, origin=Origin.OFFICIAL, at=at), at)
    partition.read(make.make_warning(name="drill", mode=Mode.TEST), NOON)
    partition.read(make.make_warning(), NOON)
    at = NOON + minutes(1)
    partition.read(make.make_warning(name="more", origin=Origin.OFFICIAL, at=at), at)
    partition.read(make.make_warning(name="again", at=at), at)

    leads = [siren.lead_seconds for siren in partition.sirens]
    assert leads == [None, None, -120.0, None]


def test_an_official_all_clear_ends_the_alarm() -> None:
    """Like any other, and its alarm no longer confirms what comes later."""
    partition = Partition()
    partition.read(make.make_warning(name="official", origin=Origin.OFFICIAL), NOON)
    partition.read(make.make_warning(), NOON)
    at = NOON + minutes(10)
    ended = only(partition.read(make.make_all_clear(name="end", origin=Origin.OFFICIAL, at=at), at))
    later = NOON + minutes(20)
    again = only(partition.read(make.make_warning(name=3, at=later), later))

    assert ended.status is Status.ENDED
    assert not again.official_match


def test_a_warning_for_the_whole_country_keeps_its_incident() -> None:
    """Sinks may group by it."""
    incident = make.make_article_id("incident")
    alert = only(Partition().read(make.make_warning(incident_id=incident), NOON))

    assert alert.incident_id == incident


def test_an_active_alert_sent_late_says_so() -> None:
    """After an outage of the notifier nothing is shown as on."""
    (draft,) = correlate(State(), make.make_warning(), NOON).alerts

    assert not stamp(draft, NOON + minutes(60)).late
    assert stamp(draft, NOON + minutes(61)).late


def test_a_withdrawn_all_clear_no_longer_ends_the_alarm() -> None:
    """The alarm is on again, unless a second all-clear stands."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)
    partition.read(make.make_all_clear(name=2, at=NOON + minutes(10)), NOON + minutes(10))
    again = only(
        partition.read(make.make_revised(2, kind=RevisionKind.WITHDRAWN), NOON + minutes(20))
    )

    assert (again.status, again.phase) == (Status.UPDATED, Phase.ACTIVE)
    assert again.change_reason is ChangeReason.EVIDENCE_WITHDRAWN


def test_a_warning_without_a_place_is_counted() -> None:
    """There is no region to alert for."""
    partition = Partition()
    partition.read(make.make_warning().model_copy(update={"place": None}), NOON)

    assert partition.drops == [DropReason.NO_PLACE]


def test_towns_of_one_attack_widen_to_the_region_that_was_named() -> None:
    """An attack is one event for a region; its alert names every place."""
    partition = Partition()
    told = make.make_time(NOON - hours(2))
    town = make.make_warning(make.SUMY_CITY, phase=Phase.REPORTED, event_time=told)
    region = make.make_warning(name=2, phase=Phase.REPORTED, event_time=told)
    partition.read(town, NOON)
    alert = only(partition.read(region, NOON))

    assert alert.area.level is Level.REGION
    assert {place.canonical_name for place in alert.places} == {"Sumy", "Sumy Oblast"}
