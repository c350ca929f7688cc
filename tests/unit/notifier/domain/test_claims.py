"""Territorial claims: one event for who has which ground, its numbers, rivals and denials."""

from base64 import b64encode
from collections.abc import Sequence

import pytest

import factories as make
from correlation import Partition
from factories import NOON, days, hours, minutes
from tocsin_notifier.domain.outcome import AnyAlert, DropReason
from tocsin_schemas.alerts import TerritorialClaimAlert
from tocsin_schemas.slots import Voice
from tocsin_schemas.vocabulary import (
    Action,
    Certainty,
    ChangeReason,
    ClaimAssertion,
    Mode,
    RevisionKind,
    Status,
)

WHITE_HOUSE = Voice(name="White House", side="US", assertion=ClaimAssertion.DENIED, evidence=(0,))
CONCEDING = make.RUSSIAN_MINISTRY.model_copy(update={"assertion": ClaimAssertion.CONCEDED})


def claims(alerts: Sequence[AnyAlert]) -> list[TerritorialClaimAlert]:
    return [alert for alert in alerts if isinstance(alert, TerritorialClaimAlert)]


def only(alerts: Sequence[AnyAlert]) -> TerritorialClaimAlert:
    (alert,) = claims(alerts)
    return alert


def test_the_first_report_is_a_new_alert_with_its_words_and_voice() -> None:
    """The alert carries slots, evidence and who says so."""
    detection = make.make_claim(area_km2=1250, settlements=92)
    alert = only(Partition().read(detection, NOON))

    assert (alert.status, alert.change_reason) == (Status.NEW, ChangeReason.FIRST_REPORT)
    assert alert.headline == (
        "Ukraine (Zelensky) claims control in Kursk Oblast: over 1,250 km², 92 settlements"
    )
    assert alert.evidence == detection.evidence
    assert alert.voices[0].evidence == (0,)
    assert alert.expires_at == NOON + days(14)
    assert alert.certainty is Certainty.POSSIBLE


def test_the_same_detection_again_gives_nothing() -> None:
    """Redelivery is no report."""
    partition = Partition()
    partition.read_all([make.make_claim(), make.make_claim()], NOON)

    assert len(partition.alerts) == 1
    assert partition.drops == [DropReason.REPEATED]


def test_the_same_article_again_gives_nothing() -> None:
    """Another detection of the same statement by the same article only replaces its evidence."""
    partition = Partition()
    partition.read_all([make.make_claim(), make.make_claim(quote="Other words")], NOON)

    assert len(partition.alerts) == 1


def test_numbers_grow_but_never_shrink_by_a_report() -> None:
    """1,000 then 1,250 is an update, 900 is not."""
    partition = Partition()
    partition.read(make.make_claim(area_km2=1000), NOON)
    grown = only(partition.read(make.make_claim(name=1, revision=2, area_km2=1250), NOON))
    fewer = partition.read(make.make_claim(name=1, revision=3, area_km2=900), NOON)

    assert (grown.change_reason, grown.area_km2) == (ChangeReason.NUMBERS_GROWN, 1250)
    assert fewer == []


def test_the_same_agency_text_on_two_sites_counts_once() -> None:
    """Nearly the same fingerprint is one publisher."""
    base = bytes(range(1, 129)) * 4
    copy = bytes([0] * 100) + base[100:]
    other = bytes(reversed(base))
    partition = Partition()
    for name, raw in enumerate((base, copy)):
        partition.read(make.make_claim(name=name, fingerprint=b64encode(raw).decode()), NOON)
    assert len(partition.alerts) == 1

    alert = only(
        partition.read(make.make_claim(name=2, fingerprint=b64encode(other).decode()), NOON)
    )
    assert alert.certainty is Certainty.LIKELY
    assert alert.corroboration.articles == 3
    assert alert.corroboration.publishers == 2


def test_one_publisher_counts_once_however_often_it_reports() -> None:
    """Two articles of one house are no second source."""
    partition = Partition()
    partition.read(make.make_claim(publisher="House"), NOON)

    assert partition.read(make.make_claim(name=2, publisher="HOUSE"), NOON) == []


def test_a_claim_by_the_other_side_is_another_event_and_they_name_each_other() -> None:
    """Rival events of one area."""
    partition = Partition()
    ours = only(partition.read(make.make_claim(make.SUDZHA), NOON))
    theirs, updated = claims(
        partition.read(
            make.make_claim(make.SUDZHA, name=2, claimant="RU", voices=(CONCEDING,)), NOON
        )
    )

    assert theirs.status is Status.NEW
    assert [rival.event_id for rival in theirs.counter_claims] == [ours.event_id]
    assert updated.change_reason is ChangeReason.COUNTER_CLAIM
    assert [rival.event_id for rival in updated.counter_claims] == [theirs.event_id]
    assert updated.counter_claims[0].headline.startswith("Russia (Russian Ministry of Defence)")


