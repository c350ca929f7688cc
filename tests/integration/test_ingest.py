"""Ingest as a process against a real broker: every article once, every revision in its order."""

import json
import shutil
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from jsonschema import Draft202012Validator

from support.services import Fleet, ServiceProcess, wait_until
from support.topics import publish, read_topic
from tocsin_localkafka import LocalKafka
from tocsin_runtime.dead_letter import Received
from tocsin_runtime.decoding import decode
from tocsin_runtime.kafka import create_topics
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.article import MAX_TEXT_BYTES, Article
from tocsin_schemas.detection import Probe, read_article_record
from tocsin_schemas.topics import ARTICLES, TOPICS

ROOT = Path(__file__).parents[2]
SEED = (ROOT / "seeds" / "000_8e6536fb18eeebd8.txt").read_bytes().decode()
SCHEMA = json.loads((ROOT / "schemas" / "json" / "v1" / "article.schema.json").read_text())
TEXT = "The regional head says the night was calm. Trains to the north run on time again today."


@dataclass
class Ingest:
    """An ingest that is talked to over HTTP."""

    process: ServiceProcess
    folder: Path

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.process.port}{path}"

    def post(self, given: Any, **headers: str) -> httpx2.Response:
        body = given if isinstance(given, bytes) else json.dumps(given).encode()
        sent = {"content-type": "application/json", **headers}
        return httpx2.post(self.url("/v1/articles"), content=body, headers=sent, timeout=30)

    def take(self, given: Any) -> dict[str, Any]:
        """Post one article that must be accepted; returns what became of it."""
        answer = self.post(given)
        assert answer.status_code == 202, answer.text
        (told,) = answer.json()["articles"]
        assert isinstance(told, dict)
        return told

    def delete(self, article_id: str) -> httpx2.Response:
        return httpx2.delete(self.url(f"/v1/articles/{article_id}"), timeout=30)

    def restart(self) -> None:
        self.process.send(signal.SIGTERM)
        assert self.process.wait(5) == 0
        self.process.start()
        self.process.wait_ready()


@pytest.fixture
def ingest(fleet: Fleet, tmp_path: Path) -> Ingest:
    folder = tmp_path / "index"
    process = fleet.service("ingest-1", "tocsin-ingest", TOCSIN_INGEST_DATA_DIR=str(folder))
    process.start()
    process.wait_ready()
    return Ingest(process, folder)


async def read_articles(kafka: KafkaSettings) -> list[tuple[Article, Received]]:
    """The articles on the topic, in order, without probes and what is no record."""
    read = [(decode(r.value, read_article_record), r) for r in await read_topic(kafka, ARTICLES)]
    return [(value, record) for value, record in read if isinstance(value, Article)]


async def test_the_seed_is_published_once_and_its_edit_is_a_correction(
    kafka: KafkaSettings, ingest: Ingest
) -> None:
    """Posted, repeated, edited, repeated: two records, the contract kept, text untouched."""
    first = ingest.take({"text": SEED, "id": "seed"})
    assert (first["status"], first["revision"], first["language"]) == ("published", 1, "fr")
    assert first["has_revisions"] is True
    assert ingest.take({"text": SEED, "id": "seed"})["status"] == "unchanged"
    edited = {"text": SEED.replace("1.250", "1.260"), "id": "seed"}
    second = ingest.take(edited)
    assert (second["status"], second["revision"]) == ("published", 2)
    assert second["revision_kind"] == "correction"
    assert ingest.take(edited)["status"] == "unchanged"
    (one, record), (two, _) = await read_articles(kafka)
    assert one.text == SEED
    assert record.key == str(one.article_id).encode()
    for article in (one, two):
        Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(
            json.loads(article.to_json())
        )
    metric = ingest.process.metric
    assert metric("tocsin_articles_published_total") == 2
    assert metric("tocsin_articles_unchanged_total") == 2
    assert metric("tocsin_index_articles") == 1
    assert first["article_id"] in ingest.process.log_text()


