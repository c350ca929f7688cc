"""Classifiers that come and go while articles flow pass over none of them."""

import asyncio
import itertools
import signal
from collections.abc import Iterator

import pytest

from factories import make_article, make_article_id
from support.services import Fleet
from support.topics import publish_articles, read_topic, wait_for_records, wait_until_processed
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.detection import Detection, read_detection_record
from tocsin_schemas.topics import ARTICLES, DETECTIONS

pytestmark = pytest.mark.alone

_AT_ONCE = 20
_PAUSE_SECONDS = 0.1


async def _publish_until(kafka: KafkaSettings, numbers: Iterator[int], done: asyncio.Event) -> None:
    while not done.is_set():
        batch = list(itertools.islice(numbers, _AT_ONCE))
        await publish_articles(
            kafka, [make_article(name=one, text=f"Alarm {one}.") for one in batch]
        )
        await asyncio.sleep(_PAUSE_SECONDS)  # a busy machine would never catch up


async def test_members_that_come_and_go_pass_nothing_over(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """Partitions without a committed offset change hands amid work: all is read by somebody."""
    numbers = itertools.count()
    done = asyncio.Event()
    flow = asyncio.create_task(_publish_until(kafka, numbers, done))
    first, second = fleet.classifier("classifier-1"), fleet.classifier("classifier-2")
    for one in (first, second):
        one.start()
        await asyncio.to_thread(one.wait_ready)
    await wait_for_records(kafka, DETECTIONS, lambda records: len(records) > 200)
    second.send(signal.SIGKILL)  # its partitions go to the first when its session has run out
    second.wait(10)
    third = fleet.classifier("classifier-3")
    third.start()
    await asyncio.to_thread(third.wait_ready)
    done.set()
    await flow
    await wait_until_processed(kafka, ARTICLES, "classifier")
    made = [read_detection_record(one.value or b"") for one in await read_topic(kafka, DETECTIONS)]
    found = {one.article_id for one in made if isinstance(one, Detection)}
    assert found == {make_article_id(number) for number in range(next(numbers))}
