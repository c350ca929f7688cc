"""The published schemas: true to the models, open to readers, documented and bounded."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contract.examples import ALERTS, ROOT, SCHEMAS, schema_file
from tocsin_schemas.alerts import ALERT_MODELS
from tocsin_schemas.export import outdated
from tocsin_schemas.published import DIALECT, schema_names, schema_of, schema_uri

Schema = dict[str, Any]
NAMES = schema_names()


def parts(schema: Schema) -> Iterator[Schema]:
    """Every object in a schema that holds properties."""
    yield from (part for part in schema.get("$defs", {}).values() if "properties" in part)
    yield schema


def fields(schema: Schema) -> Iterator[tuple[str, Schema]]:
    for part in parts(schema):
        for name, field in part["properties"].items():
            yield f"{part['title']}.{name}", field


def is_bounded(field: Schema) -> bool:
    """Nothing of this type can grow without end."""
    if {"$ref", "const", "enum"} & field.keys():
        return True
    for choices in ("anyOf", "oneOf"):
        if choices in field:
            return all(is_bounded(choice) for choice in field[choices])
    match field["type"]:
        case "string":
            return bool({"maxLength", "pattern", "format"} & field.keys())
        case "integer" | "number":
            lower = {"minimum", "exclusiveMinimum"} & field.keys()
            upper = {"maximum", "exclusiveMaximum"} & field.keys()
            return bool(lower and upper)
        case "array":
            return "maxItems" in field and is_bounded(field["items"])
        case kind:
            return kind in {"boolean", "null"}


def keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def test_every_generated_file_is_what_the_models_give() -> None:
    """Schemas, topics page and field tables differ in nothing from what export would write."""
    assert outdated(ROOT) == []


def test_the_folder_holds_these_schemas_and_no_others() -> None:
    assert {path.name for path in SCHEMAS.iterdir()} == {f"{name}.schema.json" for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_valid_and_says_what_it_is(name: str) -> None:
    """Dialect, id and the mark of a generated file stand in it."""
    schema = schema_file(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT
    assert schema["$id"] == schema_uri(name)
    assert schema["$id"].endswith(f"/v1/{name}.schema.json")
    assert "Generated" in schema["$comment"]


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_open_and_has_no_tuples(name: str) -> None:
    """Readers must not break on a new field, and AsyncAPI's dialect knows no prefixItems."""
    assert not {"additionalProperties", "unevaluatedProperties", "prefixItems"} & set(
        keys(schema_file(name))
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_field_is_required_of_the_writer(name: str) -> None:
    """A reader may rely on every field: null is written, never left out."""
    for part in parts(schema_file(name)):
        assert set(part["required"]) == set(part["properties"]), part["title"]


@pytest.mark.parametrize("name", NAMES)
def test_every_field_is_documented_and_bounded(name: str) -> None:
    schema = schema_file(name)
    for part in schema.get("$defs", {}).values():
        assert part["description"].strip(), part["title"]
    for where, field in fields(schema):
        assert field["description"].strip(), where
        assert is_bounded(field), f"{where} can grow without end: {field}"


@pytest.mark.parametrize("name", NAMES)
def test_every_field_has_an_example_that_fits_it(name: str) -> None:
    schema = schema_file(name)
    for where, field in fields(schema):
        assert field["examples"], where
        validator = Draft202012Validator(
            {"$defs": schema.get("$defs", {}), **field},
            format_checker=Draft202012Validator.FORMAT_CHECKER,
        )
        for value in field["examples"]:
            assert not list(validator.iter_errors(value)), where


@pytest.mark.parametrize("name", ALERTS)
def test_the_schema_field_of_an_alert_is_the_id_of_its_schema(name: str) -> None:
    schema = schema_file(name)
    assert schema["properties"]["schema"]["const"] == schema["$id"]
    assert schema["properties"]["life_safety"]["const"] is False
    assert name in ALERT_MODELS


def test_asking_for_a_schema_twice_gives_the_same() -> None:
    """The caller may change what it gets without harm to the next one."""
    first = schema_of("tick")
    first["properties"].clear()
    assert schema_of("tick") == schema_file("tick")
