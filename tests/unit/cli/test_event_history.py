"""The history of an event: why each revision was sent and what changed."""

import json

import factories as make
from correlation import Partition
from factories import NOON, hours, minutes
from tocsin_cli.event_history import explain, steps_of
from tocsin_notifier.domain.updates import REASON_TEXTS, UPDATE_RULES
from tocsin_schemas.vocabulary import ChangeReason, RevisionKind


def test_every_reason_is_explained_once() -> None:
    """By a rule, or by a text of its own where no rule gives it."""
    ruled = {rule.reason for rule in UPDATE_RULES}
    assert ruled | set(REASON_TEXTS) == set(ChangeReason)
    assert not ruled & set(REASON_TEXTS)
    assert all(explain(reason, ()) for reason in ChangeReason)


def test_grown_numbers_are_told_with_their_rule() -> None:
    """The rule of the fact that changed, the numbers, and the article that said so."""
    partition = Partition()
    partition.read(make.make_claim(area_km2=1000, name="first"), NOON)
    partition.read(make.make_claim(area_km2=1250, name="second"), NOON + hours(1))
    first, second = steps_of([*reversed(partition.alerts), partition.alerts[0]])

    assert (first.alert.revision, first.changes) == (1, ())
    assert first.why == ("Nobody had said so before.",)
    assert second.why == ("A larger area is stated, or one for the first time.",)
    changed = {one.field: (one.before, one.now) for one in second.changes}
    assert changed["area_km2"] == (1000, 1250)
    assert changed["certainty"] == ("Possible", "Likely")
    assert [piece.article_id for piece in second.evidence_added] == [make.make_article_id("second")]
    assert second.evidence_gone == ()


def test_a_withdrawn_article_s_evidence_is_told_as_gone() -> None:
    """With what it means."""
    partition = Partition()
    partition.read(make.make_claim(name="stays"), NOON)
    partition.read(make.make_claim(name="goes"), NOON)
    partition.read(make.make_revised("goes", kind=RevisionKind.WITHDRAWN), NOON)
    last = steps_of(partition.alerts)[-1]

    assert last.why == (REASON_TEXTS[ChangeReason.EVIDENCE_WITHDRAWN],)
    assert [piece.article_id for piece in last.evidence_gone] == [make.make_article_id("goes")]


def test_an_all_clear_is_told_as_json() -> None:
    """One object a revision."""
    partition = Partition()
    partition.read(make.make_warning(), NOON)
    partition.read(make.make_all_clear(name=2, at=NOON + minutes(30)), NOON + minutes(30))
    row = json.loads(json.dumps(steps_of(partition.alerts)[1].to_row()))

    assert (row["status"], row["change_reason"]) == ("ended", "all_clear")
    assert row["why"] == ["An all-clear for the same or a larger area ends the alarm."]
    assert row["changes"]["phase"] == ["active", "ended"]
    assert [source["publisher"] for source in row["sources"]] == ["Publisher 1", "Publisher 2"]
