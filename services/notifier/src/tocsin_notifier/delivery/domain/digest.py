"""Alerts as people read them on a phone: a headline, the words that say so, where, when, a link."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tocsin_notifier.delivery.domain.backlog import Waiting
from tocsin_notifier.delivery.domain.cap import mark
from tocsin_notifier.delivery.domain.doubt import why_not_on
from tocsin_notifier.domain.outcome import AnyAlert
from tocsin_schemas.alerts import AirRaidWarningAlert
from tocsin_schemas.evidence import Evidence
from tocsin_schemas.vocabulary import EvidenceRole, Mode, Phase, Status, TimePrecision

MAX_ALERTS = 20
"""Most alerts in one message; the others follow in the next."""

_QUOTE_CHARACTERS = 300
_PLACES = 8
_DRILL = "DRILL: "
_FOOT = "News monitoring, not a siren."


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When nobody wants to be called, but for what is urgent."""

    begin: time
    end: time
    """Earlier than the begin when a night lies between."""

    def hold(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether a moment lies in them."""
        local = at.astimezone(zone).time()
        if self.begin <= self.end:
            return self.begin <= local < self.end
        return local >= self.begin or local < self.end

    def over_at(self, at: datetime, zone: ZoneInfo) -> datetime:
        """When the quiet hours that a moment lies in are over."""
        day = at.astimezone(zone).date()
        ends = (_moment(day + timedelta(days=more), self.end, zone) for more in range(2))
        return next(end for end in ends if end > at)


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone)


@dataclass(frozen=True, slots=True)
class Manners:
    """How one subscriber wants to be told."""

    window: timedelta
    """How long alerts of one incident are collected, from the first."""
    zone: ZoneInfo
    """Of the quiet hours and of the times in messages."""
    quiet: QuietHours | None = None

    def due(self, one: Waiting, now: datetime) -> datetime:
        """When an alert is due by itself."""
        if one.is_urgent(now):
            return now
        ripe = one.seen_at + self.window
        if self.quiet is not None and self.quiet.hold(max(ripe, now), self.zone):
            return self.quiet.over_at(max(ripe, now), self.zone)
        return ripe

    def group(self, one: Waiting) -> tuple[str, bool]:
        """What it is told together with: its incident, or all that quiet hours held back."""
        ripe = one.at + self.window
        if one.urgent_until is None and self.quiet and self.quiet.hold(ripe, self.zone):
            return "quiet", one.drill
        return one.group, one.drill


def urgent_until(alert: AnyAlert) -> datetime | None:
    """Until when an alert is worth a call at night; None when it is not.

    A warning that is on is, and so is the end of an alarm: nobody is to go on waiting for it.
    """
    if not isinstance(alert, AirRaidWarningAlert):
        return None
    if alert.phase in (Phase.ENDED, Phase.LAPSED):
        return alert.expires_at
    if alert.phase is not Phase.ACTIVE or alert.late:
        return None
    return alert.expires_at


def write_title(alerts: Sequence[AnyAlert], doubts: Sequence[str | None]) -> str:
    """The headline, or how many there are and the first of them."""
    first = _headline(alerts[0], doubts[0])
    if len(alerts) == 1:
        return first
    drill = _DRILL if alerts[0].mode is Mode.TEST else ""
    return f"{drill}{len(alerts)} alerts: {first.removeprefix(_DRILL)}"


def write_text(alerts: Sequence[AnyAlert], doubts: Sequence[str | None], zone: ZoneInfo) -> str:
    """The message below the title, plain text."""
    several = len(alerts) > 1
    parts = [
        "\n".join(_told(alert, doubt, zone, with_headline=several))
        for alert, doubt in zip(alerts, doubts, strict=True)
    ]
    return "\n\n".join([*parts, _FOOT])


def doubt_of(one: Waiting, alert: AnyAlert, now: datetime) -> str | None:
    """Why an active warning must not be worded as on; None when it may, or is not active."""
    if isinstance(alert, AirRaidWarningAlert) and alert.phase is Phase.ACTIVE:
        return why_not_on(alert, now, replayed=one.replayed, replaced=one.replaced)
    return None


def _headline(alert: AnyAlert, doubt: str | None) -> str:
    line = mark(alert.headline, doubt)
    if alert.status is Status.RETRACTED and "retract" not in line.lower():
        line = f"Retracted: {line}"
    drill = alert.mode is Mode.TEST and not line.startswith(_DRILL)
    return f"{_DRILL}{line}" if drill else line


def _told(
    alert: AnyAlert, doubt: str | None, zone: ZoneInfo, *, with_headline: bool
) -> Iterable[str]:
    if with_headline:
        yield _headline(alert, doubt)
    quoted = _first_statement(alert.evidence)
    yield f"“{_cut(quoted.quote)}” ({alert.sources[0].publisher}, {quoted.language})"
    if alert.places:
        named = [_place(one.canonical_name, one.code) for one in alert.places[:_PLACES]]
        more = len(alert.places) - len(named)
        yield "Where: " + ", ".join(named) + (f" and {more} more" if more else "")
    yield "When: " + _when(alert, zone)
    link = next((one.url for one in alert.sources if one.url), None)
    if link:
        yield link


def _first_statement(evidence: Sequence[Evidence]) -> Evidence:
    statements = (one for one in evidence if one.role is EvidenceRole.STATEMENT)
    return next(statements, evidence[0])


def _cut(quote: str) -> str:
    line = " ".join(quote.split())
    return line if len(line) <= _QUOTE_CHARACTERS else line[: _QUOTE_CHARACTERS - 1] + "…"


def _place(name: str, code: str | None) -> str:
    return f"{name} ({code})" if code else name


def _when(alert: AnyAlert, zone: ZoneInfo) -> str:
    told = f"told {_clock(alert.sent_at, zone)}"
    if alert.event_time is None:
        return f"not dated, {told}"
    begin, end = alert.event_time.start, alert.event_time.end
    if alert.event_time.precision is TimePrecision.MINUTE:
        return f"{_clock(begin, zone)}, {told}"
    return f"between {_clock(begin, zone)} and {_clock(end, zone)}, {told}"


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"
