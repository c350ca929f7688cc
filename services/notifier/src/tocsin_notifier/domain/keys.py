"""Record keys of the state, and the buckets by which its records are found."""

from uuid import UUID

from tocsin_notifier.domain.identity import AttackIdentity, ClaimIdentity, Identity, StanceIdentity
from tocsin_schemas.vocabulary import Mode, StanceTopic

EVENT_PREFIX = "event/"
EVENT_ARTICLE_PREFIX = "event-article/"
MENTION_PREFIX = "event-mention/"
ARTICLE_PREFIX = "article/"


def event_key(event_id: UUID) -> str:
    """The record key of an event."""
    return f"{EVENT_PREFIX}{event_id}"


def event_article_key(event_id: UUID, article_id: UUID) -> str:
    """The record key of what an article says about an event."""
    return f"{EVENT_ARTICLE_PREFIX}{event_id}/{article_id}"


def mention_key(event_id: UUID, article_id: UUID | str) -> str:
    """The record key of an article that is only counted for an event; "" gives what all share."""
    return f"{MENTION_PREFIX}{event_id}/{article_id}"


def article_key(article_id: UUID) -> str:
    """The record key of an article."""
    return f"{ARTICLE_PREFIX}{article_id}"


def kind_of(key: str) -> str:
    """The kind of record that a key is one of: every key begins with it."""
    return key.partition("/")[0]


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
    return member_bucket_of(str(event_id))


def member_bucket_of(event_id: str) -> str:
    """The same, of the id as it stands in a key."""
    return f"of|{event_id}"


def mention_bucket(event_id: UUID) -> str:
    """Where the articles stand that are only counted for an event."""
    return mention_bucket_of(str(event_id))


def mention_bucket_of(event_id: str) -> str:
    """The same, of the id as it stands in a key."""
    return f"counted|{event_id}"


def article_bucket(article_id: UUID) -> str:
    """Where all that rests on an article stands."""
    return article_bucket_of(str(article_id))


def article_bucket_of(article_id: str) -> str:
    """The same, of the id as it stands in a key."""
    return f"by|{article_id}"


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