def test_claims_on_different_ground_do_not_meet() -> None:
    """A town in the oblast is not the oblast."""
    partition = Partition()
    partition.read_all([make.make_claim(), make.make_claim(make.SUDZHA, name=2)], NOON)

    assert [alert.status for alert in partition.alerts] == [Status.NEW, Status.NEW]


def test_a_denial_by_a_side_is_its_own_hold_and_marks_the_rival() -> None:
    """Both alerts say so."""
    partition = Partition()
    partition.read(make.make_claim(), NOON)
    hold, denied = claims(partition.read(make.make_denial(name=2), NOON))

    assert (hold.action, hold.claimant, hold.assertion) == (
        Action.HOLD,
        "RU",
        ClaimAssertion.CLAIMED,
    )
    assert denied.change_reason is ChangeReason.DENIED
    assert denied.assertion is ClaimAssertion.DENIED
    assert denied.headline.endswith("; denied by Russia (Russian Ministry of Defence)")
    assert any(voice.assertion is ClaimAssertion.DENIED for voice in denied.voices)


def test_a_denial_marks_a_claim_that_comes_later() -> None:
    """Inside the window the order does not matter."""
    partition = Partition()
    partition.read(make.make_denial(name=2), NOON)
    claim = claims(partition.read(make.make_claim(), NOON + days(3)))[0]

    assert claim.assertion is ClaimAssertion.DENIED
    assert claim.claimant == "UA"


def test_a_denial_by_anyone_else_opens_no_event_but_marks_the_claim() -> None:
    """Before and after it."""
    denial = make.make_denial(name=2, voices=(WHITE_HOUSE,))
    partition = Partition()
    partition.read(make.make_claim(), NOON)
    marked = only(partition.read(denial, NOON))
    assert marked.assertion is ClaimAssertion.DENIED

    earlier = Partition()
    assert earlier.read(denial, NOON) == []
    assert only(earlier.read(make.make_claim(), NOON)).assertion is ClaimAssertion.DENIED


def test_a_denied_capture_in_the_claimant_s_words_marks_it_too() -> None:
    """`No, Ukraine did not take it`, told as a denied capture."""
    partition = Partition()
    partition.read(make.make_claim(), NOON)
    hold, denied = claims(
        partition.read(
            make.make_claim(
                name=2, voices=(make.RUSSIAN_MINISTRY,), assertion=ClaimAssertion.DENIED
            ),
            NOON,
        )
    )

    assert (hold.claimant, hold.action) == ("RU", Action.HOLD)
    assert denied.assertion is ClaimAssertion.DENIED


def test_a_withdrawal_told_by_the_loser_concedes_the_other_side_s_control() -> None:
    """Observed, for the losing side says so itself."""
    partition = Partition()
    first = only(partition.read(make.make_claim(), NOON))
    withdrawal = make.make_claim(
        name=2, claimant=None, loser="RU", action=Action.WITHDRAW, voices=(CONCEDING,)
    )
    alert = only(partition.read(withdrawal, NOON))

    assert alert.event_id == first.event_id
    assert (alert.change_reason, alert.assertion) == (
        ChangeReason.CONCEDED,
        ClaimAssertion.CONCEDED,
    )
    assert alert.certainty is Certainty.OBSERVED
    assert alert.claimant == "UA"


def test_contested_ground_has_no_claimant() -> None:
    """Whoever attacks."""
    alert = only(Partition().read(make.make_claim(action=Action.CONTESTED), NOON))

    assert alert.claimant is None
    assert alert.headline == "Ukraine (Zelensky) reports fighting for Kursk Oblast"


def test_the_window_closes_silently_and_a_later_report_is_a_new_event() -> None:
    """Fourteen days after the last report."""
    partition = Partition()
    first = only(partition.read(make.make_claim(), NOON))
    assert partition.tick(NOON + days(14) + hours(1)) == []
    assert partition.events() == []

    later = NOON + days(15)
    assert only(partition.read(make.make_claim(name=2, at=later), later)).event_id != first.event_id


def test_each_report_moves_the_window() -> None:
    """It counts from the last one."""
    partition = Partition()
    partition.read(make.make_claim(), NOON)
    partition.read(make.make_claim(name=2, at=NOON + days(13)), NOON + days(13))
    third = partition.read(make.make_claim(name=3, at=NOON + days(26)), NOON + days(26))

    assert third == []
    assert len(partition.events()) == 1


