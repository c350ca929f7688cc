"""English headlines, built from slots and who says it, never from an article's text."""

from collections.abc import Sequence

from tocsin_notifier.domain.names import NAMES
from tocsin_notifier.domain.view import ClaimPart, StancePart, WarningPart
from tocsin_schemas.place import Place
from tocsin_schemas.slots import Voice
from tocsin_schemas.vocabulary import (
    Action,
    ClaimAssertion,
    Level,
    Mode,
    Phase,
    StanceAssertion,
    Threat,
)

MAX_LENGTH = 300

_SETTLEMENTS = (Level.CITY, Level.TOWN, Level.VILLAGE)


def finish(text: str, mode: Mode) -> str:
    """The headline as sent: a drill says so first, and no headline is too long."""
    marked = f"DRILL: {text}" if mode is Mode.TEST else text
    return marked if len(marked) <= MAX_LENGTH else marked[: MAX_LENGTH - 1] + "…"


def claim_headline(part: ClaimPart, place: Place | None) -> str:
    """Such as `Ukraine (Zelensky) claims control in Kursk Oblast: over 1,250 km²`."""
    voice = _lead(part)
    what = _ground(part.action, place)
    if part.action is Action.CONTESTED:
        line = f"{_speaker(voice)} reports {what}"
    elif part.assertion is ClaimAssertion.CONCEDED and voice.side == part.loser:
        line = f"{_speaker(voice)} concedes {what} {_by(part.claimant)}".rstrip()
    elif voice.side == part.claimant:
        line = f"{_speaker(voice)} claims {what}"
    else:
        line = f"{_speaker(voice)} reports {what} {_by(part.claimant)}".rstrip()
    numbers = _numbers(part)
    return line + (f": {numbers}" if numbers else "") + _denied_by(part)


def stance_headline(part: StancePart) -> str:
    """Such as `Russia (Lavrov) rejects peace talks with Ukraine`."""
    actor = NAMES.country(part.actor)
    own = next((voice for voice in part.voices if voice.side == part.actor), None)
    who = actor if own is None or own.name == actor else f"{actor} ({own.name})"
    about = NAMES.topics[part.topic]
    if part.counterpart:
        about += f" with {NAMES.country(part.counterpart)}"
    if part.assertion is StanceAssertion.DENIED:
        return f"{who} denies that it {NAMES.stances[part.stance]} {about}"
    if part.assertion is StanceAssertion.REPORTED and own is None:
        told = f"{actor} is reported to {NAMES.reported_stances[part.stance]} {about}"
        return f"{told} ({_speaker(part.voices[0])})"
    return f"{who} {NAMES.stances[part.stance]} {about}"


def warning_headline(part: WarningPart, period: str | None) -> str:
    """Such as `Air-raid warning for Sumy Oblast: drones`.

    Args:
        part: what the alert says.
        period: the night or day of an attack, such as `2024-08-14/night`.

    """
    area = part.area.canonical_name
    named = (
        ", ".join(NAMES.threats[threat] for threat in part.threats) or NAMES.threats[Threat.UNKNOWN]
    )
    says = _issuer(part)
    if part.phase is Phase.ENDED:
        return f"All-clear for {area}{says}"
    if part.phase is Phase.LAPSED:
        return f"Air-raid warning for {area} lapsed: no all-clear seen"
    if part.phase is Phase.REPORTED:
        return f"Air attack reported, {area}: {named}{_when(period)}{says}"
    over = ", ".join(place.canonical_name for place in part.ended_areas)
    left = f" (all-clear for {over})" if over else ""
    return f"Air-raid warning for {area}{left}: {named}{says}"


def _lead(part: ClaimPart) -> Voice:
    if part.assertion is ClaimAssertion.CONCEDED:
        ranks: Sequence[str | None] = (part.loser, part.claimant)
    else:
        ranks = (part.claimant,)
    affirming = [v for v in part.voices if v.assertion != ClaimAssertion.DENIED] or part.voices
    for side in ranks:
        for voice in affirming:
            if side is not None and voice.side == side:
                return voice
    return affirming[0]


def _speaker(voice: Voice) -> str:
    if voice.side in ("media", "unknown"):
        return voice.name
    country = NAMES.country(voice.side)
    return country if voice.name == country else f"{country} ({voice.name})"


def _ground(action: Action, place: Place | None) -> str:
    where = place.canonical_name if place else "a place not named"
    settlement = place is not None and place.level in _SETTLEMENTS
    if action in (Action.CAPTURE, Action.RECAPTURE) and settlement:
        return f"{action} of {where}"
    return {
        Action.ADVANCE: f"an advance {'at' if settlement else 'in'} {where}",
        Action.CONTESTED: f"fighting for {where}",
        Action.SOVEREIGNTY: f"sovereignty over {where}",
    }.get(action, f"control {'of' if settlement else 'in'} {where}")


def _by(claimant: str | None) -> str:
    return f"by {NAMES.country(claimant)}" if claimant else ""


def _numbers(part: ClaimPart) -> str:
    told = []
    if part.area_km2 is not None:
        qualifier = "" if part.area_qualifier in (None, "exact") else f"{part.area_qualifier} "
        told.append(f"{qualifier}{part.area_km2:,.10g} km²")
    if part.settlements is not None:
        noun = "settlement" if part.settlements == 1 else "settlements"
        told.append(f"{part.settlements:,} {noun}")
    return ", ".join(told)


def _denied_by(part: ClaimPart) -> str:
    if part.assertion is not ClaimAssertion.DENIED:
        return ""
    denier = next((v for v in part.voices if v.assertion == ClaimAssertion.DENIED), None)
    return f"; denied by {_speaker(denier)}" if denier else "; denied"


def _issuer(part: WarningPart) -> str:
    if part.issued_by:
        return f" ({part.issued_by})"
    named = next((v for v in part.voices if v.side != "media"), None)
    return f" ({named.name})" if named else ""


def _when(period: str | None) -> str:
    if period is None:
        return ""
    date, part = period.split("/")
    return f", {'night of' if part == 'night' else 'day of'} {date}"