async def test_the_index_survives_a_restart_and_is_rebuilt_when_lost(
    kafka: KafkaSettings, ingest: Ingest
) -> None:
    """A repeated article is unchanged after a restart, with the file and without it."""
    ingest.take({"text": TEXT, "id": "a"})
    gone = ingest.take({"text": TEXT + " Gone.", "id": "b"})
    assert ingest.delete(gone["article_id"]).status_code == 200
    await publish(kafka, ARTICLES, [(b"?", b"no article at all")])
    ingest.restart()
    assert ingest.take({"text": TEXT, "id": "a"})["status"] == "unchanged"
    ingest.process.send(signal.SIGTERM)
    assert ingest.process.wait(5) == 0
    shutil.rmtree(ingest.folder)
    ingest.process.start()
    ingest.process.wait_ready()
    assert ingest.take({"text": TEXT, "id": "a"})["status"] == "unchanged"
    assert ingest.take({"text": TEXT + " Gone.", "id": "b"})["status"] == "withdrawn"
    assert ingest.take({"text": TEXT + " More.", "id": "a"})["revision"] == 2
    assert len(await read_articles(kafka)) == 4


async def test_what_another_ingest_published_meanwhile_is_known_after_a_restart(
    kafka: KafkaSettings, ingest: Ingest, fleet: Fleet, tmp_path: Path
) -> None:
    """An index that is behind the topic catches up before it takes anything."""
    ingest.take({"text": TEXT, "id": "a"})
    ingest.process.send(signal.SIGTERM)
    assert ingest.process.wait(5) == 0
    other = fleet.service(
        "ingest-2", "tocsin-ingest", TOCSIN_INGEST_DATA_DIR=str(tmp_path / "other")
    )
    other.start()
    other.wait_ready()
    assert Ingest(other, tmp_path).take({"text": TEXT + " More.", "id": "a"})["revision"] == 2
    ingest.process.start()
    ingest.process.wait_ready()
    assert ingest.take({"text": TEXT + " More.", "id": "a"})["status"] == "unchanged"


async def test_an_index_of_another_log_is_filled_anew(
    kafka: KafkaSettings, ingest: Ingest, broker: LocalKafka, fleet: Fleet, tmp_path: Path
) -> None:
    """When the topic was made anew beside an old file, nothing is taken for known."""
    ingest.take({"text": TEXT, "id": "a"})
    ingest.process.send(signal.SIGTERM)
    assert ingest.process.wait(5) == 0
    prefix = f"{kafka.topic_prefix}again."
    again = KafkaSettings(kafka_bootstrap=broker.bootstrap, topic_prefix=prefix)
    await create_topics(again)
    (old,) = ingest.folder.glob("index*.sqlite")
    folder = tmp_path / "again"
    folder.mkdir()
    shutil.copy(old, folder / f"index.{prefix.strip('.')}.sqlite")
    fresh = Fleet(broker.bootstrap, prefix, tmp_path)
    process = fresh.service("ingest-3", "tocsin-ingest", TOCSIN_INGEST_DATA_DIR=str(folder))
    process.start()
    try:
        process.wait_ready()
        assert Ingest(process, folder).take({"text": TEXT, "id": "a"})["status"] == "published"
        assert "another log" in process.log_text()
    finally:
        process.kill()


async def test_revisions_say_whether_they_correct_and_withdrawals_stay(
    kafka: KafkaSettings, ingest: Ingest
) -> None:
    """A teaser is `other`; a withdrawn article comes back only changed."""
    article_id = ingest.take({"text": TEXT, "url": "https://news.example/a"})["article_id"]
    teaser = ingest.take({"text": "Read on.", "url": "https://news.example/a?utm_source=x"})
    assert (teaser["article_id"], teaser["revision_kind"]) == (article_id, "other")
    for _ in range(2):
        answer = ingest.delete(article_id)
        assert answer.status_code == 200
        (told,) = answer.json()["articles"]
        assert (told["status"], told["revision"]) == ("withdrawn", 3)
    again = ingest.take({"text": "Read on.", "url": "https://news.example/a"})
    assert (again["status"], again["revision"]) == ("withdrawn", 3)
    assert ingest.take({"text": TEXT, "url": "https://news.example/a"})["revision"] == 4
    assert ingest.delete(str(uuid4())).status_code == 404
    assert ingest.delete("rubbish").status_code == 422
    kinds = [(a.revision, a.revision_kind, bool(a.text)) for a, _ in await read_articles(kafka)]
    assert kinds == [
        (1, "first", True),
        (2, "other", True),
        (3, "withdrawn", False),
        (4, "other", True),
    ]


