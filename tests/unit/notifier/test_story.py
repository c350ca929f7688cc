"""The story of the sample article, told by many articles in five languages over two days.

Every alert that it gives stands in the table, and nothing else may come.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

import factories as make
from correlation import Partition
from factories import KHARKIV, KURSK, SUMY, SUMY_RAION, days, hours, make_place, minutes
from tocsin_notifier.domain.correlate import correlate
from tocsin_notifier.domain.outcome import AnyAlert
from tocsin_notifier.domain.publication import stamp
from tocsin_schemas.alerts import (
    AirRaidWarningAlert,
    NegotiationStanceAlert,
    TerritorialClaimAlert,
)
from tocsin_schemas.detection import ArticleRevised, Detection
from tocsin_schemas.evidence import EventTime
from tocsin_schemas.vocabulary import (
    Level,
    Phase,
    RevisionKind,
    StanceValue,
    Status,
    Threat,
    TimePrecision,
)

Record = Detection | ArticleRevised

DAY = make.NOON.replace(hour=0)
"""Midnight in UTC of the first day: 03:00 in Kyiv."""

ZAPORIZHZHIA = make_place(
    name="Запорожье", canonical_name="Zaporizhzhia Oblast", code="UA-23", level=Level.REGION
)
AGENCY = "QUdFTkNZ" * 24
"""A fingerprint; who prints the agency's text word for word has the same."""


def at(clock: str) -> datetime:
    """A time of the story: day and UTC time, such as `1 19:00`."""
    day, time = clock.split()
    hour, minute = map(int, time.split(":"))
    return DAY + days(int(day) - 1) + timedelta(hours=hour, minutes=minute)


def night(start: str) -> EventTime:
    """The night that begins in Kyiv at 18:00 (15:00 UTC) of a day."""
    begin = at(start)
    return make.make_time(begin, begin + hours(12), TimePrecision.PERIOD)


def siren(name: str, language: str, clock: str, **changes: object) -> Detection:
    """A siren that is told as on."""
    place = changes.pop("place", SUMY)
    when = changes.pop("at", at(clock))
    return make.make_warning(place, name=name, language=language, at=when, **changes)  # type: ignore[arg-type]


def clear(name: str, language: str, clock: str, **changes: object) -> Detection:
    """An all-clear."""
    return siren(name, language, clock, phase=Phase.ENDED, **changes)


def revised(name: str, revision: int, kind: RevisionKind) -> ArticleRevised:
    """A new revision of an article."""
    return make.make_revised(name, revision, kind)


