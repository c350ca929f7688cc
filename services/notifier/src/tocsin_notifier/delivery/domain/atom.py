"""Atom 1.0 feeds of alerts (RFC 4287): one entry for each event, and an index of CAP messages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from tocsin_notifier.delivery.domain.cap import MEDIA_TYPE as CAP_MEDIA_TYPE
from tocsin_notifier.delivery.domain.cap import mark
from tocsin_notifier.delivery.domain.recent import Kept
from tocsin_notifier.delivery.domain.xml_text import clean
from tocsin_notifier.domain.outcome import AnyAlert
from tocsin_schemas.alerts import AirRaidWarningAlert
from tocsin_schemas.envelope import region_of
from tocsin_schemas.standing import caveat

NAMESPACE = "http://www.w3.org/2005/Atom"

MEDIA_TYPE = "application/atom+xml"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""An empty feed was never updated."""

_SAID = "News monitoring, not a siren (life_safety: false)."


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed is called and where it stands."""

    name: str
    """Names it among the feeds of an installation, such as `air-raid-warning:UA-59`."""
    title: str
    authority: str
    """Who speaks: the domain in the feed's id."""
    base_url: str
    """Where the service is reached, without a slash at the end."""
    path: str
    """Where the feed is, with its query."""


def to_atom(feed: Feed, found: Iterable[tuple[Kept, AnyAlert]], now: datetime) -> str:
    """A feed of events: its entries keep their id over all revisions."""
    listed = list(found)
    root = _open(feed, max((kept.sent_at for kept, _ in listed), default=_EPOCH))
    for kept, alert in listed:
        entry = ET.SubElement(root, "entry")
        _add(entry, "id", f"urn:uuid:{kept.event_id}")
        _add_body(entry, kept, alert, now)
        _add_link(entry, "alternate", "text/html", f"{feed.base_url}/?event={kept.event_id}")
        for source in alert.sources:
            if source.url:
                _add_link(entry, "via", None, source.url)
    return _close(root)


def to_cap_index(feed: Feed, found: Iterable[tuple[Kept, AnyAlert]], now: datetime) -> str:
    """An index of CAP messages: each has an entry of its own."""
    listed = list(found)
    root = _open(feed, max((kept.sent_at for kept, _ in listed), default=_EPOCH))
    for kept, alert in listed:
        entry = ET.SubElement(root, "entry")
        _add(entry, "id", f"urn:uuid:{kept.alert_id}")
        _add_body(entry, kept, alert, now)
        target = f"{feed.base_url}/v1/cap/{kept.alert_id}.xml"
        _add_link(entry, "alternate", CAP_MEDIA_TYPE, target)
    return _close(root)


def _open(feed: Feed, updated: datetime) -> ET.Element:
    root = ET.Element("feed", {"xmlns": NAMESPACE})
    _add(root, "id", f"tag:{feed.authority},2024:{feed.name}")
    _add(root, "title", feed.title)
    _add(root, "subtitle", _SAID)
    _add(root, "updated", _time(updated))
    _add_link(root, "self", MEDIA_TYPE, feed.base_url + feed.path)
    _add_link(root, "alternate", "text/html", feed.base_url + "/")
    author = ET.SubElement(root, "author")
    _add(author, "name", "Tocsin news monitoring")
    return root


def _add_body(entry: ET.Element, kept: Kept, alert: AnyAlert, now: datetime) -> None:
    _add(entry, "title", title_of(alert, now))
    _add(entry, "published", _time(kept.first_sent_at))
    _add(entry, "updated", _time(kept.sent_at))
    for scheme, term in (
        ("type", alert.alert_type),
        ("status", alert.status),
        ("region", region_of(alert)),
        ("mode", alert.mode),
    ):
        if term:
            ET.SubElement(entry, "category", {"term": term, "scheme": f"urn:tocsin:{scheme}"})
    content = ET.SubElement(entry, "content", {"type": "text"})
    content.text = clean(_told(alert))


def title_of(alert: AnyAlert, now: datetime) -> str:
    """The headline, with what must be known before it is read."""
    unsure = caveat(alert, now) if isinstance(alert, AirRaidWarningAlert) else None
    return mark(alert.headline, unsure)


def _told(alert: AnyAlert) -> str:
    lines = [f"“{one.quote}” ({one.language})" for one in alert.evidence]
    lines += [" ".join(filter(None, (one.publisher, one.url))) for one in alert.sources]
    return "\n".join([*lines, _SAID])


def _close(root: ET.Element) -> str:
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _time(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = clean(text)


def _add_link(parent: ET.Element, rel: str, media_type: str | None, href: str) -> None:
    attributes = {"rel": rel, "href": clean(href)} | ({"type": media_type} if media_type else {})
    ET.SubElement(parent, "link", attributes)
