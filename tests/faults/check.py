"""Compares what stands on the topics with what the pure functions alone say."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from faults.findings import Findings
from faults.logs import Logs
from faults.replay import (
    Due,
    ReadArticles,
    detections_of,
    is_tick,
    read_articles,
    replay,
    revision_of,
)
from faults.stream import Ledger
from tocsin_notifier.correlation.clock import CLOCK_KEY
from tocsin_notifier.domain.outcome import AnyAlert
from tocsin_notifier.domain.publication import stamp
from tocsin_runtime.dead_letter import OFFSET, PARTITION, REASON, Received
from tocsin_runtime.decoding import UNDECODABLE
from tocsin_schemas.alerts import read_alert
from tocsin_schemas.article import Article
from tocsin_schemas.envelope import header
from tocsin_schemas.topics import ARTICLES, DETECTIONS, TOPICS
from tocsin_schemas.vocabulary import RevisionKind


@dataclass
class Answer:
    """What a check found, and the pairs of alerts and their causes for measuring."""

    findings: Findings = field(default_factory=Findings)
    alerts: list[tuple[Due, AnyAlert]] = field(default_factory=list)
    """What had to be sent, with what was."""


def check(logs: Logs, ledger: Ledger, poisoned: Sequence[tuple[str, bytes]]) -> Answer:
    """Compare everything.

    Args:
        logs: what stands on the topics.
        ledger: what ingest accepted.
        poisoned: topic and key of the undecodable records that the broker acknowledged.

    """
    answer = Answer()
    findings = answer.findings
    findings.wrong += ledger.wrong
    read = read_articles(logs.articles)
    _check_articles(findings, read.articles, ledger)
    _check_detections(findings, read, logs.detections)
    _check_poison(findings, logs, poisoned)
    undecodable = _check_alerts(answer, logs)
    _check_letters(findings, "article letter", read.undecodable, logs.articles_dead, once=False)
    _check_letters(findings, "detection letter", undecodable, logs.detections_dead, once=True)
    return answer


def _check_articles(findings: Findings, articles: Sequence[Article], ledger: Ledger) -> None:
    """Accepted means stored, once unless an answer was missing; and nothing is invented."""
    there = [(one.article_id, one.revision, one.content_sha256) for one in articles]
    accepted = {(one.article_id, one.revision, one.sha256) for one in ledger.accepted}
    findings.compare(
        "article",
        accepted,
        # What was stored although its answer was lost is accepted at the next try, or unsure.
        [one for one in there if one in accepted or one[0] not in ledger.unsure],
        repeats_allowed=lambda one: one[0] in ledger.unsure,
    )
    findings.wrong += [
        f"article never offered: {one}" for one in there if (one[0], one[2]) not in ledger.offered
    ]
    findings.counts |= {
        "articles accepted": len(accepted),
        "articles stored": len(articles),
        "revisions": sum(one.revision > 1 for one in articles),
        "withdrawals": sum(one.revision_kind is RevisionKind.WITHDRAWN for one in articles),
        "articles stored again after a missing answer": len(there) - len(set(there)),
    }


def _check_detections(findings: Findings, read: ReadArticles, found: Sequence[Received]) -> None:
    """`articles` to `detections`, at least once: as sets."""
    by_kind: dict[bytes, list[Received]] = defaultdict(list)
    for record in found:
        by_kind[_kind_of(record)].append(record)
    detected = [one for article in read.articles for one in detections_of(article)]
    values = [record.value or b"" for record in by_kind[b"detection"]]
    findings.compare(
        "detection", (one.to_json() for one in detected), values, repeats_allowed=_always
    )
    told = [one for one in map(revision_of, read.articles) if one is not None]
    partitions = range(TOPICS[DETECTIONS].partitions)
    findings.compare(
        "article-revised",
        ((number, one.to_json()) for one in told for number in partitions),
        ((record.partition, record.value or b"") for record in by_kind[b"article-revised"]),
        repeats_allowed=_always,
    )
    findings.compare(
        "probe",
        ((partition, probe.to_json()) for partition, probe in read.probes),
        ((record.partition, record.value or b"") for record in by_kind[b"probe"]),
        repeats_allowed=_always,
    )
    _check_scopes(findings, by_kind[b"detection"])
    findings.counts |= {
        "detections": len(set(values)),
        "detections repeated (at least once)": len(values) - len(set(values)),
        "probes": len(read.probes),
    }


def _kind_of(record: Received) -> bytes:
    value = record.value or b""
    for kind in (b"detection", b"article-revised", b"probe", b"tick"):
        # Poison has the kind but no id; it is compared by its own check.
        if value.startswith(b'{"kind":"' + kind + b'"'):
            return kind
    return b""


def _always(_: object) -> bool:
    return True


def _check_scopes(findings: Findings, records: Iterable[Received]) -> None:
    homes: dict[bytes | None, set[int]] = defaultdict(set)
    for record in records:
        homes[record.key].add(record.partition)
    findings.wrong += [
        f"scope {key!r} in partitions {sorted(home)}"
        for key, home in homes.items()
        if len(home) > 1
    ]


def _check_alerts(answer: Answer, logs: Logs) -> list[Received]:
    """`detections` to alerts, exactly once; gives the records that had to be dead letters."""
    findings = answer.findings
    partitions: dict[int, list[Received]] = defaultdict(list)
    for record in logs.detections:
        partitions[record.partition].append(record)
    wanted: dict[UUID, Due] = {}
    state: set[tuple[int, bytes, bytes]] = set()
    undecodable: list[Received] = []
    ticks = 0
    for number, records in sorted(partitions.items()):
        records.sort(key=lambda record: record.offset)
        end = logs.processed.get(number, 0)
        findings.lost += [
            f"never processed: partition {number}, offset {record.offset}"
            for record in records
            if record.offset >= end and not is_tick(record)
        ]
        made = replay([record for record in records if record.offset < end])
        wanted.update((one.draft.alert.alert_id, one) for one in made.alerts)
        state.update((number, key, value) for key, value in made.state.items())
        undecodable += made.undecodable
        ticks += made.kinds["tick"]
    _compare_alerts(answer, wanted, logs.alerts)
    findings.compare("state record", state, _latest(logs.state))
    findings.counts |= {"ticks": ticks, "state records": len(state)}
    return undecodable


def _compare_alerts(answer: Answer, wanted: dict[UUID, Due], records: Sequence[Received]) -> None:
    findings = answer.findings
    found = [(record, read_alert(record.value or b"")) for record in records]
    findings.compare("alert", wanted, (alert.alert_id for _, alert in found))
    revisions: dict[UUID, list[tuple[int, int, int]]] = defaultdict(list)
    for record, alert in found:
        revisions[alert.event_id].append((record.partition, record.offset, alert.revision))
        due = wanted.get(alert.alert_id)
        if due is None:
            continue
        answer.alerts.append((due, alert))
        if stamp(due.draft, alert.sent_at) != alert:
            findings.wrong.append(f"alert {alert.alert_id} says something else than it must")
        if record.key != str(alert.event_id).encode():
            findings.wrong.append(f"alert {alert.alert_id} has the key {record.key!r}")
    for event_id, seen in revisions.items():
        order = [revision for _, _, revision in sorted(seen)]
        if order != list(range(1, len(order) + 1)) or len({one for one, _, _ in seen}) > 1:
            findings.wrong.append(f"event {event_id}: revisions stand in the order {order}")
    findings.counts["alerts"] = len(found)
    findings.counts["events"] = len(revisions)


def _latest(records: Iterable[Received]) -> list[tuple[int, bytes, bytes]]:
    """The state that a restart would find, without the clock of each partition."""
    found: dict[tuple[int, bytes], bytes | None] = {}
    for record in sorted(records, key=lambda one: one.offset):
        found[record.partition, record.key or b""] = record.value
    return [
        (partition, key, value)
        for (partition, key), value in found.items()
        if value is not None and key != CLOCK_KEY
    ]


def _check_poison(findings: Findings, logs: Logs, poisoned: Sequence[tuple[str, bytes]]) -> None:
    there = {(ARTICLES, record.key) for record in logs.articles}
    there |= {(DETECTIONS, record.key) for record in logs.detections}
    findings.lost += [f"poison on {one}" for one in poisoned if one not in there]


def _check_letters(
    findings: Findings,
    what: str,
    undecodable: Sequence[Received],
    letters: Sequence[Received],
    *,
    once: bool,
) -> None:
    """Dead letters are those expected, bytes untouched; anything else that failed is wrong."""
    findings.compare(
        what,
        ((record.partition, record.offset, record.key, record.value) for record in undecodable),
        (
            (
                int(header(letter.headers, PARTITION) or -1),
                int(header(letter.headers, OFFSET) or -1),
                letter.key,
                letter.value,
            )
            for letter in letters
        ),
        repeats_allowed=lambda _: not once,
    )
    findings.wrong += [
        f"{what} for another reason: {letter.headers}"
        for letter in letters
        if header(letter.headers, REASON) != UNDECODABLE
    ]
    findings.counts[f"{what}s"] = len(undecodable)
