"""What claims and stances, which last for a window, have in common; warnings live otherwise."""

from collections.abc import Sequence

from tocsin_notifier.domain.corroboration import corroborate
from tocsin_notifier.domain.evidence import (
    merge_confidence,
    merge_incident,
    merge_places,
    merge_sources,
    merge_statements,
    merge_time,
    shares_of,
)
from tocsin_notifier.domain.headline import finish
from tocsin_notifier.domain.records import EventArticle, EventRecord
from tocsin_notifier.domain.severity import certainty, rate
from tocsin_notifier.domain.view import CommonPart
from tocsin_notifier.domain.windows import WINDOWS
from tocsin_schemas.evidence import Evidence


def lasting_part(
    event: EventRecord,
    members: Sequence[EventArticle],
    *,
    headline: str,
    evidence: tuple[Evidence, ...],
    observed: bool,
) -> CommonPart:
    """The common fields of a claim or a stance.

    Args:
        event: the event.
        members: what its articles say; there is at least one.
        headline: without the mark of a drill.
        evidence: already merged, since the voices point into it.
        observed: whether more than reports stands behind it.

    """
    shares = shares_of(members)
    corroboration = corroborate(members)
    severity, urgency = rate(None, ())
    return CommonPart(
        headline=finish(headline, event.mode),
        event_time=merge_time(shares),
        expires_at=max(member.first_time for member in members) + WINDOWS.of(event.alert_type),
        severity=severity,
        urgency=urgency,
        certainty=certainty(corroboration.publishers, observed=observed),
        confidence=merge_confidence(shares),
        places=merge_places([share.place for share in shares]),
        evidence=evidence,
        sources=merge_sources(members),
        corroboration=corroboration,
        incident_id=merge_incident(shares),
        statement_ids=merge_statements(shares),
        mode=event.mode,
    )
