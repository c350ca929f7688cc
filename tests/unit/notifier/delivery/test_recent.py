"""The newest events with their latest alerts."""

from datetime import UTC, datetime, timedelta

from support.alerts import event_id, make_alert
from tocsin_notifier.delivery.domain.recent import Recent
from tocsin_schemas.vocabulary import AlertType

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_an_event_is_kept_with_its_latest_alert_alone() -> None:
    """Each of its alerts leads to it, and the times of all are known for references."""
    recent = Recent()
    first = make_alert(sent_at=NOW)
    second = make_alert(example="updated", revision=2, sent_at=NOW + timedelta(minutes=1))
    for alert in (second, first):
        recent.take(alert)
    [kept] = recent.newest()
    assert (kept.alert_id, kept.revision) == (second.alert_id, 2)
    assert kept.alert() == second
    assert recent.latest_of(first.alert_id) == kept
    assert kept.sent == {first.alert_id: first.sent_at, second.alert_id: second.sent_at}


def test_the_oldest_are_forgotten() -> None:
    """By type, so that many warnings never push out the claims."""
    recent = Recent(max_events=8)
    recent.take(make_alert("claim", AlertType.TERRITORIAL_CLAIM, sent_at=NOW - timedelta(days=1)))
    for number in range(30):
        recent.take(make_alert(number, sent_at=NOW + timedelta(seconds=number)))
    warnings = list(recent.newest(AlertType.AIR_RAID_WARNING))
    assert 8 <= len(warnings) <= 9
    assert warnings[0].event_id == event_id(29)
    assert recent.latest_of(make_alert(0).alert_id) is None
    assert list(recent.newest())[-1].event_id == event_id("claim")
