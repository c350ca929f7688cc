"""Record keys of the state, and the buckets by which its records are found."""

from uuid import UUID

from tocsin_notifier.domain.identity import AttackIdentity, ClaimIdentity, Identity, StanceIdentity
from tocsin_schemas.vocabulary import Mode, StanceTopic


def event_key(event_id: UUID) -> str:
    """The record key of an event."""
    return f"event/{event_id}"


def event_article_key(event_id: UUID, article_id: UUID) -> str:
    """The record key of what an article says about an event."""
    return f"event-article/{event_id}/{article_id}"


def article_key(article_id: UUID) -> str:
    """The record key of an article."""
    return f"article/{article_id}"


def event_bucket(identity: Identity, scope: str, mode: Mode) -> str:
    """Where the events stand that a new one must be compared with."""
    if isinstance(identity, ClaimIdentity):
        return f"claim|{scope}|{identity.area}|{mode}"
    if isinstance(identity, StanceIdentity):
        return f"stance|{scope}|{identity.topic}|{mode}"
    if isinstance(identity, AttackIdentity):
        return f"attack|{scope}|{mode}"
    return f"alarm|{scope}|{mode}"


def member_bucket(event_id: UUID) -> str:
    """Where the articles of an event stand."""
    return f"of|{event_id.hex}"


def article_bucket(article_id: UUID) -> str:
    """Where all that rests on an article stands."""
    return f"by|{article_id.hex}"


def all_clear_bucket(scope: str, mode: Mode) -> str:
    """Where the all-clears of a scope stand."""
    return f"all-clear|{scope}|{mode}"


def official_bucket(scope: str, mode: Mode) -> str:
    """Where the official alarms of a scope stand."""
    return f"official|{scope}|{mode}"


def denial_bucket(scope: str, area: str, mode: Mode) -> str:
    """Where the denials about an area stand."""
    return f"denial|{scope}|{area}|{mode}"


def history_bucket(scope: str, topic: StanceTopic, mode: Mode) -> str:
    """Where an actor's stances on a topic stand."""
    return f"history|{scope}|{topic}|{mode}"
