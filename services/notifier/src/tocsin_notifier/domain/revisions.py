"""What a new revision of an article does to the evidence of the former ones."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tocsin_notifier.domain.assessment import assess, reassess_revised, view_of
from tocsin_notifier.domain.crowd import bring_back
from tocsin_notifier.domain.identity import ClaimIdentity
from tocsin_notifier.domain.keys import article_bucket, event_bucket
from tocsin_notifier.domain.memories import (
    AllClearRecord,
    DenialRecord,
    OfficialAlarmRecord,
    StanceHistoryRecord,
)
from tocsin_notifier.domain.outcome import DropReason
from tocsin_notifier.domain.pending import Pending
from tocsin_notifier.domain.records import ArticleRecord, EventArticle, EventRecord, Mention, Share
from tocsin_notifier.domain.reports import forget_article_at
from tocsin_schemas.detection import ArticleRevised
from tocsin_schemas.vocabulary import AlertType, ChangeReason, RevisionKind

_REPLACING = {
    RevisionKind.CORRECTION: ChangeReason.EVIDENCE_CORRECTED,
    RevisionKind.WITHDRAWN: ChangeReason.EVIDENCE_WITHDRAWN,
}

_Memory = AllClearRecord | OfficialAlarmRecord | DenialRecord | StanceHistoryRecord


def take_revision(pending: Pending, revised: ArticleRevised, now: datetime) -> None:
    """Drop the evidence of lower revisions when it was corrected or withdrawn, else mark it."""
    article = pending.article(revised.article_id) or ArticleRecord(
        article_id=revised.article_id, revision=1, forget_at=forget_article_at(now)
    )
    reason = _REPLACING.get(revised.revision_kind)
    known = article.valid_from if reason else article.revised_to
    if known >= revised.revision:
        pending.drop(DropReason.REPEATED)
        return
    for mention in pending.find(article_bucket(revised.article_id), Mention):
        pending.recall(mention.article)
    if reason is None:
        _mark_former(pending, revised)
    else:
        _drop_former(pending, revised, reason, now)
    pending.put(
        article.model_copy(
            update={
                "revision": max(article.revision, revised.revision),
                "revised_to": max(article.revised_to, revised.revision),
                "valid_from": revised.revision if reason else article.valid_from,
                "forget_at": forget_article_at(now),
            }
        )
    )


def _mark_former(pending: Pending, revised: ArticleRevised) -> None:
    for member in pending.find(article_bucket(revised.article_id), EventArticle):
        shares = tuple(
            _marked(share) if share.revision < revised.revision else share
            for share in member.shares
        )
        pending.put(member.model_copy(update={"shares": shares}))


def _marked(share: Share) -> Share:
    evidence = tuple(
        piece.model_copy(update={"not_in_latest_revision": True}) for piece in share.evidence
    )
    return share.model_copy(update={"evidence": evidence})


def _drop_former(
    pending: Pending, revised: ArticleRevised, reason: ChangeReason, now: datetime
) -> None:
    bucket = article_bucket(revised.article_id)
    memories: list[_Memory] = [
        *pending.find(bucket, AllClearRecord),
        *pending.find(bucket, OfficialAlarmRecord),
        *pending.find(bucket, DenialRecord),
        *pending.find(bucket, StanceHistoryRecord),
    ]
    memories = [record for record in memories if record.revision < revised.revision]
    members = pending.find(bucket, EventArticle)
    spoken_of = [event for m in members if (event := pending.event(m.event_id)) is not None]
    denied = [event for event in _denied(pending, memories) if event not in spoken_of]
    before = [(event, view_of(pending, event, now)) for event in [*spoken_of, *denied]]
    for record in memories:
        pending.forget(record.key())
    for member in members:
        shares = tuple(share for share in member.shares if share.revision >= revised.revision)
        if shares:
            pending.put(member.model_copy(update={"shares": shares}))
        else:
            pending.forget(member.key())
    for event in spoken_of:
        bring_back(pending, event)
    reassess_revised(pending, before, reason, now)
    assess(pending, _beside(pending, spoken_of), now)


def _denied(pending: Pending, memories: Sequence[_Memory]) -> list[EventRecord]:
    """The events that the article denied."""
    found = []
    for record in memories:
        if isinstance(record, DenialRecord):
            about = ClaimIdentity(area=record.area, holder=record.holder, group="control")
            bucket = event_bucket(about, record.scope, record.mode)
            found += [e for e in pending.find(bucket, EventRecord) if e.identity == about]
    return found


def _beside(pending: Pending, events: Sequence[EventRecord]) -> list[UUID]:
    """The events that are compared with these: rivals, other stances on the topic."""
    return [
        other.event_id
        for event in events
        if event.alert_type is not AlertType.AIR_RAID_WARNING
        for other in pending.find(
            event_bucket(event.identity, event.scope, event.mode), EventRecord
        )
    ]
