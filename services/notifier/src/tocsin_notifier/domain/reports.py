"""How a detection joins or opens an event, and what is remembered of its article."""

from datetime import datetime, timedelta
from uuid import UUID

from tocsin_notifier.domain.corroboration import shorten
from tocsin_notifier.domain.identity import (
    AlarmIdentity,
    AttackIdentity,
    ClaimIdentity,
    StanceIdentity,
    area_key,
    may_be_same_event,
    same_event,
)
from tocsin_notifier.domain.keys import event_bucket
from tocsin_notifier.domain.pending import Pending
from tocsin_notifier.domain.records import ArticleRecord, EventArticle, EventRecord, Said, Share
from tocsin_notifier.domain.times import report_time, stance_day
from tocsin_notifier.domain.windows import WINDOWS, full_hour
from tocsin_schemas import ids
from tocsin_schemas.detection import Detection
from tocsin_schemas.slots import ClaimSlots, StanceSlots, WarningSlots
from tocsin_schemas.vocabulary import ChangeReason, Phase

MAX_SHARES = 8
"""The most statements of one article about one event that are kept."""

MAX_DETECTION_IDS = 500
"""The most detections of one article that are remembered as read."""

AnyIdentity = ClaimIdentity | StanceIdentity | AlarmIdentity | AttackIdentity
"""The identity of an event of any type."""


def find_event(
    pending: Pending, detection: Detection, identity: AnyIdentity, now: datetime
) -> EventRecord | None:
    """The open event that a report with that identity is about, None when it opens its own.

    A missing slot matches only when exactly one open event fits.
    """
    bucket = event_bucket(identity, detection.scope, detection.mode)
    opened = [event for event in pending.find(bucket, EventRecord) if event.forget_at > now]
    equal = [event for event in opened if same_event(event.identity, identity)]
    if equal:
        return equal[0]
    fitting = [event for event in opened if may_be_same_event(event.identity, identity)]
    return fitting[0] if len(fitting) == 1 else None


def open_event(
    pending: Pending,
    detection: Detection,
    identity: AnyIdentity,
    reason: ChangeReason,
    now: datetime,
) -> EventRecord:
    """A new event of which no alert was sent yet."""
    event = EventRecord(
        event_id=ids.event_id(detection.scope, detection.alert_type, detection.detection_id),
        scope=detection.scope,
        alert_type=detection.alert_type,
        mode=detection.mode,
        identity=identity,
        place=detection.place,
        revision=0,
        first_reason=reason,
        told=None,
        lapse_at=None,
        forget_at=full_hour(now + WINDOWS.of(detection.alert_type)),
    )
    pending.put(event)
    return event


def share_of(
    detection: Detection,
    slots: ClaimSlots | StanceSlots | WarningSlots,
    now: datetime,
    *,
    revised_to: int,
) -> Share:
    """What a detection brings to an event.

    Args:
        detection: the detection.
        slots: its slots, or what they mean for the event.
        now: the time in the log.
        revised_to: the latest revision of the article that is known to be out.

    """
    gone = detection.revision < revised_to
    evidence = detection.evidence
    if gone:
        evidence = tuple(
            piece.model_copy(update={"not_in_latest_revision": True}) for piece in evidence
        )
    stance = isinstance(slots, StanceSlots)
    return Share(
        statement_id=detection.statement_id,
        revision=detection.revision,
        day=stance_day(detection, now) if stance else None,
        event_time=detection.event_time,
        active_for=detection.active_for,
        incident_id=detection.incident_id,
        place=detection.place,
        slots=slots,
        evidence=evidence,
        confidence=detection.confidence,
    )


def add_share(
    pending: Pending,
    event: EventRecord,
    detection: Detection,
    share: Share,
    first_time: datetime,
    now: datetime,
) -> bool:
    """Add what a detection says to an event; False when a later revision already says it.

    What the same article said in an earlier revision is replaced and keeps its first time.
    """
    member = pending.member(event.event_id, detection.article_id)
    shares = member.shares if member else ()
    alike = [held for held in shares if _role(held) == _role(share)]
    if any(held.revision > share.revision for held in alike):
        return False
    former = [held for held in alike if held.revision < share.revision]
    if former:
        share = share.model_copy(
            update={"own_time": former[0].own_time, "active_for": former[0].active_for}
        )
    kept = [
        held for held in shares if held not in former and held.statement_id != share.statement_id
    ]
    pending.recall(
        EventArticle(
            event_id=event.event_id,
            article_id=detection.article_id,
            first_time=min(member.first_time, first_time) if member else first_time,
            seen_at=member.seen_at if member else now,
            publisher=detection.publisher,
            url=detection.url,
            language=detection.language,
            published_at=detection.published_at,
            fingerprint=shorten(detection.fingerprint),
            shares=tuple(
                sorted([*kept, share], key=lambda held: (held.revision, held.statement_id))
            )[-MAX_SHARES:],
            forget_at=event.forget_at,
        )
    )
    return True


def remember(
    pending: Pending,
    detection: Detection,
    said: str,
    now: datetime,
    *,
    own_time: datetime | None = None,
) -> None:
    """Note that a detection was read and what its article said, so that repeats give nothing."""
    held = pending.article(detection.article_id)
    statements = held.said if held else ()
    if all(statement.identity != said for statement in statements):
        statement = Said(
            identity=said,
            revision=detection.revision,
            own_time=own_time,
            first_time=report_time(detection, now),
        )
        statements = tuple(sorted((*statements, statement), key=lambda told: told.identity))
    read = (*(held.detection_ids if held else ()), detection.detection_id)
    pending.put(
        ArticleRecord(
            article_id=detection.article_id,
            revision=max(detection.revision, held.revision if held else 1),
            valid_from=held.valid_from if held else 1,
            revised_to=held.revised_to if held else 1,
            detection_ids=tuple(dict.fromkeys(read))[-MAX_DETECTION_IDS:],
            said=statements,
            forget_at=forget_article_at(now),
        )
    )


def said_before(pending: Pending, detection: Detection, said: str) -> Said | None:
    """What an earlier revision of the article said with that identity, None when it did not."""
    article = pending.article(detection.article_id)
    for statement in article.said if article else ():
        if statement.identity == said and statement.revision < detection.revision:
            return statement
    return None


def revised_to(pending: Pending, article_id: UUID) -> int:
    """The latest revision of an article that is known to be out."""
    article = pending.article(article_id)
    return article.revised_to if article else 1


def forget_article_at(now: datetime) -> datetime:
    """When an article that was heard of now is forgotten."""
    return full_hour(now + timedelta(hours=WINDOWS.memory.article_hours))


def _role(share: Share) -> tuple[str, ...]:
    # All-clears for other parts or threats are statements of their own.
    if share.phase is not Phase.ENDED or not isinstance(share.slots, WarningSlots):
        return ("report",)
    return ("all-clear", area_key(share.place), *sorted(share.slots.threats))
