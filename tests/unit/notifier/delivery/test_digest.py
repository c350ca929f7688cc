"""What people read, what is told together, and what may wake them."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from support.alerts import make_alert
from tocsin_notifier.delivery.domain.backlog import Waiting
from tocsin_notifier.delivery.domain.digest import (
    Manners,
    QuietHours,
    doubt_of,
    urgent_until,
    write_text,
    write_title,
)
from tocsin_notifier.domain.outcome import AnyAlert
from tocsin_schemas.vocabulary import AlertType, Mode, Phase

KYIV = ZoneInfo("Europe/Kyiv")
NIGHT = QuietHours(time(22, 0), time(7, 0))
MIDNIGHT = datetime(2026, 1, 31, 0, 0, tzinfo=KYIV)
NOON = datetime(2026, 1, 31, 12, 0, tzinfo=KYIV)
WINDOW = timedelta(seconds=20)
MANNERS = Manners(WINDOW, KYIV, NIGHT)


def make_waiting(alert: AnyAlert, at: datetime, group: str = "incident") -> Waiting:
    """The alert as it waits since then."""
    return Waiting(
        spot=("alerts", 0, 0), event=b"event", group=group, at=at, seen_at=at, value=b"{}",
        urgent_until=urgent_until(alert), drill=alert.mode is Mode.TEST,
    )  # fmt: skip


def told(alert: AnyAlert, now: datetime) -> tuple[str, str]:
    """Title and text of a message about one alert."""
    doubts = [doubt_of(make_waiting(alert, now), alert, now)]
    return write_title([alert], doubts), write_text([alert], doubts, KYIV)


def test_a_message_says_what_who_where_when_and_gives_a_link() -> None:
    """Short and plain, with the words that say so."""
    alert = make_alert("alarm")
    title, text = told(alert, alert.sent_at)
    assert title == alert.headline
    quote, source = alert.evidence[0], alert.sources[0]
    assert f"“{quote.quote}” ({source.publisher}, {quote.language})" in text
    assert f"{alert.places[0].canonical_name} ({alert.places[0].code})" in text
    assert "(Europe/Kyiv)" in text
    assert str(source.url) in text
    assert "not a siren" in text
    assert len(text) < 800


def test_what_is_not_on_any_more_is_never_worded_as_on() -> None:
    """Late, expired, replaced or replayed: the title says so first; a drill before all."""
    late = make_alert("late", late=True)
    assert told(late, late.sent_at)[0].startswith("TOLD LATE, MAY BE OVER: ")
    alert = make_alert("alarm")
    assert told(alert, alert.expires_at)[0].startswith("EXPIRED: ")
    waiting = make_waiting(alert, alert.sent_at)
    waiting.replaced = True
    assert doubt_of(waiting, alert, alert.sent_at) == "replaced"
    drill = make_alert("drill", mode=Mode.TEST, late=True)
    assert told(drill, drill.sent_at)[0].startswith("DRILL: TOLD LATE")


def test_several_alerts_are_counted_and_told_one_by_one() -> None:
    """Each with its own headline."""
    alerts = [make_alert(name, headline=f"Alarm {name}") for name in range(3)]
    doubts = [None] * 3
    assert write_title(alerts, doubts) == "3 alerts: Alarm 0"
    text = write_text(alerts, doubts, KYIV)
    assert all(f"Alarm {name}\n“" in text for name in range(3))


@pytest.mark.parametrize(
    ("hours", "clock", "held"),
    [(NIGHT, "21:59", False), (NIGHT, "22:00", True), (NIGHT, "06:59", True),
     (NIGHT, "07:00", False), (QuietHours(time(13), time(15)), "14:00", True),
     (QuietHours(time(13), time(15)), "15:00", False)],
)  # fmt: skip
def test_quiet_hours_are_those_of_the_zone(hours: QuietHours, clock: str, held: bool) -> None:
    """Over midnight as well."""
    at = datetime.combine(MIDNIGHT.date(), time.fromisoformat(clock), KYIV).astimezone(UTC)
    assert hours.hold(at, KYIV) is held
    if held:
        end = hours.over_at(at, KYIV)
        assert end.astimezone(KYIV).time() == hours.end
        assert timedelta() < end - at <= timedelta(hours=9)


def test_quiet_hours_never_hold_back_what_is_on_or_its_end() -> None:
    """Everything else waits until they are over."""
    now = MIDNIGHT
    active = make_alert("on", sent_at=now, expires_at=now + timedelta(hours=3))
    assert MANNERS.due(make_waiting(active, now), now) == now
    over = make_alert("on", example="ended", sent_at=now, expires_at=now + timedelta(hours=24))
    assert MANNERS.due(make_waiting(over, now), now) == now
    morning = datetime(2026, 1, 31, 7, 0, tzinfo=KYIV)
    for alert in (
        make_alert("claim", AlertType.TERRITORIAL_CLAIM),
        make_alert("past", phase=Phase.REPORTED, instruction="none"),
        make_alert("late", late=True),
        make_alert("expired", sent_at=now, expires_at=now),
    ):
        assert MANNERS.due(make_waiting(alert, now), now) == morning


def test_an_incident_is_collected_for_a_while_by_day() -> None:
    """From its first alert; what the night held back is told together, drills apart."""
    report = make_alert("past", phase=Phase.REPORTED, instruction="none")
    assert MANNERS.due(make_waiting(report, NOON), NOON) == NOON + WINDOW
    assert MANNERS.group(make_waiting(report, NOON, "a")) == ("a", False)
    assert MANNERS.group(make_waiting(report, MIDNIGHT, "a")) == ("quiet", False)
    drill = make_alert("drill", phase=Phase.REPORTED, instruction="none", mode=Mode.TEST)
    assert MANNERS.group(make_waiting(drill, MIDNIGHT, "b")) == ("quiet", True)
