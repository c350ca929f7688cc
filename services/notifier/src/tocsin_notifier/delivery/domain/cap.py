"""An air-raid warning as a CAP 1.2 message (OASIS, ITU-T X.1303bis).

What a receiver may conclude from it is documented in docs/feeds.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID
from xml.etree import ElementTree as ET

from tocsin_notifier.delivery.domain.xml_text import clean
from tocsin_schemas.alerts import AirRaidWarningAlert
from tocsin_schemas.place import Place
from tocsin_schemas.standing import caveat, is_on
from tocsin_schemas.vocabulary import Extent, Instruction, Mode, Phase, Status, Urgency

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"

MEDIA_TYPE = "application/cap+xml"

SENDER_PATTERN = r"^[^\s,<&]{1,200}$"
"""CAP allows neither spaces nor commas, `<` or `&` in a sender."""

RESTRICTION = (
    "News monitoring, not an official warning and no siren (life_safety: false). "
    "Do not relay it as an official alert."
)

DEFAULT_SENDER = "tocsin.invalid"
"""Who speaks as long as no operator says otherwise; no domain can be called so."""

LiveStatus = Literal["Actual", "Draft", "Test"]
"""`Test`: receivers disregard it. `Draft`: not actionable as it is. `Actual`: act on it."""

_EVENTS = {
    Phase.ACTIVE: "Air-raid warning",
    Phase.ENDED: "Air-raid all-clear",
    Phase.LAPSED: "Air-raid warning lapsed",
    Phase.REPORTED: "Air attack reported",
}
_MESSAGE_TYPES = {
    Status.NEW: "Alert",
    Status.UPDATED: "Update",
    Status.ENDED: "Update",
    Status.RETRACTED: "Cancel",
}


@dataclass(frozen=True, slots=True)
class CapProfile:
    """Who speaks, and how seriously live warnings are meant."""

    sender: str = DEFAULT_SENDER
    """Globally unique name of this installation, such as its domain; see SENDER_PATTERN."""
    status: LiveStatus = "Test"
    """Status of live warnings. Drills are always `Exercise`, replays always `Test`."""


def to_cap(
    alert: AirRaidWarningAlert,
    profile: CapProfile,
    *,
    now: datetime,
    sent: Mapping[UUID, datetime],
) -> str:
    """The CAP message of a warning, as a whole XML document.

    Args:
        alert: the warning.
        profile: sender and status.
        now: an active alert that is late or expired by then is marked so and instructs nobody.
        sent: when earlier alerts were sent, by alert_id: `references` can name only these. An
            update of which none is known is a first message to this receiver: an `Alert`.

    """
    root = ET.Element(f"{{{NAMESPACE}}}alert")
    references = " ".join(
        f"{profile.sender},{one},{_time(sent[one])}" for one in alert.references if one in sent
    )
    message_type = _MESSAGE_TYPES[alert.status]
    _add(root, "identifier", str(alert.alert_id))
    _add(root, "sender", profile.sender)
    _add(root, "sent", _time(alert.sent_at))
    _add(root, "status", _status(alert, profile))
    _add(root, "msgType", "Alert" if message_type == "Update" and not references else message_type)
    _add(root, "source", ", ".join(dict.fromkeys(one.publisher for one in alert.sources)))
    _add(root, "scope", "Restricted")
    _add(root, "restriction", RESTRICTION)
    _add(root, "note", _note(alert))
    _add(root, "references", references)
    _add(root, "incidents", str(alert.incident_id or alert.event_id))
    _add_info(root, alert, now)
    body = ET.tostring(root, encoding="unicode", default_namespace=NAMESPACE)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _add_info(root: ET.Element, alert: AirRaidWarningAlert, now: datetime) -> None:
    info = ET.SubElement(root, f"{{{NAMESPACE}}}info")
    unsure = caveat(alert, now)
    _add(info, "language", "en")
    _add(info, "category", "Security")
    _add(info, "event", _EVENTS[alert.phase] + (f" ({unsure})" if unsure else ""))
    _add(info, "responseType", _response(alert, now))
    _add(info, "urgency", Urgency.UNKNOWN if unsure else alert.urgency)
    _add(info, "severity", "Unknown" if unsure else alert.severity)
    _add(info, "certainty", alert.certainty)
    for threat in alert.threats:
        _add_pair(info, "eventCode", "tocsin:threat", threat)
    _add(info, "onset", _time(alert.started_at) if alert.started_at else None)
    _add(info, "expires", _time(alert.expires_at))
    _add(info, "senderName", "Tocsin news monitoring")
    _add(info, "headline", mark(alert.headline, unsure))
    _add(info, "description", _description(alert))
    _add(info, "instruction", _instruction(alert, now))
    _add(info, "web", next((one.url for one in alert.sources if one.url), None))
    for name, value in _parameters(alert):
        _add_pair(info, "parameter", f"tocsin:{name}", value)
    _add_area(info, alert)


def mark(headline: str, unsure: str | None) -> str:
    """A headline with what must be known of it before it is read; a drill still says so first.

    The headline of what was retracted says so by itself.
    """
    if unsure is None or unsure == "retracted":
        return headline
    drill = "DRILL: "
    if headline.startswith(drill):
        return f"{drill}{unsure.upper()}: {headline.removeprefix(drill)}"
    return f"{unsure.upper()}: {headline}"


def _status(alert: AirRaidWarningAlert, profile: CapProfile) -> str:
    if alert.mode is Mode.TEST:
        return "Exercise"
    return profile.status if alert.mode is Mode.LIVE else "Test"


def _note(alert: AirRaidWarningAlert) -> str | None:
    if alert.status is Status.RETRACTED:
        reason = alert.change_reason.replace("_", " ")
        return f"Retracted ({reason}): no article says so any longer. This is no all-clear."
    if alert.mode is Mode.TEST:
        return "A drill of the monitoring pipeline: nothing happened."
    return None


def _response(alert: AirRaidWarningAlert, now: datetime) -> str:
    if alert.status is Status.RETRACTED:
        return "None"
    if alert.phase is Phase.ENDED:
        return "AllClear"
    if is_on(alert, now) and alert.instruction is Instruction.SHELTER:
        return "Shelter"
    return "None" if alert.phase is Phase.REPORTED else "Monitor"


def _instruction(alert: AirRaidWarningAlert, now: datetime) -> str | None:
    if not is_on(alert, now) or alert.instruction is not Instruction.SHELTER:
        return None
    who = alert.issued_by or "The sources report that officials"
    return (
        f"{who} told people to go to shelters. Follow the official alarms: "
        "this message is news monitoring and may be late or wrong."
    )


def _description(alert: AirRaidWarningAlert) -> str:
    lines = ["What the sources say:"]
    lines += [f"[{one.language}] “{one.quote}”" for one in alert.evidence]
    lines.append("Sources:")
    for source in alert.sources:
        at = f", {source.published_at:%Y-%m-%d %H:%M} UTC" if source.published_at else ""
        lines.append(f"{source.publisher} ({source.language}){at} {source.url or ''}".rstrip())
    return "\n".join([*lines, RESTRICTION])


def _parameters(alert: AirRaidWarningAlert) -> list[tuple[str, str]]:
    told = [
        ("life_safety", "false"),
        ("event_id", str(alert.event_id)),
        ("revision", str(alert.revision)),
        ("change_reason", alert.change_reason),
        ("phase", alert.phase),
        ("extent", alert.extent),
        ("late", str(alert.late).lower()),
        ("confidence", f"{alert.confidence.score:.2f}"),
        ("publishers", str(alert.corroboration.publishers)),
        ("official_match", str(alert.official_match).lower()),
    ]
    told += [("ended_area", place.canonical_name) for place in alert.ended_areas]
    if alert.ended_at is not None:
        told.append(("ended_at", _time(alert.ended_at)))
    return told


def _add_area(info: ET.Element, alert: AirRaidWarningAlert) -> None:
    area = ET.SubElement(info, f"{{{NAMESPACE}}}area")
    part = "part of " if alert.extent is Extent.PART else ""
    _add(area, "areaDesc", part + _full_name(alert.area))
    iso = "ISO 3166-2" if "-" in alert.region else "ISO 3166-1"
    _add_pair(area, "geocode", iso, alert.region)
    if alert.area.katottg:
        _add_pair(area, "geocode", "KATOTTG", alert.area.katottg)


def _full_name(place: Place) -> str:
    return ", ".join((place.canonical_name, *place.parents))


def _time(at: datetime) -> str:
    """CAP's form: whole seconds, and UTC written as -00:00."""
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "-00:00"


def _add(parent: ET.Element, name: str, text: str | None) -> None:
    if text:
        ET.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = clean(text)


def _add_pair(parent: ET.Element, name: str, key: str, value: str) -> None:
    pair = ET.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    _add(pair, "valueName", key)
    _add(pair, "value", value)
