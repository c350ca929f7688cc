"""`/v1/stream` of a delivery on a real broker: nothing missed, nothing twice, gaps told."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.structs import TopicPartition

from support.alerts import make_alert, publish_alerts
from support.listening import listening
from support.services import Fleet, ServiceProcess
from support.topics import publish
from tocsin_notifier.delivery.domain.position import Layout
from tocsin_notifier.domain.outcome import AnyAlert
from tocsin_runtime.kafka import partition_counts, topic_name
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.detection import Heartbeat
from tocsin_schemas.topics import ALERT_TOPICS, ARTICLES, HEARTBEAT, TOPICS
from tocsin_schemas.vocabulary import AlertType, Mode


async def publish_quickly(settings: KafkaSettings, warnings: list[AnyAlert]) -> None:
    """Write many warnings at once, each event's in their order."""
    records = [(str(one.event_id).encode(), one.to_json()) for one in warnings]
    await publish(settings, ALERT_TOPICS[AlertType.AIR_RAID_WARNING], records)


@pytest.fixture
def deliver(fleet: Fleet) -> ServiceProcess:
    """A delivery that is ready."""
    process = fleet.deliver()
    process.start()
    process.wait_ready()
    return process


async def test_alerts_come_as_they_are_published(
    kafka: KafkaSettings, deliver: ServiceProcess
) -> None:
    """Only live ones that fit the filter; no proxy is to hold them back."""
    async with (
        listening(deliver.port) as everything,
        listening(deliver.port, "?region=UA-59&type=air-raid-warning") as sumy,
        listening(deliver.port, "?drills=1") as drills,
    ):
        assert "text/event-stream" in everything.head
        assert "x-accel-buffering: no" in everything.head
        for listener in (everything, sumy, drills):
            await listener.next("heartbeat")
        drill = make_alert("drill", mode=Mode.TEST, headline="DRILL: Air-raid warning")
        stance = make_alert("stance", AlertType.NEGOTIATION_STANCE)
        alarm = make_alert("alarm")
        await publish_alerts(kafka, [drill, stance, alarm])
        told = await everything.alerts(2)
        assert {one["alert_id"] for one in told} == {str(stance.alert_id), str(alarm.alert_id)}
        assert [one["region"] for one in await sumy.alerts(1)] == ["UA-59"]
        assert len(await drills.alerts(3)) == 3


async def test_a_listener_resumes_where_it_stopped(
    kafka: KafkaSettings, fleet: Fleet, deliver: ServiceProcess
) -> None:
    """After the server was killed, and with an id from before all that it remembers."""
    alerts = [make_alert(number) for number in range(40)]
    async with listening(deliver.port) as listener:
        start = (await listener.next("heartbeat")).id
        await publish_alerts(kafka, alerts[:20])
        first = await listener.alerts(10)
        middle = listener.last_id
    deliver.kill()
    await publish_alerts(kafka, alerts[20:])
    deliver.start()
    deliver.wait_ready()
    async with listening(deliver.port, last_event_id=middle) as listener:
        rest = await listener.alerts(30)
    assert sorted(one["alert_id"] for one in first + rest) == sorted(
        str(one.alert_id) for one in alerts
    )
    async with listening(deliver.port, f"?last_event_id={start}") as listener:
        assert len({one["alert_id"] for one in await listener.alerts(40)}) == 40


