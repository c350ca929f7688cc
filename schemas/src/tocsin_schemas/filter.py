"""Which alerts a subscriber wants: the one filter of client, command, webhooks, feeds and page."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from tocsin_schemas.alerts import (
    AirRaidWarningAlert,
    NegotiationStanceAlert,
    TerritorialClaimAlert,
)
from tocsin_schemas.contract import Contract, LanguageCode, RegionCode
from tocsin_schemas.envelope import header
from tocsin_schemas.vocabulary import AlertType, Mode, Phase, Severity, Status

_SEVERITIES = (
    Severity.UNKNOWN, Severity.MINOR, Severity.MODERATE, Severity.SEVERE, Severity.EXTREME,
)  # fmt: skip
_RANKS = {severity.value: rank for rank, severity in enumerate(_SEVERITIES)}

AnyAlert = TerritorialClaimAlert | NegotiationStanceAlert | AirRaidWarningAlert


class AlertFilter(Contract):
    """What a subscriber wants; every field that is given must fit, an empty list takes all.

    The thresholds (`min_severity`, `min_confidence`) never hold back the end of something: alerts
    that are `ended` or `retracted`, and alarms that lapsed, pass them, so that nobody goes on
    showing an alarm whose end was filtered out.
    """

    types: Annotated[tuple[AlertType, ...], Field(max_length=3)] = ()
    """Types of alert."""
    regions: Annotated[tuple[RegionCode, ...], Field(max_length=200)] = ()
    """ISO 3166-2 codes, or a country's code for the country and all its regions.

    A region takes alerts about places in it and warnings for its whole country. Stances have no
    place, so they never fit a region.
    """
    languages: Annotated[tuple[LanguageCode, ...], Field(max_length=50)] = ()
    """Languages of which at least one source must be."""
    min_severity: Severity = Severity.UNKNOWN
    """The least severity. Claims and stances are `Unknown`, the lowest."""
    min_confidence: Annotated[float, Field(ge=0, le=1, examples=[0.7])] = 0.0
    """The least confidence of the classifier."""
    modes: Annotated[tuple[Mode, ...], Field(min_length=1, max_length=3)] = (Mode.LIVE,)
    """Live news; add `test` for drills, `archive` for replays."""
    statuses: Annotated[tuple[Status, ...], Field(max_length=4)] = ()
    """Statuses. Leaving out `ended` or `retracted` is for those who keep no state of alarms."""

    def matches(self, alert: AnyAlert) -> bool:
        """Whether the subscriber wants this alert."""
        return (
            _fits(alert.alert_type, self.types)
            and alert.mode in self.modes
            and _fits(alert.status, self.statuses)
            and (not self.regions or self._is_about(alert))
            and (not self.languages or not languages_of(alert).isdisjoint(self.languages))
            and (self._reaches_thresholds(alert) or is_closing(alert))
        )

    def may_match(self, headers: Iterable[tuple[str, bytes]]) -> bool:
        """Whether an alert with these Kafka headers can be wanted; decode it only then.

        False is certain. True is not: what no header says is left to `matches`.
        """
        found = list(headers)
        mode, status = header(found, "ce_alertmode"), header(found, "ce_alertstatus")
        return (
            _may_fit(header(found, "ce_alerttype"), self.types)
            and _may_fit(mode, self.modes)
            and _may_fit(status, self.statuses)
            and (not self.regions or self._may_be_about(found))
            and not (status == Status.NEW and self._is_below(header(found, "ce_alertseverity")))
        )

    def _is_about(self, alert: AnyAlert) -> bool:
        country_wide = isinstance(alert, AirRaidWarningAlert)
        return any(self._wants_region(code, country_wide) for code in regions_of(alert))

    def _may_be_about(self, headers: list[tuple[str, bytes]]) -> bool:
        alert_type, region = header(headers, "ce_alerttype"), header(headers, "ce_region")
        if alert_type == AlertType.AIR_RAID_WARNING and region is not None:
            return self._wants_region(region, country_wide=True)
        # The header of a claim names the first of its places only.
        return alert_type != AlertType.NEGOTIATION_STANCE

    def _wants_region(self, code: str, country_wide: bool) -> bool:
        return any(
            code == wanted
            or code.startswith(f"{wanted}-")
            or (country_wide and wanted.startswith(f"{code}-"))
            for wanted in self.regions
        )

    def _reaches_thresholds(self, alert: AnyAlert) -> bool:
        return not self._is_below(alert.severity) and alert.confidence.score >= self.min_confidence

    def _is_below(self, severity: str | None) -> bool:
        # A severity that this release does not know is no reason to withhold an alert.
        return severity in _RANKS and _RANKS[severity] < _RANKS[self.min_severity]


def is_closing(alert: AnyAlert) -> bool:
    """It ends or takes back what an earlier alert said, or says that nothing more was heard."""
    if alert.status in (Status.ENDED, Status.RETRACTED):
        return True
    return isinstance(alert, AirRaidWarningAlert) and alert.phase is Phase.LAPSED


def regions_of(alert: AnyAlert) -> frozenset[str]:
    """The codes of the regions (or countries) that an alert is about; a stance has none."""
    if isinstance(alert, AirRaidWarningAlert):
        return frozenset((alert.region,))
    return frozenset(place.code for place in alert.places if place.code)


def languages_of(alert: AnyAlert) -> frozenset[str]:
    """The languages in which it was told."""
    return frozenset(alert.corroboration.languages).union(one.language for one in alert.sources)


def _fits(value: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or value in wanted


def _may_fit(value: str | None, wanted: tuple[str, ...]) -> bool:
    return value is None or _fits(value, wanted)
