"""Dead letters as they stand on their topics, and the marks that say which were replayed."""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tocsin_cli.topic_log import partitions_of, read_log
from tocsin_runtime import dead_letter
from tocsin_runtime.dead_letter import Headers, Received
from tocsin_runtime.errors import TocsinError
from tocsin_runtime.outgoing import Outgoing
from tocsin_runtime.settings import KafkaSettings
from tocsin_schemas.topics import (
    ARTICLES,
    ARTICLES_DEAD_LETTER,
    DELIVERIES_DEAD_LETTER,
    DETECTIONS,
    DETECTIONS_DEAD_LETTER,
    TOPICS,
)

LETTER_TOPICS = (ARTICLES_DEAD_LETTER, DETECTIONS_DEAD_LETTER, DELIVERIES_DEAD_LETTER)
"""The dead-letter topics, without prefix."""

REPLAYABLE = (ARTICLES, DETECTIONS)
"""Where letters may go back to: the alert topics take nothing but the notifier's transactions."""

REPLAYED = "tocsin-replayed"
"""Header of a mark: the offset, in the same partition, of the letter that was replayed."""

REPLAYED_FROM = "tocsin-replayed-from"
"""Header of a replayed record: the letter that it was."""

_OURS = frozenset(
    {
        dead_letter.REASON,
        dead_letter.DETAIL,
        dead_letter.TOPIC,
        dead_letter.PARTITION,
        dead_letter.OFFSET,
        dead_letter.AT,
        dead_letter.SERVICE,
        dead_letter.SUBSCRIPTION,
        dead_letter.REPLAY_FOR,
        REPLAYED_FROM,
    }
)
_SPAN = re.compile(r"^(\d{1,6})([mhd])$")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class LetterError(TocsinError):
    """A letter was named or asked for in a way that cannot be met."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One dead letter: where it stands, where it came from and why; its bytes stay there."""

    topic: str
    """The dead-letter topic without prefix."""
    partition: int
    offset: int
    key: bytes | None
    size: int
    """Bytes of the value."""
    from_topic: str
    """The topic it came from, with prefix."""
    from_partition: int | None
    from_offset: int | None
    reason: str
    detail: str
    service: str
    at: datetime
    """When the service gave up on it."""
    subscription: str | None = None
    """Whom an alert could not be delivered to."""
    replayed_at: datetime | None = None
    """When it was last replayed."""

    @property
    def name(self) -> str:
        """What it is called by on the command line."""
        return f"{self.topic}/{self.partition}/{self.offset}"

    @property
    def replays_to(self) -> str:
        """Where a replay of it goes to, for people."""
        return f"subscription {self.subscription}" if self.subscription else self.from_topic

    def to_row(self) -> dict[str, Any]:
        """It as one JSON object."""
        return {
            "letter": self.name,
            "at": self.at.isoformat(),
            "service": self.service,
            "from": {
                "topic": self.from_topic,
                "partition": self.from_partition,
                "offset": self.from_offset,
            },
            "subscription": self.subscription,
            "reason": self.reason,
            "detail": self.detail,
            "key": None if self.key is None else self.key.decode("utf-8", "replace"),
            "bytes": self.size,
            "replayed_at": self.replayed_at.isoformat() if self.replayed_at else None,
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which letters are meant; what is empty or None does not matter."""

    names: frozenset[str] = frozenset()
    topics: tuple[str, ...] = ()
    """Dead-letter topics, or the topics that letters came from; without prefix."""
    reasons: frozenset[str] = frozenset()
    since: datetime | None = None

    def letter_topics(self) -> tuple[str, ...]:
        """The dead-letter topics to read.

        Raises:
            LetterError: a topic or a letter's name is none.

        """
        asked = [topic_of(name) for name in self.names] or [
            topic if topic in LETTER_TOPICS else f"{topic}.dead-letter" for topic in self.topics
        ]
        for topic in asked:
            if topic not in LETTER_TOPICS:
                allowed = ", ".join(one.removesuffix(".dead-letter") for one in LETTER_TOPICS)
                raise LetterError(f"--topic: no dead letters of {topic!r}; allowed: {allowed}")
        return tuple(dict.fromkeys(asked)) or LETTER_TOPICS

    def fits(self, letter: Letter) -> bool:
        """Whether a letter is meant."""
        return (
            (not self.names or letter.name in self.names)
            and (not self.reasons or letter.reason in self.reasons)
            and (self.since is None or letter.at >= self.since)
        )


def topic_of(name: str) -> str:
    """The dead-letter topic in a letter's name.

    Raises:
        LetterError: it is no such name.

    """
    topic, _, rest = name.partition("/")
    if topic not in LETTER_TOPICS or not re.fullmatch(r"\d+/\d+", rest):
        raise LetterError(
            f"letter {name!r}: expected TOPIC/PARTITION/OFFSET as `tocsin dead-letter list` "
            f"prints it, such as {ARTICLES_DEAD_LETTER}/0/12"
        )
    return topic


def parse_since(text: str, now: datetime) -> datetime:
    """A time from `30m`, `2h`, `3d` or an ISO 8601 date or time (UTC unless it says otherwise).

    Raises:
        LetterError: it is none of these.

    """
    span = _SPAN.match(text)
    if span:
        return now - timedelta(**{_UNITS[span[2]]: int(span[1])})
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise LetterError(
            f"--since: {text!r} is no time; write 30m, 2h, 3d or 2024-08-20T15:00"
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


async def find_letters(settings: KafkaSettings, wanted: Wanted) -> list[Letter]:
    """The letters that are meant, the oldest first, with the time of their last replay.

    Raises:
        LetterError: see `Wanted.letter_topics`.
        aiokafka.errors.KafkaError: the broker does not answer.

    """
    found: dict[tuple[str, int, int], Letter] = {}
    replays: dict[tuple[str, int, int], datetime] = {}
    partitions = partitions_of(settings, wanted.letter_topics())
    async for record in read_log(settings, partitions):
        topic = record.topic.removeprefix(settings.topic_prefix)
        headers = dict(record.headers)
        if dead_letter.REPLAY_FOR in headers:  # what was asked to be delivered again
            continue
        mark = headers.get(REPLAYED)
        if mark is not None:
            place = (topic, record.partition, int(mark))
            replays[place] = datetime.fromtimestamp(record.timestamp_ms / 1000, UTC)
            continue
        letter = to_letter(topic, record)
        if wanted.fits(letter):
            found[(topic, record.partition, record.offset)] = letter
    letters = [replace(one, replayed_at=replays.get(place)) for place, one in found.items()]
    return sorted(letters, key=lambda one: (one.at, one.topic, one.partition, one.offset))


async def read_letters(
    settings: KafkaSettings, letters: Sequence[Letter]
) -> AsyncIterator[tuple[Letter, Received]]:
    """The letters with their bytes, one at a time, as their topics hold them."""
    chosen = {(one.topic, one.partition, one.offset): one for one in letters}
    partitions = partitions_of(settings, dict.fromkeys(one.topic for one in letters))
    async for record in read_log(settings, partitions):
        topic = record.topic.removeprefix(settings.topic_prefix)
        letter = chosen.get((topic, record.partition, record.offset))
        if letter is not None:
            yield letter, record


def to_letter(topic: str, record: Received) -> Letter:
    """The letter in a record of a dead-letter topic, which is given without prefix."""
    # The last header of a name is ours: what the record brought along stands before it.
    told = {name: value.decode("utf-8", "replace") for name, value in record.headers}
    stored_at = datetime.fromtimestamp(record.timestamp_ms / 1000, UTC)
    return Letter(
        topic=topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        size=len(record.value or b""),
        from_topic=told.get(dead_letter.TOPIC, ""),
        from_partition=_number(told.get(dead_letter.PARTITION)),
        from_offset=_number(told.get(dead_letter.OFFSET)),
        reason=told.get(dead_letter.REASON, "unknown"),
        detail=told.get(dead_letter.DETAIL, ""),
        service=told.get(dead_letter.SERVICE, "unknown"),
        at=_time(told.get(dead_letter.AT)) or stored_at,
        subscription=told.get(dead_letter.SUBSCRIPTION),
    )


def to_replay(settings: KafkaSettings, letter: Letter, record: Received) -> Outgoing:
    """The record as it was before it became a letter: key, bytes, partition and own headers.

    An alert goes to the subscription that did not take it and to nobody else: beside its letter,
    with a header that `tocsin-notifier deliver` looks for.

    Raises:
        LetterError: it came from a topic that takes no replays.

    """
    own: Headers = tuple(pair for pair in record.headers if pair[0] not in _OURS)
    mark = (REPLAYED_FROM, letter.name.encode())
    if letter.topic == DELIVERIES_DEAD_LETTER and letter.subscription:
        again = (dead_letter.REPLAY_FOR, letter.subscription.encode())
        headers = (*own, mark, again)
        return Outgoing(letter.topic, record.key, record.value, headers, letter.partition)
    topic = letter.from_topic.removeprefix(settings.topic_prefix)
    if topic not in REPLAYABLE or letter.from_topic != settings.topic_prefix + topic:
        raise LetterError(
            f"{letter.name} came from {letter.from_topic or 'nowhere'}, which takes no replays; "
            f"letters go back to {' and '.join(settings.topic_prefix + one for one in REPLAYABLE)}"
        )
    partition = letter.from_partition
    if partition is not None and partition >= TOPICS[topic].partitions:
        partition = None
    return Outgoing(topic, record.key, record.value, (*own, mark), partition)


def to_mark(letter: Letter) -> Outgoing:
    """The record beside a letter that says it was replayed."""
    mark = (REPLAYED, str(letter.offset).encode())
    return Outgoing(letter.topic, letter.key, None, (mark,), letter.partition)


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() else None


def _time(text: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
