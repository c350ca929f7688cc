"""The AsyncAPI document: what AsyncAPI's own parser reads, and true to what stands on Kafka."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from contract.examples import ALERT_PATHS, ALERTS, ROOT, example, name_of
from tocsin_schemas.alerts import read_alert
from tocsin_schemas.asyncapi import asyncapi_document
from tocsin_schemas.envelope import encode_alert
from tocsin_schemas.topics import ALERT_TOPICS, HEARTBEAT
from tocsin_schemas.vocabulary import AlertType
from tocsin_schemas.yaml_text import to_yaml

DOCUMENT = ROOT / "schemas" / "asyncapi.yaml"
NODE = Path(sys.executable).parent / "node"
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def parse(path: Path) -> dict[str, Any]:
    """What the official parser says of a document."""
    done = subprocess.run(
        [str(NODE), "asyncapi.mjs", str(path)],
        cwd=ROOT / "tests" / "node",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, f"run `make node` first: {done.stderr}"
    parsed: dict[str, Any] = json.loads(done.stdout)
    return parsed


@cache
def document() -> dict[str, Any]:
    """The committed document, read by a YAML library."""
    loaded: dict[str, Any] = yaml.load(DOCUMENT.read_text("utf-8"), yaml.CSafeLoader)
    return loaded


def errors(schema: dict[str, Any], value: object) -> list[str]:
    """What a validator of the document's dialect (draft 07) finds wrong."""
    whole = {**schema, "components": document()["components"]}
    validator = Draft7Validator(whole, format_checker=Draft7Validator.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def test_the_official_parser_finds_nothing_wrong() -> None:
    """And sees a channel for each topic that subscribers read, with its message."""
    parsed = parse(DOCUMENT)
    assert parsed["problems"] == []
    assert parsed["version"] == "3.0.0"
    assert {one["address"]: one["messages"] for one in parsed["channels"]} == {
        **{topic: [f"org.tocsin.alert.{name}.v1"] for name, topic in ALERT_TOPICS.items()},
        HEARTBEAT: ["heartbeat"],
    }


def test_the_official_parser_would_find_an_error(tmp_path: Path) -> None:
    """A reference into nowhere, and a word that AsyncAPI does not know."""
    text = DOCUMENT.read_text("utf-8")
    broken = tmp_path / "reference.yaml"
    broken.write_text(text.replace("schemas/Heartbeat", "schemas/Nothing"), "utf-8")
    assert parse(broken)["problems"]
    broken.write_text(text.replace('action: "send"', 'action: "shout"', 1), "utf-8")
    assert parse(broken)["problems"]


@pytest.mark.parametrize("path", ALERT_PATHS, ids=name_of)
def test_headers_and_value_of_a_message_fit_the_document(path: Path) -> None:
    """With and without trace context, in the dialect that AsyncAPI reads."""
    message = document()["components"]["messages"][path.parent.name]
    for trace in (None, TRACE):
        encoded = encode_alert(
            read_alert(path.read_bytes()), traceparent=trace, start_traceparent=trace
        )
        headers = {name: value.decode() for name, value in encoded.headers}
        assert headers.keys() <= message["headers"]["properties"].keys()
        assert errors(message["headers"], headers) == []
        assert errors(message["payload"], json.loads(encoded.value)) == []


@pytest.mark.parametrize("name", ALERTS)
def test_the_document_notices_what_is_wrong(name: str) -> None:
    message = document()["components"]["messages"][name]
    shown = message["examples"][0]
    assert errors(message["headers"], shown["headers"] | {"ce_alertmode": "real"})
    assert errors(message["payload"], shown["payload"] | {"severity": "Huge"})
    assert errors(message["payload"], shown["payload"] | {"a_later_field": 1}) == []


def test_the_yaml_is_what_was_meant() -> None:
    """A YAML library reads the same data as was written."""
    examples = ROOT / "schemas" / "examples"
    alerts = {one: (examples / one / "new.json").read_text("utf-8") for one in AlertType}
    meant = asyncapi_document(alerts, (examples / "heartbeat" / "seen.json").read_text("utf-8"))
    assert document() == json.loads(json.dumps(meant))


@pytest.mark.parametrize(
    "value",
    [{"no": "yes", "a b": [[1, 2], [], {}], "": None}, [{"x": {"y": [1.5, True]}}], "a: b # c", []],
)
def test_awkward_yaml_is_read_as_it_was_written(value: object) -> None:
    assert yaml.safe_load(to_yaml(value)) == value


def test_the_examples_of_the_document_are_the_committed_ones_and_fit() -> None:
    for name in ALERTS:
        message = document()["components"]["messages"][name]
        shown = message["examples"][0]
        assert errors(message["headers"], shown["headers"]) == []
        assert errors(message["payload"], shown["payload"]) == []
        assert shown["payload"] == example(ROOT / "schemas" / "examples" / name / "new.json")
