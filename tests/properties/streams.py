"""Generated streams of `detections`: few articles and places, so that much meets in one event."""

import os
from collections.abc import Sequence

from hypothesis import strategies as st

import factories as make
from factories import NOON, hours, minutes
from tocsin_schemas.detection import ArticleRevised, Detection
from tocsin_schemas.slots import Voice
from tocsin_schemas.vocabulary import (
    Action,
    ClaimAssertion,
    Mode,
    Origin,
    Phase,
    RevisionKind,
    StanceAssertion,
    StanceTopic,
    StanceValue,
    Threat,
)

EXAMPLES = int(os.environ.get("TOCSIN_PROPERTY_EXAMPLES", "300"))
"""How many sequences each property is tried on; CONTRIBUTING.md says how to try more."""

TIMEOUT = max(180, EXAMPLES // 5)
"""Seconds for that many."""

NAMES = st.integers(1, 6)
REVISIONS = st.integers(1, 3)
TIMES = st.integers(-600, 0).map(lambda late: NOON + minutes(late))
THREATS = st.sets(st.sampled_from([Threat.DRONE, Threat.MISSILE]), max_size=2).map(
    lambda threats: tuple(sorted(threats))
)
VOICES = st.sampled_from(
    [
        Voice(name="Zelensky", side="UA", assertion=ClaimAssertion.CLAIMED, evidence=(0,)),
        Voice(name="Ministry", side="RU", assertion=ClaimAssertion.CLAIMED, evidence=(0,)),
        Voice(name="Pentagon", side="US", assertion=ClaimAssertion.REPORTED),
        Voice(name="Example News", side="media", assertion=ClaimAssertion.REPORTED),
    ]
).map(lambda voice: (voice,))
GROUND = st.sampled_from([make.KURSK, make.KURSK, make.SUDZHA, make.SUMY])
PLACES = st.sampled_from([make.SUMY, make.SUMY_RAION, make.SUMY_CITY, make.KHARKIV])
MODES = st.sampled_from([Mode.LIVE, Mode.LIVE, Mode.LIVE, Mode.TEST])
FINGERPRINTS = st.sampled_from(["", "QUdFTkNZ" * 24, "UEFQRVI=" * 24])


@st.composite
def claims(draw: st.DrawFn, names: st.SearchStrategy[int] = NAMES) -> Detection:
    """A claim of any kind, a denial among them."""
    assertion = draw(st.sampled_from(ClaimAssertion))
    return make.make_claim(
        draw(GROUND),
        name=draw(names),
        at=draw(TIMES),
        revision=draw(REVISIONS),
        mode=draw(MODES),
        fingerprint=draw(FINGERPRINTS),
        claimant=draw(st.sampled_from(["UA", "RU", None])),
        loser=draw(st.sampled_from(["UA", "RU", None])),
        action=draw(st.sampled_from(Action)),
        area_km2=draw(st.sampled_from([None, None, 1000.0, 1250.0])),
        voices=tuple(v.model_copy(update={"assertion": assertion}) for v in draw(VOICES)),
        assertion=assertion,
    )


@st.composite
def stances(draw: st.DrawFn, names: st.SearchStrategy[int] = NAMES) -> Detection:
    """A stance of one of four days."""
    return make.make_stance(
        actor=draw(st.sampled_from(["RU", "RU", "UA"])),
        name=draw(names),
        at=draw(TIMES) - hours(24) * draw(st.integers(0, 3)),
        revision=draw(REVISIONS),
        mode=draw(MODES),
        stance=draw(st.sampled_from(StanceValue)),
        assertion=draw(st.sampled_from(StanceAssertion)),
        topic=draw(st.sampled_from([StanceTopic.PEACE_TALKS, StanceTopic.SUMMIT])),
        counterpart=draw(st.sampled_from(["UA", None])),
    )


@st.composite
def warnings(
    draw: st.DrawFn,
    names: st.SearchStrategy[int] = NAMES,
    phases: Sequence[Phase] = (Phase.ACTIVE, Phase.REPORTED, Phase.ENDED),
    recent: int = 300,
) -> Detection:
    """A warning or an all-clear; told with its own time at least when `recent` minutes are few."""
    at = NOON - minutes(draw(st.integers(0, recent)))
    timed = draw(st.booleans())
    return make.make_warning(
        draw(PLACES),
        name=draw(names),
        at=at,
        revision=draw(REVISIONS),
        mode=draw(MODES),
        phase=draw(st.sampled_from(phases)),
        threats=draw(THREATS),
        event_time=make.make_time(at) if timed or recent < 300 else None,
        origin=draw(st.sampled_from([Origin.NEWS, Origin.NEWS, Origin.OFFICIAL])),
    )


REVISED = st.builds(
    make.make_revised, NAMES, st.integers(2, 3), st.sampled_from(list(RevisionKind)[1:])
)
ANYTHING = st.one_of(claims(), stances(), warnings(), REVISED)
LATER = st.integers(0, 240)

Record = Detection | ArticleRevised
Stream = list[tuple[Record, int]]
"""Records, each with the minutes that pass before it."""

_STEPS = st.tuples(ANYTHING, LATER)
STREAMS = st.one_of(st.lists(_STEPS, max_size=10), st.lists(_STEPS, min_size=15, max_size=25))
