"""The subscribers' client on the real broker: what it delivers, and where it goes on."""

import asyncio
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from support.alerts import make_alert, publish_alerts
from support.topics import publish
from tocsin_client import (
    AlertFilter,
    AlertStream,
    AlertType,
    AnyAlert,
    MissingTopicError,
    Mode,
    Received,
    Skipped,
    Status,
)
from tocsin_runtime.kafka import producer_options
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.envelope import encode_alert

SECONDS = 40.0
_NUMBERS = itertools.count(1)


def warning_on(**changes: Any) -> AnyAlert:
    """A warning that is on now, by default of an event of its own."""
    return make_alert(changes.pop("event", next(_NUMBERS)), **changes)


def of_type(alert_type: AlertType) -> AnyAlert:
    """A new alert of that type, of an event of its own."""
    return make_alert(next(_NUMBERS), alert_type)


def follow(kafka: KafkaSettings, **options: object) -> AlertStream:
    """A stream on the test's own topics."""
    return AlertStream(kafka.kafka_bootstrap, topic_prefix=kafka.topic_prefix, **options)  # type: ignore[arg-type]  # the tests' own shorthand


async def take(stream: AlertStream, count: int) -> list[Received]:
    """The next alerts of a stream."""
    found: list[Received] = []
    async with asyncio.timeout(SECONDS):
        async for received in stream:
            found.append(received)
            if len(found) == count:
                break
    return found


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition, with a deadline."""
    async with asyncio.timeout(SECONDS):
        while not condition():  # noqa: ASYNC110 - many things make it true
            await asyncio.sleep(0.05)


async def test_all_that_comes_after_entering_is_delivered_once(kafka: KafkaSettings) -> None:
    """Nothing from before, nothing twice, whatever the type."""
    await publish_alerts(kafka, [warning_on()])
    wanted = [
        warning_on(), of_type(AlertType.TERRITORIAL_CLAIM),
        of_type(AlertType.NEGOTIATION_STANCE),
    ]  # fmt: skip
    async with follow(kafka) as stream:
        await publish_alerts(kafka, [wanted[0], *wanted])
        found = await take(stream, 3)
    assert {one.alert.alert_id for one in found} == {one.alert_id for one in wanted}


async def test_an_iteration_that_was_broken_off_goes_on_where_it_was(kafka: KafkaSettings) -> None:
    """What was fetched in one batch with the alert at which it was left is not lost."""
    event = [warning_on(event="one")]
    event += [warning_on(event="one", revision=n, status=Status.UPDATED) for n in range(2, 12)]
    await publish_alerts(kafka, event)
    async with follow(kafka, since="beginning") as stream:
        found = [(await take(stream, 1))[0].alert.revision for _ in event]
    assert found == list(range(1, 12))


async def test_drills_and_what_does_not_fit_are_left_out(kafka: KafkaSettings) -> None:
    drill, other = warning_on(mode=Mode.TEST), warning_on(region="UA-65")
    mine = warning_on()
    wanted = AlertFilter(types=(AlertType.AIR_RAID_WARNING,), regions=("UA-59",))
    async with follow(kafka, filter=wanted, since="beginning") as stream:
        await publish_alerts(kafka, [drill, other, of_type(AlertType.TERRITORIAL_CLAIM), mine])
        [found] = await take(stream, 1)
    assert found.alert == mine


async def test_since_takes_what_came_from_then_on(kafka: KafkaSettings) -> None:
    """By the time at which Kafka has the alert."""
    now = datetime.now(UTC)
    old, young = warning_on(), warning_on()
    await publish_alerts(kafka, [old], at=now - timedelta(hours=3))
    await publish_alerts(kafka, [young], at=now - timedelta(hours=1))
    for since in (timedelta(hours=2), now - timedelta(hours=2)):
        async with follow(kafka, since=since) as stream:
            [found] = await take(stream, 1)
        assert found.alert == young


async def test_what_a_group_has_not_committed_comes_again(kafka: KafkaSettings) -> None:
    """At least once: the committed alert never, the one in hand and those behind it again."""
    alerts = [warning_on(event="one")]
    alerts += [warning_on(event="one", revision=number, status=Status.UPDATED) for number in (2, 3)]
    await publish_alerts(kafka, alerts)
    async with follow(kafka, group="desk", since="beginning") as stream:
        first, _ = await take(stream, 2)
        await first.commit()
    async with follow(kafka, group="desk", since="beginning") as stream:
        again = await take(stream, 2)
    assert [one.alert.revision for one in again] == [2, 3]


async def test_a_new_group_misses_nothing_between_its_first_start_and_the_next(
    kafka: KafkaSettings,
) -> None:
    """It stores where it began, though it has had nothing to commit yet."""
    async with follow(kafka, group="desk"):
        pass
    missed = warning_on()
    await publish_alerts(kafka, [missed])
    async with follow(kafka, group="desk") as stream:
        [found] = await take(stream, 1)
    assert found.alert == missed


async def test_two_members_of_a_group_share_the_alerts(kafka: KafkaSettings) -> None:
    """Both together get each alert; a member that leaves gives its share to the other."""
    alerts = [warning_on() for _ in range(24)]
    found: list[Received] = []

    async def read(stream: AlertStream, into: list[Received]) -> None:
        async for received in stream:
            into.append(received)
            await received.commit()

    async with follow(kafka, group="desk") as one:
        reading = asyncio.create_task(read(one, found))
        async with follow(kafka, group="desk") as two:
            other: list[Received] = []
            second = asyncio.create_task(read(two, other))
            await publish_alerts(kafka, alerts)
            await until(lambda: len({r.alert.alert_id for r in [*found, *other]}) == len(alerts))
            second.cancel()
            await asyncio.gather(second, return_exceptions=True)
        late = warning_on()
        await publish_alerts(kafka, [late])
        await until(lambda: late.alert_id in {r.alert.alert_id for r in found})
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def test_a_replaced_warning_is_no_longer_on(kafka: KafkaSettings) -> None:
    """Also when the filter holds the replacement back."""
    active, ended = warning_on(event="one"), warning_on(event="one", example="ended")
    only_new = AlertFilter(statuses=(Status.NEW,))
    async with follow(kafka, filter=only_new) as stream:
        await publish_alerts(kafka, [active])
        [found] = await take(stream, 1)
        assert found.is_on(datetime.now(UTC))
        assert not found.is_on(active.expires_at)
        await publish_alerts(kafka, [ended, warning_on()])
        await take(stream, 1)
        reading = asyncio.create_task(take(stream, 1))
        await until(lambda: found.is_replaced)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        assert not found.is_on(datetime.now(UTC))


async def test_late_and_retracted_warnings_are_never_on(kafka: KafkaSettings) -> None:
    async with follow(kafka) as stream:
        await publish_alerts(
            kafka,
            [
                warning_on(late=True),
                warning_on(example="retracted"),
                of_type(AlertType.TERRITORIAL_CLAIM),
            ],
        )
        assert [one.is_on() for one in await take(stream, 3)] == [False] * 3


async def test_what_is_no_alert_is_told_and_passed_over(kafka: KafkaSettings) -> None:
    """And does not hold the group back."""
    told: list[Skipped] = []
    topic = "alerts.air-raid-warning.v1"
    async with follow(kafka, group="desk", on_skipped=told.append) as stream:
        await publish(kafka, topic, [(b"event", b"no alert")])
        await publish_alerts(kafka, [warning_on()])
        await take(stream, 1)
        async with asyncio.timeout(SECONDS):
            while not told:
                await take(stream, 1)
    [skipped] = told
    assert skipped.topic == kafka.topic_prefix + topic
    assert "JSON" in skipped.reason


async def test_an_alert_of_an_aborted_transaction_is_never_seen(kafka: KafkaSettings) -> None:
    aborted, committed = warning_on(), warning_on()
    async with (
        follow(kafka) as stream,
        AIOKafkaProducer(
            **producer_options(kafka, "tests"), transactional_id=f"{kafka.topic_prefix}t"
        ) as producer,
    ):
        for alert in (aborted, committed):
            message = encode_alert(alert)
            await producer.begin_transaction()
            await producer.send_and_wait(
                kafka.topic_prefix + message.topic, message.value, key=message.key
            )
            if alert is aborted:
                await producer.abort_transaction()
            else:
                await producer.commit_transaction()
        [found] = await take(stream, 1)
    assert found.alert == committed


@pytest.mark.parametrize("group", [None, "desk"])
async def test_a_wrong_prefix_is_named(kafka: KafkaSettings, group: str | None) -> None:
    """Waiting for topics that will never be would look like silence."""
    stream = AlertStream(kafka.kafka_bootstrap, topic_prefix="nowhere.", group=group)
    with pytest.raises(MissingTopicError, match=r"nowhere\.alerts"):
        async with stream:
            pass


async def test_a_commit_needs_a_group(kafka: KafkaSettings) -> None:
    async with follow(kafka) as stream:
        await publish_alerts(kafka, [warning_on()])
        [found] = await take(stream, 1)
        with pytest.raises(ValueError, match="group"):
            await found.commit()


async def test_wrong_arguments_are_named() -> None:
    with pytest.raises(ValueError, match="acks"):
        AlertStream(security={"acks": 0})
    with pytest.raises(ValueError, match="zone"):
        AlertStream(since=datetime(2026, 1, 1))  # noqa: DTZ001 - that is what is refused