# Each line: when it is read, what is read, and the alerts that must come of it.
STORY: list[tuple[str, Callable[[str], Record], list[str]]] = [
    (
        "1 08:00",
        lambda t: make.make_claim(KURSK, name="uk-gain", language="uk", at=at(t), area_km2=1000),
        ["claim UA new first_report claimed 1000"],
    ),
    (
        "1 09:00",
        lambda t: make.make_claim(
            KURSK, name="de-gain", language="de", at=at(t), area_km2=1000, fingerprint=AGENCY
        ),
        ["claim UA updated certainty_raised claimed 1000"],
    ),
    # The same agency text in another paper is no third voice.
    (
        "1 09:30",
        lambda t: make.make_claim(
            KURSK, name="fr-gain", language="fr", at=at(t), area_km2=1000, fingerprint=AGENCY
        ),
        [],
    ),
    # The Russian denial is a hold of its own, and marks the rival.
    (
        "1 11:00",
        lambda t: make.make_denial(KURSK, name="ru-denial", language="ru", at=at(t)),
        ["claim RU new first_report claimed None", "claim UA updated denied denied 1000"],
    ),
    (
        "1 11:00",
        lambda t: make.make_stance(name="ru-denial", language="ru", at=at(t), quote="no talks"),
        ["stance RU new first_report rejects none"],
    ),
    # The night: two threats, one of them over, a part over, then all of it.
    (
        "1 19:00",
        lambda t: siren("uk-siren", "uk", t, threats=(Threat.DRONE,)),
        ["warning UA-59 new first_report active drone"],
    ),
    (
        "1 19:05",
        lambda t: siren("en-siren", "en", t, threats=(Threat.MISSILE,)),
        ["warning UA-59 updated threat_changed active drone+missile"],
    ),
    (
        "1 19:40",
        lambda t: clear("uk-clear", "uk", t, threats=(Threat.DRONE,)),
        ["warning UA-59 updated threat_changed active missile"],
    ),
    (
        "1 19:50",
        lambda t: clear("uk-clear", "uk", t, place=SUMY_RAION, quote="the raion"),
        ["warning UA-59 updated area_part_ended active missile part"],
    ),
    # A typo is fixed an hour after the siren: the alarm is not told again.
    ("1 20:00", lambda t: siren("uk-siren", "uk", t, threats=(Threat.DRONE,), revision=2), []),
    ("1 20:00", lambda t: revised("uk-siren", 2, RevisionKind.CORRECTION), []),
    (
        "1 20:10",
        lambda t: siren("ru-siren", "ru", t, place=KHARKIV),
        ["warning UA-63 new first_report active unknown"],
    ),
    (
        "1 20:30",
        lambda t: clear("fr-clear", "fr", t),
        ["warning UA-59 ended all_clear ended drone+missile"],
    ),
    # Nobody gives an all-clear for Kharkiv: three hours later it lapses, which ends nothing.
    (
        "1 23:15",
        lambda t: make.make_claim(KURSK, name="late-copy", at=at("1 09:00"), fingerprint=AGENCY),
        ["warning UA-63 updated lapsed lapsed unknown"],
    ),
    # The second day: an alarm is on while a noon report tells of the night.
    (
        "2 08:50",
        lambda t: siren("en-blog", "en", t, threats=(Threat.DRONE,)),
        ["warning UA-59 new first_report active drone"],
    ),
    (
        "2 09:00",
        lambda t: siren(
            "de-noon",
            "de",
            t,
            phase=Phase.REPORTED,
            threats=(Threat.DRONE,),
            event_time=night("1 15:00"),
        ),
        ["warning UA-59 new first_report reported drone"],
    ),
    (
        "2 10:00",
        lambda t: make.make_claim(
            KURSK, name="en-figures", at=at(t), area_km2=1250, settlements=92
        ),
        ["claim UA updated numbers_grown denied 1250"],
    ),
    ("2 10:30", lambda t: clear("uk-over", "uk", t), ["warning UA-59 ended all_clear ended drone"]),
    # The live blog is dated anew after the all-clear and still holds the morning's siren.
    ("2 11:00", lambda t: siren("en-blog", "en", t, threats=(Threat.DRONE,), revision=2), []),
    ("2 11:00", lambda t: revised("en-blog", 2, RevisionKind.OTHER), []),
    # A page that lost its siren gets the earlier text back.
    ("2 11:10", lambda t: revised("uk-siren", 3, RevisionKind.OTHER), []),
    ("2 11:20", lambda t: siren("uk-siren", "uk", t, threats=(Threat.DRONE,), revision=4), []),
    ("2 11:20", lambda t: revised("uk-siren", 4, RevisionKind.OTHER), []),
    # The figure is withdrawn by a correction that keeps the claim.
    (
        "2 11:30",
        lambda t: make.make_claim(KURSK, name="en-figures", at=at(t), revision=2),
        [],
    ),
    (
        "2 11:30",
        lambda t: revised("en-figures", 2, RevisionKind.CORRECTION),
        ["claim UA updated evidence_corrected denied 1000"],
    ),
    (
        "2 12:00",
        lambda t: make.make_stance(
            name="de-talks", language="de", at=at(t), stance=StanceValue.CONDITIONAL
        ),
        ["stance RU new first_report conditional softening"],
    ),
    # The all-clear overtakes its alarm.
    ("2 14:01", lambda t: clear("uk-quick", "uk", t, place=ZAPORIZHZHIA, at=at("2 14:00")), []),
    (
        "2 14:03",
        lambda t: siren("fr-slow", "fr", t, place=ZAPORIZHZHIA, at=at("2 13:40")),
        ["warning UA-23 new stale reported unknown"],
    ),
    # Four hours of articles are read at once after an outage.
    (
        "2 18:00",
        lambda t: siren("ru-backlog", "ru", t, place=KHARKIV, at=at("2 14:00")),
        ["warning UA-63 new stale reported unknown"],
    ),
]


