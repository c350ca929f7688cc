"""Whatever ends a service, nothing is lost, nothing comes twice, and alerts soon flow again."""

import asyncio
import signal
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest

from factories import make_article, make_article_id
from support.services import Fleet, ServiceProcess, supervised
from support.topics import publish_articles, read_topic, wait_for_records, wait_until_processed
from tocsin_localkafka import LocalKafka
from tocsin_runtime.dead_letter import Received
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.alerts import read_alert
from tocsin_schemas.article import Article
from tocsin_schemas.topics import ALERT_TOPICS, ARTICLES, DETECTIONS
from tocsin_schemas.vocabulary import AlertType

pytestmark = pytest.mark.alone

WARNINGS = ALERT_TOPICS[AlertType.AIR_RAID_WARNING]

STOP_SECONDS = 5.0
FLOW_SECONDS = 5.0
"""From the restart after a kill to the next alert."""


def articles(numbers: Sequence[int]) -> list[Article]:
    """Articles of now that lead to one alert each."""
    now = datetime.now(UTC)
    dates = {"published_at": now, "received_at": now, "dated_at": now}
    return [make_article(name=one, text=f"Alarm number {one}.", **dates) for one in numbers]


async def settled(kafka: KafkaSettings) -> list[UUID]:
    """The articles of all committed alerts, once all is processed; repeated alerts fail."""
    await wait_until_processed(kafka, ARTICLES, "classifier")
    await wait_until_processed(kafka, DETECTIONS, "notifier")
    alerts = [read_alert(one.value or b"") for one in await read_topic(kafka, WARNINGS)]
    assert len({one.alert_id for one in alerts}) == len(alerts), "an alert came twice"
    return sorted(one.evidence[0].article_id for one in alerts)


def expected(count: int) -> list[UUID]:
    """The articles that must have their alert."""
    return sorted(make_article_id(number) for number in range(count))


def tells_of(numbers: Sequence[int]) -> Callable[[list[Received]], bool]:
    """Whether an alert about one of these articles is there."""
    wanted = {make_article_id(number) for number in numbers}

    def found(records: list[Received]) -> bool:
        alerts = (read_alert(one.value or b"") for one in records)
        return any(one.evidence[0].article_id in wanted for one in alerts)

    return found


@pytest.fixture
def pipeline(fleet: Fleet) -> dict[str, ServiceProcess]:
    """Classifier and notifier, both ready."""
    services = {"classifier": fleet.classifier(), "notifier": fleet.notifier()}
    for service in services.values():
        service.start()
    for service in services.values():
        service.wait_ready()
    return services


@pytest.mark.parametrize("name", ["classifier", "notifier"])
async def test_sigterm_ends_a_service_in_order(
    kafka: KafkaSettings, pipeline: dict[str, ServiceProcess], name: str
) -> None:
    """SIGTERM amid work: exit code 0 within five seconds, nothing lost after the restart."""
    await publish_articles(kafka, articles(range(300)))
    service = pipeline[name]
    await wait_for_records(kafka, WARNINGS, lambda records: len(records) > 0)
    started = time.monotonic()
    service.send(signal.SIGTERM)
    assert service.wait(STOP_SECONDS) == 0
    print(f"{name}: SIGTERM to exit {time.monotonic() - started:.2f} s")
    service.start()
    await publish_articles(kafka, articles(range(300, 310)))
    assert await settled(kafka) == expected(310)


async def test_sigterm_ends_a_delivery_in_order(kafka: KafkaSettings, fleet: Fleet) -> None:
    """SIGTERM ends `deliver` with exit code 0 within five seconds."""
    deliver = fleet.deliver()
    deliver.start()
    deliver.wait_ready()
    deliver.send(signal.SIGTERM)
    assert deliver.wait(STOP_SECONDS) == 0


@pytest.mark.parametrize("name", ["classifier", "notifier"])
async def test_alerts_flow_again_after_a_kill(
    kafka: KafkaSettings, pipeline: dict[str, ServiceProcess], name: str
) -> None:
    """`kill -9` amid work: alerts flow within five seconds of the restart, none lost or doubled."""
    await publish_articles(kafka, articles(range(300)))
    await wait_for_records(kafka, WARNINGS, lambda records: len(records) > 0)
    pipeline[name].kill()
    await publish_articles(kafka, articles(range(300, 310)))
    pipeline[name].start()
    started = time.monotonic()
    await wait_for_records(kafka, WARNINGS, tells_of(range(300, 310)), FLOW_SECONDS)
    print(f"{name}: restart to next alert {time.monotonic() - started:.2f} s")
    assert await settled(kafka) == expected(310)


async def test_a_paused_notifier_that_wakes_doubles_nothing(
    kafka: KafkaSettings, fleet: Fleet, pipeline: dict[str, ServiceProcess]
) -> None:
    """While one notifier is frozen another takes over; when it wakes it is fenced."""
    other = fleet.notifier("notifier-2")
    other.start()
    other.wait_ready()
    await publish_articles(kafka, articles(range(200)))
    await wait_for_records(kafka, WARNINGS, lambda records: len(records) > 0)
    pipeline["notifier"].send(signal.SIGSTOP)
    await publish_articles(kafka, articles(range(200, 300)))
    assert await settled(kafka) == expected(300)
    pipeline["notifier"].send(signal.SIGCONT)
    await publish_articles(kafka, articles(range(300, 320)))
    assert await settled(kafka) == expected(320)


@pytest.mark.timeout(240)
async def test_a_killed_broker_costs_nothing(
    kafka: KafkaSettings, broker: LocalKafka, pipeline: dict[str, ServiceProcess]
) -> None:
    """`kill -9` of the broker and its return: whatever ended is started again, nothing is lost."""
    await publish_articles(kafka, articles(range(100)))
    await wait_for_records(kafka, WARNINGS, lambda records: len(records) > 0)
    async with supervised(pipeline.values()) as starts:
        await asyncio.to_thread(broker.kill)
        await asyncio.to_thread(broker.restart)
        started = time.monotonic()
        await publish_articles(kafka, articles(range(100, 120)))
        await wait_for_records(kafka, WARNINGS, tells_of(range(100, 120)))
        print(f"broker back to next alert {time.monotonic() - started:.2f} s, {starts} restarts")
        assert await settled(kafka) == expected(120)
