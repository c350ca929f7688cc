"""The notifier: detections to alerts in transactions, with its state on Kafka."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from support.services import Fleet, wait_until
from support.stream import alarm, publish_detections
from support.topics import lag, publish, read_topic, wait_for_records, wait_until_processed
from tocsin_runtime import dead_letter
from tocsin_runtime.kafka import topic_name
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.alerts import AirRaidWarningAlert, read_alert
from tocsin_schemas.detection import Heartbeat, Probe, Tick, read_detection_record
from tocsin_schemas.envelope import header
from tocsin_schemas.published import schema_names, schema_of
from tocsin_schemas.topics import (
    ALERT_TOPICS,
    DETECTIONS,
    DETECTIONS_DEAD_LETTER,
    HEARTBEAT,
    NOTIFIER_STATE,
)
from tocsin_schemas.vocabulary import AlertType, Phase, Status

WARNINGS = ALERT_TOPICS[AlertType.AIR_RAID_WARNING]


async def test_each_detection_becomes_one_alert_and_repeats_none(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """Alarms become alerts; the same detections again change nothing, also after a restart."""
    notifier = fleet.notifier()
    notifier.start()
    notifier.wait_ready()
    detections = [alarm(number) for number in range(20)]
    await publish_detections(kafka, detections)
    await publish_detections(kafka, detections)
    await wait_until_processed(kafka, DETECTIONS, "notifier")
    notifier.kill()
    notifier.start()
    await publish_detections(kafka, detections)
    await wait_until_processed(kafka, DETECTIONS, "notifier")
    records = await read_topic(kafka, WARNINGS)
    alerts = [read_alert(one.value or b"") for one in records]
    assert len({one.alert_id for one in alerts}) == len(alerts) == 20
    assert {str(one.event_id).encode() for one in alerts} == {one.key for one in records}
    assert all(header(one.headers, "ce_type") for one in records)
    assert notifier.metric("tocsin_detections_dropped_total") == 20


async def test_metrics_count_what_was_committed(kafka: KafkaSettings, fleet: Fleet) -> None:
    """Alerts, latencies and the state's size are told once the transaction is committed."""
    notifier = fleet.notifier()
    notifier.start()
    await publish_detections(kafka, [alarm(number) for number in range(5)])
    await wait_until_processed(kafka, DETECTIONS, "notifier")
    assert notifier.metric("tocsin_alerts_total") == 5
    assert notifier.metric("tocsin_end_to_end_latency_seconds_count") == 5
    assert notifier.metric("tocsin_hop_latency_seconds_count") == 5
    assert notifier.metric("tocsin_state_restore_seconds_count") == 12
    assert notifier.metric("tocsin_state_records") > 0


