"""A record of the log as an alert that one subscription is to be told, or not."""

from datetime import UTC, datetime
from functools import lru_cache

from pydantic import ValidationError

from tocsin_notifier.delivery.domain.backlog import Waiting
from tocsin_notifier.delivery.domain.digest import urgent_until
from tocsin_notifier.domain.outcome import AnyAlert
from tocsin_runtime.dead_letter import REPLAY_FOR, Received
from tocsin_schemas.envelope import decode_alert, header
from tocsin_schemas.filter import AlertFilter
from tocsin_schemas.vocabulary import Mode


@lru_cache(maxsize=64)
def parse_alert(value: bytes) -> AnyAlert:
    """The alert in a record; the subscriptions that read the same one share it, as it is frozen.

    Raises:
        pydantic.ValidationError: the value is no alert.

    """
    return decode_alert(value)


def read_waiting(
    record: Received, name: str, wanted: AlertFilter, *, letters: bool, now: datetime
) -> Waiting | None:
    """The alert in a record, when the subscription wants it.

    Args:
        record: as it was read.
        name: of the subscription.
        wanted: what it wants.
        letters: the record is of `deliveries.dead-letter`: only what an operator asked to be
            delivered again counts, and is not filtered.
        now: when it was read.

    """
    replayed = letters and header(record.headers, REPLAY_FOR) == name
    if not replayed and (letters or not wanted.may_match(record.headers)):
        return None
    try:
        alert = parse_alert(record.value or b"")
    except ValidationError:  # counted once, by the loop that reads for all
        return None
    if not replayed and not wanted.matches(alert):
        return None
    # What was asked for again replaces nothing and is replaced by nothing.
    event = f"{record.partition}/{record.offset}".encode() if replayed else record.key or b""
    return Waiting(
        spot=(record.topic, record.partition, record.offset),
        event=event,
        group=str(alert.incident_id or alert.event_id),
        at=datetime.fromtimestamp(record.timestamp_ms / 1000, UTC),
        seen_at=now,
        key=record.key,
        headers=record.headers,
        value=record.value,
        urgent_until=urgent_until(alert),
        drill=alert.mode is Mode.TEST,
        replayed=replayed,
    )
