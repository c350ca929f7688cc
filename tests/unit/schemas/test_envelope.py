"""An alert as a Kafka message: key, topic and headers that subscribers filter by."""

from contract.examples import EXAMPLES
from tocsin_schemas.alerts import read_alert
from tocsin_schemas.envelope import decode_alert, encode_alert, header, headers_of

WARNING = read_alert((EXAMPLES / "air-raid-warning" / "new.json").read_bytes())
STANCE = read_alert((EXAMPLES / "negotiation-stance" / "new.json").read_bytes())


def test_the_headers_say_what_the_alert_says() -> None:
    message = encode_alert(WARNING)
    assert message.topic == "alerts.air-raid-warning.v1"
    assert message.key == str(WARNING.event_id).encode()
    assert dict(message.headers) == {
        "content-type": b"application/json",
        "ce_specversion": b"1.0",
        "ce_id": str(WARNING.alert_id).encode(),
        "ce_type": b"org.tocsin.alert.air-raid-warning.v1",
        "ce_source": b"/tocsin/notifier",
        "ce_subject": str(WARNING.event_id).encode(),
        "ce_time": b"2026-11-20T18:42:43+00:00",
        "ce_dataschema": b"https://schemas.tocsin.example/v1/air-raid-warning.schema.json",
        "ce_expirytime": b"2026-11-20T21:42:00+00:00",
        "ce_alerttype": b"air-raid-warning",
        "ce_alertseverity": b"Severe",
        "ce_alertmode": b"live",
        "ce_alertstatus": b"new",
        "ce_region": b"UA-59",
        "ce_lang": b"uk",
    }
    assert decode_alert(message.value) == WARNING


def test_an_alert_without_a_place_has_no_region_header() -> None:
    """An empty attribute is no CloudEvents attribute."""
    assert header(encode_alert(STANCE).headers, "ce_region") is None


def test_the_hop_and_the_start_of_the_way_are_two_headers() -> None:
    message = encode_alert(WARNING, traceparent="hop", start_traceparent="start")
    assert header(message.headers, "traceparent") == "hop"
    assert header(message.headers, "ce_traceparent") == "start"


def test_the_first_header_of_a_name_counts_and_bad_bytes_are_none() -> None:
    headers = [*headers_of({"a": "1"}), ("a", b"2"), ("b", b"\xff")]
    assert header(headers, "a") == "1"
    assert header(headers, "b") is None
    assert header(headers, "c") is None
