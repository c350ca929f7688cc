"""An alert on Kafka is a CloudEvent that the CloudEvents SDK reads, knowing nothing of Tocsin."""

from pathlib import Path

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, to_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from contract.examples import ALERT_PATHS, example, name_of
from tocsin_schemas.alerts import read_alert
from tocsin_schemas.envelope import decode_alert, encode_alert

HOP = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
START = "00-4bf92f3577b34da6a3ce929d0e0e4736-1111111111111111-01"


@pytest.mark.parametrize("path", ALERT_PATHS, ids=name_of)
def test_the_sdk_reads_the_attributes_and_the_alert(path: Path) -> None:
    alert = read_alert(path.read_bytes())
    message = encode_alert(alert, traceparent=HOP, start_traceparent=START)
    event = from_binary(
        KafkaMessage(headers=dict(message.headers), key=message.key, value=message.value),
        JSONFormat(),
        CloudEvent,
    )
    assert event.get_specversion() == "1.0"
    assert event.get_id() == str(alert.alert_id)
    assert event.get_type() == f"org.tocsin.alert.{alert.alert_type}.v1"
    assert event.get_subject() == str(alert.event_id)
    assert event.get_time() == alert.sent_at
    assert event.get_dataschema() == alert.schema_
    assert event.get_datacontenttype() == "application/json"
    assert event.get_extension("alerttype") == alert.alert_type
    assert event.get_extension("alertseverity") == alert.severity
    assert event.get_extension("alertmode") == alert.mode
    assert event.get_extension("lang") == alert.sources[0].language
    assert event.get_extension("traceparent") == START
    assert event.get_data() == example(path)


@pytest.mark.parametrize("path", ALERT_PATHS, ids=name_of)
def test_an_alert_that_the_sdk_wrote_again_is_the_same(path: Path) -> None:
    """A bridge between brokers may pass an alert through the SDK."""
    alert = read_alert(path.read_bytes())
    message = encode_alert(alert)
    sent = KafkaMessage(headers=dict(message.headers), key=message.key, value=message.value)
    again = to_binary(from_binary(sent, JSONFormat(), CloudEvent), JSONFormat())
    assert again.key == message.key.decode()
    assert decode_alert(again.value) == alert


@pytest.mark.parametrize("path", ALERT_PATHS, ids=name_of)
def test_attribute_names_are_lower_case_letters_and_digits(path: Path) -> None:
    message = encode_alert(read_alert(path.read_bytes()), start_traceparent=START)
    names = [name.removeprefix("ce_") for name, _ in message.headers if name.startswith("ce_")]
    assert len(names) == len(set(names))
    for name in names:
        assert name.isascii()
        assert name.isalnum()
        assert name == name.lower()
        assert len(name) <= 20