async def test_what_the_memory_has_forgotten_is_read_from_kafka(
    kafka: KafkaSettings, deliver: ServiceProcess
) -> None:
    """More alerts than are remembered, each once, in the order of each event."""
    async with listening(deliver.port) as listener:
        start = (await listener.next("heartbeat")).id
    alerts = [make_alert(number % 50, revision=1 + number // 50, status=_status(number // 50))
              for number in range(1_700)]  # fmt: skip
    await publish_quickly(kafka, alerts)
    async with listening(deliver.port, last_event_id=start) as listener:
        told = await listener.alerts(1_700)
    assert len({one["alert_id"] for one in told}) == 1_700
    for event in {one["event_id"] for one in told}:
        revisions = [one["revision"] for one in told if one["event_id"] == event]
        assert revisions == sorted(revisions)


def _status(former: int) -> str:
    return "updated" if former else "new"


async def test_who_falls_too_far_behind_is_cut_off_and_resumes(
    kafka: KafkaSettings, deliver: ServiceProcess
) -> None:
    """It has lost nothing: what it had read and what comes after its last id are all."""
    alerts = [make_alert(number) for number in range(2_600)]
    told: list[str] = []
    async with listening(deliver.port, receive_bytes=4_096) as slow:
        await slow.next("heartbeat")
        await publish_quickly(kafka, alerts)
        async with asyncio.timeout(60):
            while deliver.metric("tocsin_stream_cut_offs_total") < 1:
                await asyncio.to_thread(deliver.get, "/healthz")
        with suppress(asyncio.IncompleteReadError):
            while True:
                told.append((await slow.next("alert")).data["alert_id"])
        last = slow.last_id
    assert len(told) < len(alerts)
    async with listening(deliver.port, last_event_id=last) as listener:
        rest = await listener.alerts(len(alerts) - len(told), seconds=60)
    told += [one["alert_id"] for one in rest]
    assert sorted(told) == sorted(str(one.alert_id) for one in alerts)


async def test_a_resume_point_older_than_retention_is_a_gap(
    kafka: KafkaSettings, deliver: ServiceProcess, fleet: Fleet
) -> None:
    """Told before what is left, with how many are lost; an id that is none is a gap as well."""
    async with listening(deliver.port) as listener:
        start = (await listener.next("heartbeat")).id
        await publish_alerts(kafka, [make_alert(number) for number in range(60)])
        await listener.alerts(60)
    topic = ALERT_TOPICS[AlertType.AIR_RAID_WARNING]
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.kafka_bootstrap)
    await admin.start()
    await admin.delete_records(
        {
            TopicPartition(topic_name(kafka, topic), number): RecordsToDelete(before_offset=-1)
            for number in range(TOPICS[topic].partitions)
        }
    )
    await admin.close()
    other = fleet.service("deliver-2", "tocsin-notifier", "deliver")
    other.start()
    other.wait_ready()
    async with listening(other.port, last_event_id=start) as listener:
        gap = await listener.next()
        assert (gap.name, gap.data) == ("gap", {"reason": "retention", "lost": {topic: 60}})
        await publish_alerts(kafka, [make_alert("later")])
        assert len(await listener.alerts(1)) == 1
    for foreign in ("nonsense", "%00", await _far_position(kafka)):
        async with listening(other.port, last_event_id=foreign) as listener:
            assert (await listener.next()).data["reason"] == "unknown"


async def _far_position(kafka: KafkaSettings) -> str:
    layout = Layout(await partition_counts(kafka, ALERT_TOPICS.values()))
    return layout.encode([10**6] * len(layout.partitions()))


async def test_the_heartbeat_says_when_the_pipeline_is_blind(
    kafka: KafkaSettings, deliver: ServiceProcess
) -> None:
    """The oldest path counts: one that is 30 s old is enough."""
    now = datetime.now(UTC)
    count = TOPICS[ARTICLES].partitions
    fresh = [Heartbeat(path=path, sent_at=now, seen_at=now) for path in range(count)]
    old = Heartbeat(path=3, sent_at=now - timedelta(seconds=31), seen_at=now)
    beats = [*fresh[:3], old, *fresh[4:]]
    await publish(kafka, HEARTBEAT, [(str(one.path).encode(), one.to_json()) for one in beats])
    async with listening(deliver.port) as listener:
        async with asyncio.timeout(20):
            while (beat := await listener.next("heartbeat")).data["blind_since"] is None:
                pass
        assert beat.data["blind_since"] == old.sent_at.isoformat().replace("+00:00", "Z")
        assert (beat.data["blind_paths"], beat.data["paths"]) == (1, count)
        await publish(kafka, HEARTBEAT, [(b"3", fresh[3].to_json())])
        async with asyncio.timeout(20):
            while (await listener.next("heartbeat")).data["blind_since"] is not None:
                pass


def test_a_filter_that_cannot_be_is_refused(deliver: ServiceProcess) -> None:
    """With its name and what is allowed."""
    refusals = {
        "?colour=red": "colour: is unknown; allowed: type",
        "?region=Sumy": "region: ",
        "?type=siren": "type: ",
        "?drills=2": "drills: is 0 or 1",
    }
    for path in ("/v1/stream", "/v1/alerts"):
        for query, told in refusals.items():
            status, body = deliver.get(path + query)
            assert status == 400
            assert told in body
    assert deliver.get("/v1/alerts?limit=0")[0] == 400