async def test_the_same_article_posted_at_once_goes_out_once(
    kafka: KafkaSettings, ingest: Ingest
) -> None:
    """Callers that race, and a list that repeats itself, publish nothing twice."""
    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(lambda _: ingest.take({"text": TEXT, "id": "race"}), range(32)))
    assert sorted(one["status"] for one in told) == ["published"] + ["unchanged"] * 31
    twice = [{"text": TEXT, "id": "list"}, {"text": TEXT + " More.", "id": "list"}] * 2
    answer = ingest.post(twice)
    assert [one["revision"] for one in answer.json()["articles"]] == [1, 2, 3, 4]
    assert len(await read_articles(kafka)) == 5


async def test_a_list_with_a_bad_article_publishes_nothing(
    kafka: KafkaSettings, ingest: Ingest
) -> None:
    """All reasons at once, as problem details."""
    answer = ingest.post([{"text": TEXT, "id": "good"}, {"text": "", "id": "bad"}, {"txt": 1}])
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == 422
    told = [(e["index"], e["field"]) for e in problem["errors"]]
    assert told == [(1, "text"), (2, "text"), (2, "txt")]
    assert await read_articles(kafka) == []
    assert ingest.process.metric("tocsin_articles_rejected_total") == 3


BAD: list[tuple[str, Any, dict[str, str], int, str, str]] = [
    ("no JSON", b"{", {}, 400, "body", "no JSON"),
    ("no article", b"3", {}, 400, "body", "neither an article"),
    ("no UTF-8", b'{"text": "\xc3\x28"}', {}, 400, "body", "byte 10"),
    ("no text", {"title": "x"}, {}, 422, "text", "missing"),
    ("empty", {"text": " \n "}, {}, 422, "text", "empty"),
    ("large", {"text": "x" * (MAX_TEXT_BYTES + 1)}, {}, 422, "text", "262145 bytes"),
    ("surrogate", b'{"text": "a \\ud800 b"}', {}, 422, "text", "surrogate"),
    ("half a name", b'{"text": "x", "\\udfff": 1}', {}, 422, "\\udfff", "surrogate"),
    ("far date", {"text": "x", "published_at": "9999-12-31T00:00:00Z"}, {}, 422, "published_at",
     "more than a day ahead"),
    ("no zone", {"text": "x", "published_at": "2024-08-20T12:00:00"}, {}, 422, "published_at",
     "names no zone"),
    ("media type", b"<x/>", {"content-type": "text/xml"}, 415, "body", "application/json"),
    ("encoding", b"x", {"content-encoding": "gzip"}, 415, "body", "gzip"),
    ("too many", [{"text": "x"}] * 1001, {}, 413, "body", "1001 articles"),
    ("too large", b" " * (16 * 1024 * 1024 + 1), {}, 413, "body", "16777216 bytes"),
]  # fmt: skip


async def test_bad_requests_are_refused_with_field_and_reason(
    kafka: KafkaSettings, ingest: Ingest
) -> None:
    """Each with its status; all are counted; nothing is published; the service goes on."""
    for name, given, headers, status, field, words in BAD:
        answer = ingest.post(given, **headers)
        assert answer.status_code == status, (name, answer.text)
        error = answer.json()["errors"][0]
        assert error["field"] == field, name
        assert words in error["reason"], name
    chunked = httpx2.post(
        ingest.url("/v1/articles"),
        content=(b" " * 65536 for _ in range(300)),
        headers={"content-type": "application/json"},
        timeout=30,
    )
    assert chunked.status_code == 413
    assert ingest.process.metric("tocsin_articles_rejected_total") == len(BAD) + 1
    assert await read_articles(kafka) == []
    assert ingest.take({"text": TEXT})["has_revisions"] is False


async def test_a_trace_goes_on_and_probes_go_through_every_partition(
    kafka: KafkaSettings, ingest: Ingest
) -> None:
    """The caller's trace id stands on the record; the heartbeat needs no article."""
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    ingest.post({"text": TEXT}, traceparent=f"00-{trace}-00f067aa0ba902b7-01")
    ((_, record),) = await read_articles(kafka)
    ((name, value),) = record.headers
    assert name == "traceparent"
    assert value.decode().split("-")[1] == trace
    values = [(read_article_record(r.value or b""), r) for r in await read_topic(kafka, ARTICLES)]
    probes = [(v.path, r.partition) for v, r in values if isinstance(v, Probe)]
    assert {path for path, _ in probes} == set(range(TOPICS[ARTICLES].partitions))
    assert all(path == partition for path, partition in probes)
    assert ingest.process.metric("tocsin_heartbeat_timestamp_seconds") > 0


