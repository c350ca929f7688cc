"""The reports of an event put together: evidence, voices, sources, places, time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from uuid import UUID

from tocsin_notifier.domain.identity import area_key
from tocsin_notifier.domain.records import EventArticle, Share
from tocsin_schemas.alerts import AlertSource
from tocsin_schemas.evidence import MAX_EVIDENCE, EventTime, Evidence
from tocsin_schemas.place import Place
from tocsin_schemas.slots import Voice
from tocsin_schemas.statement import Confidence
from tocsin_schemas.vocabulary import TimePrecision

MAX_VOICES = 20
MAX_SOURCES = 100
MAX_STATEMENTS = 100
MAX_PLACES = 200

_PRECISION_ORDER = tuple(TimePrecision)


@dataclass(frozen=True, slots=True)
class Spoken:
    """Voices with the evidence that they point into by position."""

    voices: tuple[Voice, ...]
    evidence: tuple[Evidence, ...]


def merge_evidence(groups: Sequence[Spoken]) -> tuple[Evidence, ...]:
    """The evidence of all groups, at most as much as an alert carries, no piece twice.

    The first piece of every group is kept before any second one; the order is that of the groups.
    """
    ranked: dict[Evidence, tuple[int, int]] = {}
    for place, group in enumerate(groups):
        for rank, piece in enumerate(group.evidence):
            ranked.setdefault(piece, (rank, place))
    kept = sorted(ranked, key=lambda piece: ranked[piece])[:MAX_EVIDENCE]
    return tuple(sorted(kept, key=lambda piece: (ranked[piece][1], ranked[piece][0])))


def merge_voices(groups: Sequence[Spoken], shown: Sequence[Evidence]) -> tuple[Voice, ...]:
    """Who says so, named ones before media, each once, pointing into the evidence shown."""
    positions = {piece: at for at, piece in enumerate(shown)}
    heard: dict[tuple[str, str, str], _Heard] = {}
    for group in groups:
        for voice in group.voices:
            pieces = [group.evidence[at] for at in voice.evidence if at < len(group.evidence)]
            name = (voice.name.casefold(), voice.side, voice.assertion)
            held = heard.setdefault(name, _Heard(voice, voice.office))
            held.office = held.office or voice.office
            held.evidence.update(positions[piece] for piece in pieces if piece in positions)
    merged = [
        held.voice.model_copy(
            update={"office": held.office, "evidence": tuple(sorted(held.evidence))}
        )
        for held in heard.values()
    ]
    return tuple(sorted(merged, key=lambda voice: voice.side == "media")[:MAX_VOICES])


@dataclass(slots=True)
class _Heard:
    """A voice as all its reports have it."""

    voice: Voice
    office: str | None
    evidence: set[int] = field(default_factory=set)


def merge_sources(members: Sequence[EventArticle]) -> tuple[AlertSource, ...]:
    """The articles, the first report first."""
    return tuple(
        AlertSource(
            url=member.url,
            publisher=member.publisher,
            language=member.language,
            published_at=member.published_at,
        )
        for member in members[:MAX_SOURCES]
    )


def merge_statements(shares: Sequence[Share]) -> tuple[UUID, ...]:
    """The statements, the first report's first."""
    return tuple(dict.fromkeys(share.statement_id for share in shares))[:MAX_STATEMENTS]


def merge_places(places: Sequence[Place | None]) -> tuple[Place, ...]:
    """The places, each area once, as the first report names it."""
    distinct: dict[str, Place] = {}
    for place in places:
        if place is not None:
            distinct.setdefault(area_key(place), place)
    return tuple(distinct.values())[:MAX_PLACES]


def merge_time(shares: Sequence[Share]) -> EventTime | None:
    """When it happened: the most exact time told, of these the earliest; None when undated."""
    times = [share.event_time for share in shares if share.event_time is not None]
    return min(
        times,
        key=lambda time: (_PRECISION_ORDER.index(time.precision), time.start, time.end),
        default=None,
    )


def merge_confidence(shares: Sequence[Share]) -> Confidence:
    """The surest classification among the reports."""
    return max(
        (share.confidence for share in shares),
        key=lambda sure: (sure.score, sure.threshold, sure.classifier, sure.version),
    )


def merge_incident(shares: Sequence[Share]) -> UUID | None:
    """The incident that the first report names one for."""
    return next((share.incident_id for share in shares if share.incident_id), None)


def spoken(shares: Sequence[Share]) -> list[Spoken]:
    """Each share's voices with its evidence."""
    return [Spoken(share.slots.voices, share.evidence) for share in shares]


def shares_of(members: Sequence[EventArticle]) -> list[Share]:
    """All that the articles say, in their order."""
    return list(chain.from_iterable(member.shares for member in members))
