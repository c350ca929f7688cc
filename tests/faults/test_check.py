"""The comparison finds what is lost, doubled, changed, invented or out of order."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from faults.check import check
from faults.findings import Findings
from faults.logs import Logs, Records
from faults.replay import detections_of, replay, revision_of
from faults.stream import Accepted, Ledger
from faults.writing import Author
from tocsin_ingest.domain.article import Defaults, make_article, read_raw
from tocsin_ingest.domain.revision import Known, decide_revision, withdraw
from tocsin_notifier.domain.publication import stamp
from tocsin_runtime.dead_letter import Received, dead_letter
from tocsin_schemas.article import Article
from tocsin_schemas.envelope import encode_alert

START = datetime(2024, 8, 20, 12, 0, tzinfo=UTC)
PARTITIONS = 12
COUNT = 300


class Topic:
    """A topic's records as they are written."""

    def __init__(self) -> None:
        self.records: Records = []
        self._ends: Counter[int] = Counter()

    def write(self, partition: int, key: bytes | None, value: bytes | None, **more: Any) -> None:
        """Append a record a second after the former."""
        at = int((START + timedelta(seconds=len(self.records))).timestamp() * 1000)
        self.records.append(
            Received(
                topic="t", partition=partition, offset=self._ends[partition], key=key, value=value,
                timestamp_ms=at, **more,
            )
        )  # fmt: skip
        self._ends[partition] += 1

    @property
    def ends(self) -> dict[int, int]:
        """The end of each partition."""
        return dict(self._ends)


def write_articles() -> list[Article]:
    """Articles as ingest would publish them: some corrected, one withdrawn."""
    author = Author(random.Random(5))
    found: list[Article] = []
    for number in range(COUNT):
        body = author.write(START).body
        assert body is not None
        first = make(body)
        found.append(first)
        if number % 10 == 0:
            corrected = decide_revision(
                make({**body, "text": f"{body['text']} More."}), known(first)
            )
            assert corrected is not None
            found.append(corrected)
        if number % 50 == 0:
            taken_back = withdraw(known(found[-1]), START)
            assert taken_back is not None
            found.append(taken_back)
    return found


def make(body: dict[str, Any]) -> Article:
    """An article of now."""
    return make_article(
        read_raw(body), received_at=START, language_of=lambda _: [("en", 1.0)], defaults=Defaults()
    )


def known(article: Article) -> Known:
    """What ingest knows of it."""
    return Known(article, article.revision)


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    """All of them accepted."""
    articles = write_articles()
    keys = [(one.article_id, one.revision, one.content_sha256) for one in articles]
    return Ledger(
        offered={(one, sha256) for one, _, sha256 in keys},
        accepted=[Accepted(*key) for key in keys],
    )


@pytest.fixture(scope="module")
def right() -> Logs:
    """Topics on which everything is as it must be."""
    articles, detections, alerts, letters = Topic(), Topic(), Topic(), Topic()
    state = Topic()
    for article in write_articles():
        key = str(article.article_id).encode()
        articles.write(article.article_id.int % PARTITIONS, key, article.to_json())
        for one in detections_of(article):
            detections.write(len(one.scope) % PARTITIONS, one.scope.encode(), one.to_json())
        told = revision_of(article)
        if told is not None:
            for partition in range(PARTITIONS):
                detections.write(partition, key, told.to_json())
    detections.write(3, b"poison", b"no JSON")
    bury(letters, detections.records[-1])
    for partition in range(PARTITIONS):
        own = [one for one in detections.records if one.partition == partition]
        made = replay(own)
        for key, value in made.state.items():
            state.write(partition, key, value)
        for due in made.alerts:
            message = encode_alert(stamp(due.draft, START))
            home = due.draft.alert.event_id.int % PARTITIONS
            alerts.write(home, message.key, message.value)
    return Logs(
        articles=articles.records,
        detections=detections.records,
        alerts=alerts.records,
        articles_dead=[],
        detections_dead=letters.records,
        state=state.records,
        processed=detections.ends,
    )


def bury(letters: Topic, record: Received) -> None:
    """Write the dead letter of a record."""
    letter = dead_letter(
        record, reason="undecodable", detail="no JSON", service="notifier", at=START
    )
    letters.write(0, letter.key, letter.value, headers=letter.headers)


