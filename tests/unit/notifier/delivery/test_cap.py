"""CAP 1.2 messages: valid by the OASIS schema, and never saying more than the alert."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from lxml import etree

from tocsin_notifier.delivery.domain.cap import CapProfile, to_cap
from tocsin_schemas.alerts import AirRaidWarningAlert

ROOT = Path(__file__).parents[4]
NS = {"c": "urn:oasis:names:tc:emergency:cap:1.2"}
SCHEMA = etree.XMLSchema(etree.parse(ROOT / "tests/data/cap/CAP-v1.2.xsd"))
PROFILE = CapProfile(sender="alerts.example.org")
FIRST_SENT = datetime(2026, 11, 20, 18, 42, 12, tzinfo=UTC)


def example(name: str, **changes: Any) -> AirRaidWarningAlert:
    """A committed example of the warning's schema, with fields replaced."""
    path = ROOT / "schemas/examples/air-raid-warning" / f"{name}.json"
    alert = AirRaidWarningAlert.model_validate_json(path.read_bytes())
    return AirRaidWarningAlert.model_validate(alert.model_dump(by_alias=True) | changes)


def render(alert: AirRaidWarningAlert, **options: Any) -> Any:
    """The message as read back, after validation against the schema."""
    now = options.pop("now", alert.sent_at)
    sent = options.pop("sent", dict.fromkeys(alert.references, FIRST_SENT))
    text = to_cap(alert, options.pop("profile", PROFILE), now=now, sent=sent)
    root = etree.fromstring(text.encode())
    SCHEMA.assertValid(root)
    return root


def texts(root: Any, path: str) -> list[str]:
    """Texts of the elements on a path of CAP names."""
    steps = "/".join(f"c:{step}" for step in path.split("/"))
    return [one.text for one in root.findall(steps, NS)]


@pytest.mark.parametrize(
    ("name", "message_type"),
    [("new", "Alert"), ("updated", "Update"), ("ended", "Update"), ("retracted", "Cancel")],
)
def test_every_status_is_valid_with_its_message_type(name: str, message_type: str) -> None:
    """New is an Alert, updates and all-clears are Updates, only a retraction is a Cancel."""
    root = render(example(name))
    assert texts(root, "msgType") == [message_type]
    assert texts(root, "status") == ["Test"]
    assert texts(root, "scope") == ["Restricted"]


def test_an_update_names_what_it_replaces() -> None:
    """References are sender, identifier and sent, without fractions, UTC as -00:00."""
    alert = example("updated")
    [references] = texts(render(alert), "references")
    assert references == f"alerts.example.org,{alert.references[0]},2026-11-20T18:42:12-00:00"


def test_an_update_of_what_nobody_saw_is_an_alert() -> None:
    """A reference needs the time of the earlier message: without one there is none to update."""
    root = render(example("updated"), sent={})
    assert texts(root, "msgType") == ["Alert"]
    assert texts(root, "references") == []


def test_geocodes_are_iso_and_katottg() -> None:
    """Both codes of the area stand with their own names."""
    root = render(example("new"))
    pairs = zip(
        texts(root, "info/area/geocode/valueName"), texts(root, "info/area/geocode/value"),
        strict=True,
    )  # fmt: skip
    assert dict(pairs) == {"ISO 3166-2": "UA-59", "KATOTTG": "UA59000000000057109"}


def test_only_an_alarm_that_is_on_instructs() -> None:
    """Shelter is said while the alarm is on: not late, not expired, not ended, not retracted."""
    alert = example("updated")
    assert texts(render(alert), "info/instruction")
    assert texts(render(alert), "info/responseType") == ["Shelter"]
    late = example("updated", late=True)
    for root in (
        render(late),
        render(alert, now=alert.expires_at),
        render(example("ended")),
        render(example("retracted")),
    ):
        assert texts(root, "info/instruction") == []
        assert texts(root, "info/responseType") != ["Shelter"]
        assert texts(root, "info/urgency") != ["Immediate"]


def test_what_is_late_or_expired_says_so_first() -> None:
    """The headline of an alarm that must not be shown as on begins with the reason."""
    alert = example("updated")
    [late] = texts(render(example("updated", late=True)), "info/headline")
    assert late.startswith("TOLD LATE")
    [expired] = texts(render(alert, now=alert.expires_at + timedelta(1)), "info/headline")
    assert expired.startswith("EXPIRED: ")


def test_a_retraction_is_no_all_clear() -> None:
    """Cancel takes the message back; nobody is told that the danger is over."""
    root = render(example("retracted"))
    assert texts(root, "info/responseType") == ["None"]
    assert "no all-clear" in texts(root, "note")[0]


def test_a_drill_is_an_exercise_whatever_the_operator_set() -> None:
    """Actual is for live warnings alone."""
    actual = CapProfile(sender="alerts.example.org", status="Actual")
    drill = example("new", mode="test", headline="DRILL: Air-raid warning for Sumy Oblast")
    assert texts(render(drill, profile=actual), "status") == ["Exercise"]
    assert texts(render(example("new"), profile=actual), "status") == ["Actual"]
    assert texts(render(example("new", mode="archive"), profile=actual), "status") == ["Test"]
    [headline] = texts(render(drill, now=drill.expires_at), "info/headline")
    assert headline == "DRILL: EXPIRED: Air-raid warning for Sumy Oblast"


def test_the_description_carries_evidence_and_sources() -> None:
    """Every quote with its language, every source with its publisher."""
    alert = example("updated")
    [description] = texts(render(alert), "info/description")
    assert all(one.quote in description for one in alert.evidence)
    assert all(one.publisher in description for one in alert.sources)


def test_hostile_text_is_only_text() -> None:
    """Mark-up is escaped, and characters that XML cannot carry do not break the document."""
    hostile = "</headline><script>alert(1)</script>\x00\x0b\ufffe & \U0001f6a8"
    sources = [one.model_dump() | {"publisher": hostile} for one in example("new").sources]
    root = render(example("new", headline=hostile, sources=sources))
    [headline] = texts(root, "info/headline")
    assert headline == "</headline><script>alert(1)</script>\ufffd\ufffd\ufffd & \U0001f6a8"


def test_references_name_only_what_is_known() -> None:
    """Of several earlier messages those with a known time are named."""
    alert = example("ended")
    known: dict[UUID, datetime] = {alert.references[-1]: FIRST_SENT}
    [references] = texts(render(alert, sent=known), "references")
    assert references.split(" ") == [
        f"alerts.example.org,{alert.references[-1]},2026-11-20T18:42:12-00:00"
    ]
