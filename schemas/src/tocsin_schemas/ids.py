"""Every id is a UUIDv5 of what makes the thing itself: the same input gives the same id."""

import json
from uuid import NAMESPACE_URL, UUID, uuid5

from tocsin_schemas.evidence import Evidence
from tocsin_schemas.place import Place
from tocsin_schemas.slots import ClaimSlots, StanceSlots, WarningSlots
from tocsin_schemas.vocabulary import AlertType, EvidenceField

NAMESPACE = uuid5(NAMESPACE_URL, "https://schemas.tocsin.example/ids/v1")
"""The namespace of all ids of Tocsin; changing it would make every id new."""


def _derive(kind: str, *parts: str | int) -> UUID:
    # JSON keeps the parts apart whatever characters they hold.
    return uuid5(NAMESPACE, json.dumps([kind, *parts], ensure_ascii=False, separators=(",", ":")))


def article_id_from_url(canonical_url: str) -> UUID:
    """The id of an article that has a canonical address."""
    return _derive("article-url", canonical_url)


def article_id_from_source(source_id: str, caller_id: str) -> UUID:
    """The id of an article without an address, named by its source (caller's id or feed guid)."""
    return _derive("article-source", source_id, caller_id)


def article_id_from_text(source_id: str, text: str) -> UUID:
    """The id of an article with neither address nor name: there are no revisions of it."""
    return _derive("article-text", source_id, text)


def statement_id(
    article_id: UUID,
    revision: int,
    slots: ClaimSlots | StanceSlots | WarningSlots,
    first_span: tuple[EvidenceField, int, int],
) -> UUID:
    """The id of a statement: of (article, revision, type, first span, slots).

    Args:
        article_id: the article that says it.
        revision: its revision.
        slots: what it says; voices are left out, since they repeat evidence.
        first_span: field, start and end of the first piece of evidence.

    """
    # Without defaults, so that a slot added in a later release leaves the ids as they are.
    said = slots.model_dump_json(exclude={"voices"}, exclude_defaults=True)
    return _derive("statement", str(article_id), revision, slots.alert_type, *first_span, said)


def detection_id(statement: UUID, place: Place | None) -> UUID:
    """The id of a statement's share for one place (None for a stance)."""
    named = (
        "" if place is None else f"{place.code or ''}|{place.katottg or ''}|{place.canonical_name}"
    )
    return _derive("detection", str(statement), named)


def event_id(scope: str, alert_type: AlertType, first_detection: UUID) -> UUID:
    """The id of an event: of (scope, type, id of its first detection)."""
    return _derive("event", scope, alert_type, str(first_detection))


def alert_id(event: UUID, revision: int) -> UUID:
    """The id of one revision of an event's alert."""
    return _derive("alert", str(event), revision)


def webhook_id(subscription: str, alert: UUID) -> UUID:
    """The delivery id of an alert for one subscription, the same on every retry."""
    return _derive("webhook", subscription, str(alert))


def first_span(evidence: Evidence) -> tuple[EvidenceField, int, int]:
    """The span of a piece of evidence, as `statement_id` takes it."""
    return evidence.field, evidence.start, evidence.end