def test_what_is_older_than_the_window_is_dropped() -> None:
    """The first poll of a feed brings old items."""
    partition = Partition()
    partition.read(make.make_claim(), NOON + days(15))

    assert partition.alerts == []
    assert partition.drops == [DropReason.TOO_OLD]


def test_what_the_classifier_doubts_is_dropped() -> None:
    """Below its own threshold."""
    partition = Partition()
    partition.read(make.make_claim(confidence=make.make_confidence(0.4)), NOON)

    assert partition.drops == [DropReason.BELOW_THRESHOLD]


def test_modes_do_not_meet() -> None:
    """A drill's claim is no second source."""
    partition = Partition()
    partition.read_all([make.make_claim(), make.make_claim(name=2, mode=Mode.TEST)], NOON)

    assert [alert.status for alert in partition.alerts] == [Status.NEW, Status.NEW]


def test_a_correction_that_withdraws_a_figure_updates_the_alert() -> None:
    """The number goes when the revision is announced."""
    partition = Partition()
    partition.read(make.make_claim(area_km2=1250), NOON)
    corrected = make.make_claim(revision=2, revision_kind=RevisionKind.CORRECTION)
    assert partition.read(corrected, NOON + hours(1)) == []
    alert = only(partition.read(make.make_revised(), NOON + hours(1)))

    assert (alert.status, alert.change_reason) == (
        Status.UPDATED,
        ChangeReason.EVIDENCE_CORRECTED,
    )
    assert alert.area_km2 is None
    assert {piece.revision for piece in alert.evidence} == {2}


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (RevisionKind.CORRECTION, ChangeReason.EVIDENCE_CORRECTED),
        (RevisionKind.WITHDRAWN, ChangeReason.EVIDENCE_WITHDRAWN),
    ],
)
def test_the_only_evidence_gone_retracts_the_alert(
    kind: RevisionKind, reason: ChangeReason
) -> None:
    """It still carries the words that no longer stand, and ends the event."""
    partition = Partition()
    first = only(partition.read(make.make_claim(), NOON))
    alert = only(partition.read(make.make_revised(kind=kind), NOON + hours(1)))

    assert (alert.status, alert.change_reason) == (Status.RETRACTED, reason)
    assert alert.references == (first.alert_id,)
    assert alert.headline.startswith("Retracted: ")
    assert partition.events() == []


def test_evidence_of_others_keeps_the_alert() -> None:
    """Only what the article said goes."""
    partition = Partition()
    partition.read(make.make_claim(), NOON)
    partition.read(make.make_claim(name=2), NOON)
    alert = only(partition.read(make.make_revised(), NOON + hours(1)))

    assert (alert.status, alert.certainty) == (Status.UPDATED, Certainty.POSSIBLE)
    assert {piece.article_id for piece in alert.evidence} == {make.make_article_id(2)}


def test_a_page_that_only_scrolled_keeps_its_evidence_with_a_mark() -> None:
    """A live blog, a teaser or a consent page corrects nothing."""
    partition = Partition()
    partition.read(make.make_claim(), NOON)
    assert partition.read(make.make_revised(kind=RevisionKind.OTHER), NOON + hours(1)) == []

    alert = only(partition.read(make.make_claim(name=2, area_km2=5), NOON + hours(2)))
    marks = {piece.article_id: piece.not_in_latest_revision for piece in alert.evidence}
    assert marks == {make.make_article_id(1): True, make.make_article_id(2): False}


def test_a_lower_revision_that_arrives_after_the_correction_is_ignored() -> None:
    """It is counted as superseded."""
    partition = Partition()
    partition.read(make.make_revised(), NOON)
    partition.read(make.make_claim(), NOON + minutes(1))

    assert partition.alerts == []
    assert partition.drops == [DropReason.SUPERSEDED]


def test_a_withdrawn_denial_no_longer_counts() -> None:
    """The claim stands as it did."""
    partition = Partition()
    partition.read(make.make_claim(), NOON)
    partition.read(make.make_denial(name=2, voices=(WHITE_HOUSE,)), NOON)
    alert = only(partition.read(make.make_revised(2, kind=RevisionKind.WITHDRAWN), NOON))

    assert alert.assertion is ClaimAssertion.CLAIMED


def test_a_claim_without_a_word_on_who_has_it_is_still_an_alert() -> None:
    """Nothing is put in anyone's mouth."""
    alert = only(Partition().read(make.make_claim(claimant=None, voices=(make.MEDIUM,)), NOON))

    assert alert.claimant is None
    assert alert.headline == "Example News reports control in Kursk Oblast"
