"""The request of a webhook, checked with the reference library of Standard Webhooks."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from support.alerts import make_alert
from tocsin_notifier.delivery.domain.webhook import event_type, read_secret, sign, write_body
from tocsin_schemas.alerts import read_alert
from tocsin_schemas.vocabulary import AlertType, Phase

NEW = "whsec_" + base64.b64encode(b"n" * 32).decode()
FORMER = "whsec_" + base64.b64encode(b"f" * 24).decode()


@pytest.mark.parametrize("secret", [NEW, FORMER])
def test_the_reference_library_takes_the_signature_of_either_key(secret: str) -> None:
    """While a key is being changed both are good, and a changed body is not."""
    body, now = '{"type":"Тривога"}'.encode(), int(datetime.now(UTC).timestamp())
    signature = sign([read_secret(NEW), read_secret(FORMER)], "id-1", now, body)
    headers = {"webhook-id": "id-1", "webhook-timestamp": str(now), "webhook-signature": signature}
    assert Webhook(secret).verify(body, headers) == {"type": "Тривога"}
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(secret).verify(body + b" ", headers)


@pytest.mark.parametrize(
    ("secret", "why"),
    [("plain", "whsec_"), ("whsec_%%%", "base64"), ("whsec_c2hvcnQ=", "24 to 64"),
     ("whsec_" + base64.b64encode(b"l" * 65).decode(), "24 to 64")],
)  # fmt: skip
def test_what_is_no_secret_is_refused_and_not_shown(secret: str, why: str) -> None:
    """The message says what is allowed."""
    with pytest.raises(ValueError, match=why) as caught:
        read_secret(secret)
    assert secret.removeprefix("whsec_") not in str(caught.value)


def test_event_types_have_no_hyphens() -> None:
    """As Standard Webhooks asks for."""
    assert [event_type(one) for one in AlertType] == [
        "alert.territorial_claim", "alert.negotiation_stance", "alert.air_raid_warning",
    ]  # fmt: skip


def test_the_alert_in_the_body_is_the_one_of_the_topic() -> None:
    """Every field of it, for a reader of the published schema."""
    for alert_type in AlertType:
        alert = make_alert(1, alert_type)
        body = json.loads(write_body(alert, alert.sent_at))
        assert read_alert(json.dumps(body["data"])) == alert
        assert body["on"] is (alert_type is AlertType.AIR_RAID_WARNING)


def test_only_an_active_warning_that_nobody_doubts_is_on() -> None:
    """What is replaced, asked for again, expired or late is not; neither is what is not active."""
    alert = make_alert("alarm")
    now = alert.sent_at

    def told(**how: bool) -> tuple[bool, str | None, bool]:
        body = json.loads(write_body(alert, now, **how))
        return body["on"], body["caveat"], body["data"]["late"]

    assert told() == (True, None, False)
    assert told(replaced=True) == (False, "replaced", True)
    assert told(replayed=True) == (False, "replayed, may be over", True)
    now = alert.expires_at + timedelta(seconds=1)
    assert told() == (False, "expired", True)
    reported = make_alert("over", phase=Phase.REPORTED, instruction="none")
    body = json.loads(write_body(reported, reported.sent_at, replaced=True))
    assert (body["on"], body["caveat"], body["data"]["late"]) == (False, None, False)
