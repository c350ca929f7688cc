"""The classifier: every article gives its detections, bad ones go aside, none is lost."""

import json
from datetime import UTC, datetime

from factories import make_article, make_article_id
from support.services import Fleet, wait_until
from support.topics import (
    lag,
    publish,
    publish_articles,
    read_topic,
    wait_for_records,
    wait_until_processed,
)
from tocsin_runtime import dead_letter
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.detection import ArticleRevised, Detection, Probe, read_detection_record
from tocsin_schemas.topics import ARTICLES, ARTICLES_DEAD_LETTER, DETECTIONS, TOPICS
from tocsin_schemas.vocabulary import RevisionKind


async def test_each_article_becomes_its_detection_keyed_by_scope(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """An article's detection stands under the scope's key and carries its trace on."""
    classifier = fleet.classifier()
    classifier.start()
    classifier.wait_ready()
    trace = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    article = make_article(name="traced")
    await publish(
        kafka,
        ARTICLES,
        [(str(article.article_id).encode(), article.to_json())],
        headers=[("traceparent", trace)],
    )
    found = await wait_for_records(kafka, DETECTIONS, lambda records: len(records) == 1)
    detection = read_detection_record(found[0].value or b"")
    assert isinstance(detection, Detection)
    assert detection.article_id == article.article_id
    assert found[0].key == b"UA-59"
    assert ("traceparent", trace) in found[0].headers
    await wait_until_processed(kafka, ARTICLES, "classifier")
    assert classifier.metric("tocsin_detections_total") == 1
    assert classifier.metric("tocsin_hop_latency_seconds_count") == 1


async def test_a_later_revision_is_told_to_every_partition(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """All partitions of `detections` hear of a correction, behind its own detections."""
    fleet.classifier().start()
    await publish_articles(kafka, [make_article(revision=2, revision_kind=RevisionKind.CORRECTION)])
    partitions = TOPICS[DETECTIONS].partitions
    found = await wait_for_records(kafka, DETECTIONS, lambda all_: len(all_) == partitions + 1)
    told = [one for one in found if _read(one.value, ArticleRevised)]
    assert sorted(one.partition for one in told) == list(range(partitions))
    made = next(one for one in found if _read(one.value, Detection))
    after = next(one for one in told if one.partition == made.partition)
    assert made.offset < after.offset


async def test_a_withdrawn_article_says_nothing_but_is_told(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """A withdrawal leads to no detection, only to the record that takes the old ones back."""
    fleet.classifier().start()
    gone = make_article(text="", revision=2, revision_kind=RevisionKind.WITHDRAWN)
    await publish_articles(kafka, [gone])
    await wait_until_processed(kafka, ARTICLES, "classifier")
    found = await read_topic(kafka, DETECTIONS)
    assert len(found) == TOPICS[DETECTIONS].partitions
    assert all(_read(one.value, ArticleRevised) for one in found)


async def test_bytes_that_are_no_article_go_aside_untouched(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """Junk lands on the dead-letter topic as it was, with where and why; the next one is read."""
    classifier = fleet.classifier()
    classifier.start()
    junk = [b"\xff\x00 no text", b'{"kind": "article", "v": 1}', b"[]", b'{"v": 1}']
    await publish(kafka, ARTICLES, [(b"some key", one) for one in junk], partition=3)
    good = make_article(name="behind the junk")
    await publish(kafka, ARTICLES, [(b"some key", good.to_json())], partition=3)
    await wait_until_processed(kafka, ARTICLES, "classifier")
    letters = await read_topic(kafka, ARTICLES_DEAD_LETTER)
    assert sorted(one.value or b"" for one in letters) == sorted(junk)
    for letter in letters:
        told = dict(letter.headers)
        assert letter.key == b"some key"
        assert told[dead_letter.REASON] == b"undecodable"
        assert told[dead_letter.TOPIC].decode() == f"{kafka.topic_prefix}{ARTICLES}"
        assert told[dead_letter.PARTITION] == b"3"
        assert junk[int(told[dead_letter.OFFSET])] == letter.value
        assert datetime.fromisoformat(told[dead_letter.AT].decode()).tzinfo is not None
        assert told[dead_letter.DETAIL]
    assert len(await read_topic(kafka, DETECTIONS)) == 1
    assert classifier.metric("tocsin_dead_letters_total") == len(junk)


async def test_records_of_a_later_release_are_skipped_and_counted(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """An unknown kind and a future version are no errors."""
    classifier = fleet.classifier()
    classifier.start()
    future = json.loads(make_article().to_json()) | {"v": 9}
    records = [b'{"kind": "weather", "v": 1}', json.dumps(future).encode()]
    await publish(kafka, ARTICLES, [(b"k", one) for one in records])
    await wait_until_processed(kafka, ARTICLES, "classifier")
    assert await read_topic(kafka, ARTICLES_DEAD_LETTER) == []
    assert await read_topic(kafka, DETECTIONS) == []
    assert classifier.metric("tocsin_records_skipped_total") == 2


async def test_one_bad_and_one_slow_article_hold_nothing_up(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """An article that raises and one that never ends go aside; the others are classified."""
    classifier = fleet.classifier(TOCSIN_CLASSIFY_SECONDS="0.5")
    classifier.start()
    texts = ["Fine.", "FAIL here.", "Fine too.", "SLOW here.", "Fine as well."]
    articles = [make_article(name=text, text=text) for text in texts]
    records = [(b"k", one.to_json()) for one in articles]
    await publish(kafka, ARTICLES, records, partition=0)
    await wait_until_processed(kafka, ARTICLES, "classifier")
    letters = await read_topic(kafka, ARTICLES_DEAD_LETTER)
    reasons = {dict(one.headers)[dead_letter.REASON]: one.value for one in letters}
    assert reasons == {b"failed": articles[1].to_json(), b"too-slow": articles[3].to_json()}
    found = [read_detection_record(one.value or b"") for one in await read_topic(kafka, DETECTIONS)]
    fine = [make_article_id(text) for text in texts if text.startswith("Fine")]
    assert [one.article_id for one in found if isinstance(one, Detection)] == fine


async def test_a_bad_release_ends_and_drains_nothing(kafka: KafkaSettings, fleet: Fleet) -> None:
    """A classifier that raises on everything ends without acknowledging or dead-lettering."""
    bad = fleet.service(
        "bad", "python", "-m", "support.planned_classifier", "--always-raise", instance="classifier"
    )
    bad.start()
    await publish_articles(kafka, [make_article(name=number) for number in range(3)])
    assert bad.wait(60) == 70
    assert "the release is at fault" in bad.log_text()
    assert await read_topic(kafka, ARTICLES_DEAD_LETTER) == []
    assert await lag(kafka, ARTICLES, "classifier") == 3
    good = fleet.classifier("good")
    good.environment = {**good.environment, "TOCSIN_INSTANCE_ID": "classifier"}
    good.start()
    await wait_for_records(kafka, DETECTIONS, lambda records: len(records) == 3)


async def test_a_probe_keeps_its_partition(kafka: KafkaSettings, fleet: Fleet) -> None:
    """The probe of a path comes out of the same partition that it went into."""
    classifier = fleet.classifier()
    classifier.start()
    for path in (0, 7, 11):
        probe = Probe(path=path, sent_at=datetime.now(UTC))
        await publish(kafka, ARTICLES, [(str(path).encode(), probe.to_json())], partition=path)
    found = await wait_for_records(kafka, DETECTIONS, lambda records: len(records) == 3)
    assert {one.partition for one in found} == {0, 7, 11}
    for one in found:
        probe_read = read_detection_record(one.value or b"")
        assert isinstance(probe_read, Probe)
        assert probe_read.path == one.partition
    wait_until(lambda: classifier.metric("tocsin_probes_total") == 3, 5, "probes counted")


async def test_two_processes_with_one_instance_id_end_with_its_name(
    kafka: KafkaSettings, fleet: Fleet
) -> None:
    """Two members that take the partitions from each other notice it and say how to mend it."""
    twins = [fleet.classifier("twin-1"), fleet.classifier("twin-2")]
    for twin in twins:
        twin.environment = {**twin.environment, "TOCSIN_INSTANCE_ID": "the-same"}
        twin.start()
    wait_until(lambda: not all(twin.running for twin in twins), 60, "one of the twins has ended")
    ended = next(twin for twin in twins if not twin.running)
    assert ended.wait(1) == 70
    assert "'the-same'" in ended.log_text()
    assert "TOCSIN_INSTANCE_ID" in ended.log_text()


def _read(value: bytes | None, kind: type) -> bool:
    return isinstance(read_detection_record(value or b""), kind)
