"""The AsyncAPI 3.0 document of what subscribers read: channels, headers, payloads, examples."""

import json
from collections.abc import Mapping
from typing import Any

from tocsin_schemas.alerts import read_alert
from tocsin_schemas.envelope import CE_SOURCE, CONTENT_TYPE, ce_type, encode_alert
from tocsin_schemas.published import MAJOR, schema_of
from tocsin_schemas.topics import ALERT_TOPICS, HEARTBEAT, TOPICS, Topic
from tocsin_schemas.vocabulary import AlertType, Mode, Severity, Status

VERSION = "1.0.0"
"""Version of the contracts: the second number grows with each addition to `v1`."""

_BINDING = {"bindingVersion": "0.5.0"}
_TRACE = {"type": "string", "pattern": "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"}

Document = dict[str, Any]

_HEADERS: Mapping[str, Document] = {
    "content-type": {"const": CONTENT_TYPE, "description": "Media type of the value."},
    "ce_specversion": {"const": "1.0", "description": "Version of CloudEvents."},
    "ce_id": {
        "type": "string",
        "format": "uuid",
        "description": "`alert_id`; drop a message whose id was seen before.",
    },
    "ce_source": {"const": CE_SOURCE, "description": "Where alerts come from."},
    "ce_subject": {
        "type": "string",
        "format": "uuid",
        "description": "`event_id`, the message key too.",
    },
    "ce_time": {"type": "string", "format": "date-time", "description": "`sent_at`."},
    "ce_expirytime": {"type": "string", "format": "date-time", "description": "`expires_at`."},
    "ce_dataschema": {"type": "string", "format": "uri", "description": "The alert's `schema`."},
    "ce_alertseverity": {"enum": list(Severity), "description": "`severity`."},
    "ce_alertmode": {"enum": list(Mode), "description": "`mode`; show only `live` as news."},
    "ce_alertstatus": {"enum": list(Status), "description": "`status`."},
    "ce_region": {
        "type": "string",
        "description": "ISO 3166-2 code of the first place; absent when the alert has none.",
    },
    "ce_lang": {"type": "string", "description": "Language of the first source."},
    "traceparent": _TRACE | {"description": "W3C trace context of this hop; absent without."},
    "ce_traceparent": _TRACE | {"description": "Trace context in which the article came in."},
}
_OPTIONAL_HEADERS = frozenset({"ce_region", "traceparent", "ce_traceparent"})


def asyncapi_document(examples: Mapping[AlertType, str], heartbeat: str) -> Document:
    """The document, as seen from Tocsin: it sends what subscribers receive.

    Args:
        examples: the JSON of an alert of each type.
        heartbeat: the JSON of a heartbeat.

    """
    schemas: Document = {}
    messages = {
        str(alert_type): _alert_message(alert_type, example, schemas)
        for alert_type, example in examples.items()
    }
    messages["heartbeat"] = _heartbeat_message(heartbeat, schemas)
    channels = {
        str(alert_type): _channel(TOPICS[topic], alert_type)
        for alert_type, topic in ALERT_TOPICS.items()
    }
    channels["heartbeat"] = _channel(TOPICS[HEARTBEAT], "heartbeat")
    return {
        "asyncapi": "3.0.0",
        "id": "urn:org:tocsin",
        "info": _info(),
        "defaultContentType": CONTENT_TYPE,
        "servers": {
            "local": {
                "host": "127.0.0.1:9092",
                "protocol": "kafka",
                "description": "The broker of the compose file; yours has an address of its own.",
            }
        },
        "channels": channels,
        "operations": {f"send-{name}": _operation(name) for name in channels},
        "components": {
            "messages": messages,
            "schemas": dict(sorted(schemas.items())),
        },
    }


def _info() -> Document:
    return {
        "title": "Tocsin",
        "version": VERSION,
        "description": (
            "Typed alerts from news about the war in Ukraine. News monitoring, not a siren. "
            "Read with isolation.level=read_committed; the installation may put a prefix before "
            "every topic. Fields may be added at any time; readers ignore what they do not know."
        ),
        "license": {"name": "Apache-2.0"},
        "tags": [{"name": "alerts"}, {"name": MAJOR}],
    }


def _channel(topic: Topic, message: str) -> Document:
    settings: Document = {"cleanup.policy": topic.config["cleanup.policy"].split(",")}
    settings["retention.ms"] = int(topic.config["retention.ms"])
    return {
        "address": topic.name,
        "description": f"{topic.holds}; the key is the {topic.key}.",
        "messages": {message: {"$ref": f"#/components/messages/{message}"}},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": settings,
                **_BINDING,
            }
        },
    }


def _operation(name: str) -> Document:
    return {
        "action": "send",
        "summary": f"Tocsin sends, subscribers receive: {name}.",
        "channel": {"$ref": f"#/channels/{name}"},
        "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
    }


def _alert_message(alert_type: AlertType, example: str, schemas: Document) -> Document:
    payload = _payload(alert_type, schemas)
    encoded = encode_alert(read_alert(example))
    headers = {name: value.decode() for name, value in encoded.headers}
    return {
        "name": ce_type(alert_type),
        "title": schemas[payload]["title"],
        "summary": schemas[payload]["description"],
        "contentType": CONTENT_TYPE,
        "headers": _headers(alert_type),
        "payload": {"$ref": f"#/components/schemas/{payload}"},
        "bindings": {"kafka": {"key": {"type": "string", "format": "uuid"}, **_BINDING}},
        "examples": [{"name": "new", "headers": headers, "payload": _parsed(example)}],
    }


def _heartbeat_message(example: str, schemas: Document) -> Document:
    payload = _payload("heartbeat", schemas)
    return {
        "name": "heartbeat",
        "title": schemas[payload]["title"],
        "summary": "The newest probe that came through a path; older than 30 s means blindness.",
        "contentType": CONTENT_TYPE,
        "payload": {"$ref": f"#/components/schemas/{payload}"},
        "bindings": {"kafka": {"key": {"type": "string"}, **_BINDING}},
        "examples": [{"name": "seen", "payload": _parsed(example)}],
    }


def _headers(alert_type: AlertType) -> Document:
    own = {
        "ce_type": {"const": ce_type(alert_type), "description": "Type of the event."},
        "ce_alerttype": {"const": str(alert_type), "description": "`alert_type`."},
    }
    named = {**_HEADERS, **own}
    properties = {name: {"type": "string", **schema} for name, schema in named.items()}
    required = [name for name in properties if name not in _OPTIONAL_HEADERS]
    return {"type": "object", "properties": properties, "required": required}


def _payload(name: str, schemas: Document) -> str:
    """Put a published schema and its parts among the document's; returns its name there.

    Raises:
        ValueError: two contracts have different parts of one name.

    """
    schema = _with_references_moved(schema_of(name))
    parts = schema.pop("$defs", {})
    for key in ("$schema", "$id", "$comment"):
        schema.pop(key)
    title = str(schema["title"])
    for part, body in {**parts, title: schema}.items():
        if schemas.setdefault(part, body) != body:
            raise ValueError(f"schema {part}: two contracts have different parts of this name")
    return title


def _with_references_moved(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {key: _with_references_moved(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_references_moved(inner) for inner in value]
    if isinstance(value, str) and value.startswith("#/$defs/"):
        return value.replace("#/$defs/", "#/components/schemas/", 1)
    return value


def _parsed(text: str) -> Document:
    parsed: Document = json.loads(text)
    return parsed
