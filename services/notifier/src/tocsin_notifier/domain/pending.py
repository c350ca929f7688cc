"""The changes that a record leads to, laid over a state that stays as it is."""

from typing import TypeVar
from uuid import UUID

from tocsin_notifier.domain.keys import (
    article_key,
    event_article_key,
    event_key,
    member_bucket,
    mention_bucket,
    mention_key,
)
from tocsin_notifier.domain.outcome import DraftAlert, Drop, DropReason, Outcome, Siren
from tocsin_notifier.domain.records import (
    AnyStateRecord,
    ArticleRecord,
    EventArticle,
    EventRecord,
    Mention,
)
from tocsin_notifier.domain.state import State

R = TypeVar("R", bound=AnyStateRecord)


class Pending:
    """A state with changes on top, and what else the record leads to."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._changes: dict[str, AnyStateRecord | None] = {}
        self._alerts: list[DraftAlert] = []
        self._dropped: list[Drop] = []
        self._sirens: list[Siren] = []

    def put(self, record: AnyStateRecord) -> None:
        """Set a record."""
        self._changes[record.key()] = record

    def forget(self, key: str) -> None:
        """Remove a record."""
        self._changes[key] = None

    def send(self, draft: DraftAlert) -> None:
        """Add an alert."""
        self._alerts.append(draft)

    def drop(self, reason: DropReason, detection_id: UUID | None = None) -> None:
        """Note that something gave nothing."""
        self._dropped.append(Drop(reason, detection_id))

    def witness(self, siren: Siren) -> None:
        """Note what an official alarm says of the news."""
        self._sirens.append(siren)

    def get(self, key: str, kind: type[R]) -> R | None:
        """The record with that key, None when there is none of that kind."""
        record = self._changes[key] if key in self._changes else self._state.get(key)
        return record if isinstance(record, kind) else None

    def find(self, bucket: str, kind: type[R]) -> list[R]:
        """The records of a kind that stand in a bucket, sorted by key."""
        keys = {key for key in self._state.keys_in(bucket) if key not in self._changes}
        for key, record in self._changes.items():
            if record is not None and bucket in record.buckets():
                keys.add(key)
        found = (self.get(key, kind) for key in sorted(keys))
        return [one for one in found if one is not None and bucket in one.buckets()]

    def event(self, event_id: UUID) -> EventRecord | None:
        """The event with that id."""
        return self.get(event_key(event_id), EventRecord)

    def members(self, event_id: UUID) -> list[EventArticle]:
        """What each article says about an event, the first report first; mentions are left out."""
        found = self.find(member_bucket(event_id), EventArticle)
        return sorted(found, key=lambda member: (member.first_time, member.article_id))

    def is_supported(self, event_id: UUID) -> bool:
        """Whether any article still says something about an event."""
        return bool(self.find(member_bucket(event_id), EventArticle))

    def member(self, event_id: UUID, article_id: UUID) -> EventArticle | None:
        """What one article says about an event, mentioned or not."""
        mention = self.get(mention_key(event_id, article_id), Mention)
        if mention is not None:
            return mention.article
        return self.get(event_article_key(event_id, article_id), EventArticle)

    def count_mentions(self, event_id: UUID) -> int:
        """How many articles are only counted for an event."""
        count = self._state.size_of(mention_bucket(event_id))
        prefix = mention_key(event_id, "")
        for key in self._changes:
            if key.startswith(prefix):
                held = self._state.get(key)
                count += (self._changes[key] is not None) - (held is not None)
        return count

    def mention(self, member: EventArticle) -> None:
        """Only count an article from now on."""
        self.put(Mention(article=member))
        self.forget(member.key())

    def recall(self, member: EventArticle) -> None:
        """Let an article count in full, mentioned before or not."""
        self.put(member)
        self.forget(mention_key(member.event_id, member.article_id))

    def article(self, article_id: UUID) -> ArticleRecord | None:
        """What is known of an article."""
        return self.get(article_key(article_id), ArticleRecord)

    def close(self, event_id: UUID) -> None:
        """Forget an event with all that its articles say."""
        for member in self.find(member_bucket(event_id), EventArticle):
            self.forget(member.key())
        for mention in self.find(mention_bucket(event_id), Mention):
            self.forget(mention.key())
        self.forget(event_key(event_id))

    def outcome(self) -> Outcome:
        """All of it, changes that change nothing left out."""
        changes = tuple(
            (key, record) for key, record in self._changes.items() if record != self._state.get(key)
        )
        return Outcome(changes, tuple(self._alerts), tuple(self._dropped), tuple(self._sirens))