def describe(alert: AnyAlert) -> str:
    """An alert as the table writes it."""
    life = f"{alert.status} {alert.change_reason}"
    if isinstance(alert, TerritorialClaimAlert):
        area = "None" if alert.area_km2 is None else f"{alert.area_km2:g}"
        return f"claim {alert.claimant} {life} {alert.assertion} {area}"
    if isinstance(alert, NegotiationStanceAlert):
        return f"stance {alert.actor} {life} {alert.stance} {alert.shift}"
    assert isinstance(alert, AirRaidWarningAlert)
    threats = "+".join(alert.threats) or "unknown"
    extent = " part" if alert.extent == "part" else ""
    return f"warning {alert.region} {life} {alert.phase} {threats}{extent}"


def test_the_story_gives_exactly_the_alerts_of_the_table() -> None:
    """Line by line."""
    partition = Partition()
    told = []
    for clock, make_record, _ in STORY:
        alerts = partition.read(make_record(clock), at(clock))
        told.append((clock, [describe(alert) for alert in alerts]))
    assert told == [(clock, expected) for clock, _, expected in STORY]


def test_the_story_is_told_in_five_languages_and_by_twelve_articles_or_more() -> None:
    """As the table says it is."""
    records = [make_record(clock) for clock, make_record, _ in STORY]
    detections = [record for record in records if isinstance(record, Detection)]
    assert {one.language for one in detections} == {"uk", "ru", "en", "de", "fr"}
    assert len({one.article_id for one in detections}) >= 12


def test_each_event_of_the_story_counts_its_revisions() -> None:
    """Every alert but the first names those that it replaces; an ended alarm says nothing more."""
    partition = Partition()
    for clock, make_record, _ in STORY:
        partition.read(make_record(clock), at(clock))
    events: dict[object, list[AnyAlert]] = {}
    for alert in partition.alerts:
        events.setdefault(alert.event_id, []).append(alert)
    for alerts in events.values():
        assert [one.revision for one in alerts] == list(range(1, len(alerts) + 1))
        assert [len(one.references) for one in alerts] == list(range(len(alerts)))
        assert all(one.status is not Status.ENDED for one in alerts[:-1])


def test_a_backlog_of_detections_gives_nothing_active_that_is_not_late() -> None:
    """The log's time was in time; what is sent four hours afterwards says that it is late."""
    partition = Partition()
    active = 0
    for clock, make_record, _ in STORY:
        now = at(clock)
        partition.tick(now)
        outcome = correlate(partition.state, make_record(clock), now)
        partition.state.apply(outcome.changes)
        for draft in outcome.alerts:
            sent = stamp(draft, now + hours(4))
            if isinstance(sent, AirRaidWarningAlert) and sent.phase is Phase.ACTIVE:
                active += 1
                assert sent.late
            else:
                assert not sent.late
    assert active == 6


@pytest.mark.parametrize("apart", [15, 60])
def test_the_first_poll_of_a_feed_with_old_items_gives_nothing_active(apart: int) -> None:
    """Fifty sirens of the last days, read at one time, but none of this hour."""
    partition = Partition()
    now = at("2 18:00")
    for number in range(50):
        age = minutes(61 + apart * number)
        partition.read(siren(f"old-{number}", "uk", "1 00:00", at=now - age), now)
    assert partition.alerts
    assert all(
        isinstance(one, AirRaidWarningAlert) and one.phase is Phase.REPORTED
        for one in partition.alerts
    )