def test_it_waits_for_a_broker_and_comes_back_after_an_outage(tmp_path: Path) -> None:
    """HTTP answers from the start; POST says 503 until the broker is there, and once more later."""
    broker = LocalKafka()
    fleet = Fleet("127.0.0.1:9", "", tmp_path)
    early = fleet.service("early", "tocsin-ingest", TOCSIN_INGEST_DATA_DIR=str(tmp_path / "early"))
    early.start()
    try:
        wait_until(lambda: early.get("/healthz")[0] == 200, 20, "alive without a broker")
        status, report = early.get("/readyz")
        assert status == 503
        assert json.loads(report)["broker"] != "ok"
        refused = Ingest(early, tmp_path).post({"text": TEXT})
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) > 0
        early.send(signal.SIGTERM)
        assert early.wait(5) == 0
        with broker:
            _survive_an_outage(broker, tmp_path)
    finally:
        fleet.kill_all()


def _survive_an_outage(broker: LocalKafka, folder: Path) -> None:
    fleet = Fleet(broker.bootstrap, "", folder)
    late = fleet.service(
        "late",
        "tocsin-ingest",
        TOCSIN_INGEST_DATA_DIR=str(folder / "late"),
        TOCSIN_INGEST_HEARTBEAT_SECONDS="0.2",
    )
    late.start()
    try:
        wait_until(lambda: "missing topics" in late.log_text(), 20, "told that topics are missing")
        topics = subprocess.run(
            [*fleet.service("topics", "tocsin", "topics", "create").command],
            env=late.environment,
            check=False,
            capture_output=True,
        )
        assert topics.returncode == 0, topics.stderr
        late.wait_ready()
        ingest = Ingest(late, folder)
        ingest.take({"text": TEXT, "id": "a"})
        broker.kill()
        wait_until(lambda: late.get("/readyz")[0] == 503, 40, "not ready without a broker")
        assert ingest.post({"text": TEXT, "id": "b"}).status_code == 503
        assert late.running
        broker.start()
        broker.wait_ready()
        late.wait_ready(60)
        assert ingest.take({"text": TEXT, "id": "a"})["status"] == "unchanged"
        assert ingest.take({"text": TEXT, "id": "b"})["status"] == "published"
    finally:
        fleet.kill_all()


async def test_what_was_accepted_before_a_stop_is_stored(
    kafka: KafkaSettings, ingest: Ingest
) -> None:
    """SIGTERM under load: exit 0 within five seconds, and every 202 stands on the topic."""
    accepted: list[str] = []

    def post(number: int) -> None:
        try:
            answer = ingest.post({"text": f"{TEXT} {number}", "id": str(number)})
        except httpx2.TransportError:
            return
        if answer.status_code == 202:
            accepted.append(answer.json()["articles"][0]["article_id"])

    with ThreadPoolExecutor(8) as pool:
        posts = [pool.submit(post, number) for number in range(200)]
        wait_until(lambda: len(accepted) > 50, 20, "load")
        ingest.process.send(signal.SIGTERM)
        assert ingest.process.wait(5) == 0
        for one in posts:
            one.result()
    stored = {str(article.article_id) for article, _ in await read_articles(kafka)}
    assert set(accepted) <= stored


def test_what_cannot_be_stored_before_a_stop_is_answered_unavailable(
    broker: LocalKafka, ingest: Ingest
) -> None:
    """SIGTERM while the broker stands still: 503, which says to post again, never 500."""
    broker.pause()
    try:
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(ingest.post, {"text": TEXT})
            received = "tocsin_articles_received_total"
            wait_until(lambda: ingest.process.metric(received) == 1, 20, "the article is there")
            ingest.process.send(signal.SIGTERM)
            assert waiting.result().status_code == 503
        assert ingest.process.wait(5) == 0
    finally:
        broker.resume()


def test_a_second_ingest_with_the_same_folder_says_what_to_set(
    kafka: KafkaSettings, ingest: Ingest, fleet: Fleet
) -> None:
    """It ends at once instead of publishing twice."""
    ingest.take({"text": TEXT})
    second = fleet.service("ingest-2", "tocsin-ingest", TOCSIN_INGEST_DATA_DIR=str(ingest.folder))
    second.start()
    assert second.wait(20) == 78
    assert "TOCSIN_INGEST_DATA_DIR" in second.log_text()