def find(logs: Logs, ledger: Ledger) -> Findings:
    """What the comparison finds."""
    return check(logs, ledger, []).findings


def with_topic(logs: Logs, topic: str, records: Records) -> Logs:
    """The logs with another content of one topic."""
    changed: dict[str, Any] = {topic: records}
    return replace(logs, **changed)


def without(records: Iterable[Received], position: int) -> Records:
    """The records without one."""
    kept = list(records)
    del kept[position]
    return kept


def test_the_right_answer_is_right(right: Logs, ledger: Ledger) -> None:
    """Nothing is found, and there was something to find."""
    findings = find(right, ledger)
    assert findings.clean, findings.lines()
    assert findings.counts["alerts"] > 20
    assert findings.lines()[-2:] == ["lost: 0", "duplicated: 0"]


@pytest.mark.parametrize("topic", ["articles", "alerts", "detections_dead", "state"])
def test_a_missing_record_is_lost(right: Logs, ledger: Ledger, topic: str) -> None:
    """On whatever topic."""
    findings = find(with_topic(right, topic, without(getattr(right, topic), 0)), ledger)
    assert findings.lost


def test_a_missing_detection_is_lost(right: Logs, ledger: Ledger) -> None:
    """Also one in the middle of its partition."""
    kind = b'{"kind":"detection"'
    values = [one.value or b"" for one in right.detections]
    position = next(number for number, value in enumerate(values) if value.startswith(kind))
    findings = find(replace(right, detections=without(right.detections, position)), ledger)
    assert any("detection missing" in one for one in findings.lost)


@pytest.mark.parametrize("topic", ["articles", "alerts", "detections_dead"])
def test_a_record_twice_is_duplicated(right: Logs, ledger: Ledger, topic: str) -> None:
    """On whatever topic that promises each record once."""
    records: Records = getattr(right, topic)
    again = replace(records[0], offset=100_000)
    findings = find(with_topic(right, topic, [*records, again]), ledger)
    assert findings.duplicated
    assert not findings.lost


def test_an_article_may_come_twice_when_its_answer_was_missing(right: Logs, ledger: Ledger) -> None:
    """It is sent again then, and shows by its id."""
    again = replace(right.articles[0], offset=100_000)
    unsure = replace(ledger, unsure={ledger.accepted[0].article_id})
    assert not find(replace(right, articles=[*right.articles, again]), unsure).duplicated


def test_revisions_out_of_order_are_wrong(right: Logs, ledger: Ledger) -> None:
    """The alerts of an event stand in the order of their revisions."""
    counts = Counter(one.key for one in right.alerts)
    key = next(key for key, count in counts.items() if count > 1)
    own = [one for one in right.alerts if one.key == key]
    first, last = own[0], own[-1]
    swapped = {id(first): last.offset, id(last): first.offset}
    alerts = [replace(one, offset=swapped.get(id(one), one.offset)) for one in right.alerts]
    assert any("in the order" in one for one in find(replace(right, alerts=alerts), ledger).wrong)


def test_a_changed_alert_is_wrong(right: Logs, ledger: Ledger) -> None:
    """Its content is compared, not its id alone."""
    value = (right.alerts[0].value or b"").replace(b'"late":false', b'"late":true')
    assert value != right.alerts[0].value
    alerts = [replace(right.alerts[0], value=value), *right.alerts[1:]]
    assert any("something else" in one for one in find(replace(right, alerts=alerts), ledger).wrong)


def test_an_article_that_nobody_offered_is_wrong(right: Logs, ledger: Ledger) -> None:
    """Nothing is invented on the way."""
    first = ledger.accepted[0]
    less = replace(ledger, offered=ledger.offered - {(first.article_id, first.sha256)})
    assert any("never offered" in one for one in find(right, less).wrong)


def test_a_detection_behind_the_committed_offset_is_lost(right: Logs, ledger: Ledger) -> None:
    """What was never processed is no answer that waits."""
    last = right.detections[-1]
    processed = {**right.processed, last.partition: last.offset}
    findings = find(replace(right, processed=processed), ledger)
    assert any("never processed" in one for one in findings.lost)


def test_poison_that_the_broker_took_must_be_there(right: Logs, ledger: Ledger) -> None:
    """What was acknowledged is not lost, whatever it is."""
    assert check(right, ledger, [("detections", b"other")]).findings.lost