async def test_bytes_that_are_no_record_go_aside_in_the_same_transaction(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """Junk on `detections` is dead-lettered untouched and the partition goes on."""
    notifier = fleet.notifier()
    notifier.start()
    good = alarm(1)
    junk = [b"\x00\xff", b'{"kind": "detection", "v": 1}']
    await publish(kafka, DETECTIONS, [(b"k", one) for one in junk], partition=5)
    await publish(kafka, DETECTIONS, [(b"k", b'{"kind": "weather", "v": 1}')], partition=5)
    await publish(kafka, DETECTIONS, [(good.scope.encode(), good.to_json())], partition=5)
    await wait_until_processed(kafka, DETECTIONS, "notifier")
    letters = await read_topic(kafka, DETECTIONS_DEAD_LETTER)
    assert sorted(one.value or b"" for one in letters) == sorted(junk)
    assert {header(one.headers, dead_letter.PARTITION) for one in letters} == {"5"}
    assert {header(one.headers, dead_letter.REASON) for one in letters} == {"undecodable"}
    assert len(await read_topic(kafka, WARNINGS)) == 1
    assert notifier.metric("tocsin_records_skipped_total") == 1


async def test_a_bad_release_ends_and_drains_nothing(kafka: KafkaSettings, fleet: Fleet) -> None:
    """A correlation that raises on everything ends without committing anything."""
    bad = fleet.service("bad", "python", "-m", "support.planned_notifier", instance="notifier-1")
    bad.start()
    await publish_detections(kafka, [alarm(number) for number in range(3)])
    assert bad.wait(60) == 70
    assert "release is at fault" in bad.log_text()
    assert await read_topic(kafka, DETECTIONS_DEAD_LETTER) == []
    assert await lag(kafka, DETECTIONS, "notifier") == 3
    fleet.notifier().start()
    await wait_for_records(kafka, WARNINGS, lambda records: len(records) == 3)


async def test_a_probe_becomes_a_heartbeat(kafka: KafkaSettings, fleet: Fleet) -> None:
    """The age of each path's last probe stands on the heartbeat topic."""
    fleet.notifier().start()
    sent_at = datetime.now(UTC)
    for path in (2, 9):
        probe = Probe(path=path, sent_at=sent_at)
        await publish(kafka, DETECTIONS, [(b"p", probe.to_json())], partition=path)
    found = await wait_for_records(kafka, HEARTBEAT, lambda records: len(records) == 2)
    beats = [Heartbeat.read(one.value or b"") for one in found]
    assert {(one.path, str(one.path).encode()) for one in beats} == {(2, b"2"), (9, b"9")}
    assert {one.path for one in beats} == {2, 9}
    assert all(one.sent_at == sent_at <= one.seen_at for one in beats)


async def test_a_due_timer_is_fired_by_a_tick_in_the_log(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """An alarm without all-clear lapses, also when nothing arrives: one tick moves time on."""
    fleet.notifier().start()
    # Its own time lies back so far that it is active for a moment more before it lapses.
    almost = datetime.now(UTC) - timedelta(hours=3) + timedelta(seconds=20)
    await publish_detections(kafka, [alarm(1, at=almost, active_for=14_400)])
    records = await wait_for_records(kafka, WARNINGS, lambda found: len(found) == 2, 90)
    alerts = [read_alert(one.value or b"") for one in records]
    assert [isinstance(one, AirRaidWarningAlert) and one.phase for one in alerts] == [
        Phase.ACTIVE,
        Phase.LAPSED,
    ]
    assert alerts[1].status is Status.UPDATED
    log = [read_detection_record(one.value or b"") for one in await read_topic(kafka, DETECTIONS)]
    assert len([one for one in log if isinstance(one, Tick)]) == 1


async def test_a_replay_sends_no_ticks(archive: KafkaSettings, fleet: Fleet) -> None:
    """In the archive time moves with the articles alone."""
    notifier = fleet.notifier(TOCSIN_TOPIC_PREFIX=archive.topic_prefix, TOCSIN_ARCHIVE="true")
    notifier.start()
    await publish_detections(archive, [alarm(1)])
    await wait_until_processed(archive, DETECTIONS, "notifier")
    log = await read_topic(archive, DETECTIONS)
    assert [read_detection_record(one.value or b"").kind for one in log] == ["detection"]


async def test_two_notifiers_share_the_partitions_without_doubling(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """A second member takes over some partitions with their state; what was sent stays sent."""
    first, second = fleet.notifier("notifier-1"), fleet.notifier("notifier-2")
    first.start()
    detections = [alarm(number) for number in range(40)]
    await publish_detections(kafka, detections[:20])
    await wait_until_processed(kafka, DETECTIONS, "notifier")
    second.start()
    await publish_detections(kafka, detections[10:30])
    wait_until(lambda: second.metric("tocsin_state_restore_seconds_count") > 0, 60, "shared")
    await publish_detections(kafka, detections)
    await wait_until_processed(kafka, DETECTIONS, "notifier")
    alerts = [read_alert(one.value or b"") for one in await read_topic(kafka, WARNINGS)]
    assert len({one.alert_id for one in alerts}) == len(alerts) == 40
    assert first.running
    assert second.running


async def test_a_rebalance_restores_only_what_changes_hands(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """The first notifier keeps half of the partitions as they are in its memory."""
    first, second = fleet.notifier("notifier-1"), fleet.notifier("notifier-2")
    restored = "tocsin_state_restore_seconds_count"
    first.start()
    first.wait_ready()
    assert first.metric(restored) == 12
    second.start()
    wait_until(lambda: second.metric(restored) > 0, 60, "the second has its share")
    second.wait_ready()
    await publish_detections(kafka, [alarm(number) for number in range(20)])
    await wait_until_processed(kafka, DETECTIONS, "notifier")
    assert (first.metric(restored), second.metric(restored)) == (12, 6)


async def test_two_processes_with_one_instance_id_end_with_its_name(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """Members that take the partitions from each other say so, and double no alert."""
    twins = [fleet.notifier(name, TOCSIN_INSTANCE_ID="the-same") for name in ("twin-1", "twin-2")]
    for twin in twins:
        twin.start()
    await publish_detections(kafka, [alarm(number) for number in range(10)])
    wait_until(lambda: not all(twin.running for twin in twins), 90, "one of the twins has ended")
    ended = next(twin for twin in twins if not twin.running)
    assert ended.wait(1) == 70
    assert "'the-same'" in ended.log_text()
    assert "TOCSIN_INSTANCE_ID" in ended.log_text()
    await wait_until_processed(kafka, DETECTIONS, "notifier")
    alerts = [read_alert(one.value or b"") for one in await read_topic(kafka, WARNINGS)]
    assert len({one.alert_id for one in alerts}) == len(alerts) == 10


async def test_unequal_partitions_are_refused(kafka: KafkaSettings, fleet: Fleet) -> None:
    """The state of a partition must have the same number as its input."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.kafka_bootstrap)
    await admin.start()
    try:
        other = KafkaSettings(
            kafka_bootstrap=kafka.kafka_bootstrap, topic_prefix=f"odd-{kafka.topic_prefix}"
        )
        names = (*ALERT_TOPICS.values(), DETECTIONS, DETECTIONS_DEAD_LETTER, HEARTBEAT)
        topics = [NewTopic(topic_name(other, name), 3, 1) for name in names]
        state = NewTopic(topic_name(other, NOTIFIER_STATE), 4, 1)
        await admin.create_topics([*topics, state])
    finally:
        await admin.close()
    notifier = fleet.notifier(TOCSIN_TOPIC_PREFIX=other.topic_prefix)
    notifier.start()
    assert notifier.wait(60) == 78
    assert "has 3 partitions" in notifier.log_text()
    assert "has 4" in notifier.log_text()


async def test_delivery_reads_the_alerts_and_serves_the_schemas(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """`deliver` counts what it reads and answers with each published schema."""
    deliver, notifier = fleet.deliver(), fleet.notifier()
    deliver.start()
    notifier.start()
    deliver.wait_ready()
    await publish_detections(kafka, [alarm(number) for number in range(3)])
    name = "tocsin_delivery_alerts_read_total"
    wait_until(lambda: deliver.metric(name) == 3, 60, "three alerts read")
    listed = json.loads(deliver.get("/v1/schemas")[1])["schemas"]
    assert set(listed) == set(schema_names())
    status, body = deliver.get("/v1/schemas/air-raid-warning/v1.json")
    assert (status, json.loads(body)) == (200, schema_of("air-raid-warning"))
    status, body = deliver.get("/v1/schemas/weather/v1.json")
    assert status == 404
    assert "air-raid-warning" in body


@pytest.mark.parametrize(
    ("command", "variable", "value"),
    [
        (("tocsin-notifier", "correlate"), "TOCSIN_KAFKA_BOOTSTRAP", "no port"),
        (("tocsin-notifier", "deliver"), "TOCSIN_HTTP_HOST", "256.0.0.1"),
        (("tocsin-classifier",), "TOCSIN_TOPIC_PREFIX", "UPPER"),
    ],
)
def test_wrong_settings_are_named_at_the_start(
    fleet: Fleet, command: tuple[str, ...], variable: str, value: str
) -> None:
    """A service with a wrong setting ends at once and says which and what it saw."""
    service = fleet.service("wrong", *command, **{variable: value})
    service.start()
    assert service.wait(60) == 78
    assert variable in service.log_text()
    assert value in service.log_text()
