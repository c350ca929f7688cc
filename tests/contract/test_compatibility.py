"""Subscribers' readers go on working within v1: today's schemas against those released."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contract.compatibility import breaks
from contract.examples import ALERTS, PATHS, ROOT, example, name_of, schema_file
from tocsin_schemas.unknown_words import OPEN_VOCABULARIES

Schema = dict[str, Any]
NAMES = (*ALERTS, "heartbeat")


def released(name: str) -> Schema:
    path = ROOT / "schemas" / "released" / "v1" / f"{name}.schema.json"
    schema: Schema = json.loads(path.read_text("utf-8"))
    return schema


@pytest.mark.parametrize("name", NAMES)
def test_nothing_that_was_released_is_broken(name: str) -> None:
    """A change that fails here needs a v2 on a topic of its own."""
    assert breaks(released(name), schema_file(name)) == []


@pytest.mark.parametrize("path", [path for path in PATHS if path.parent.name in NAMES], ids=name_of)
def test_today_s_messages_fit_the_released_schemas(path: Path) -> None:
    """A strict reader of the last release accepts what is sent now."""
    validator = Draft202012Validator(released(path.parent.name))
    assert list(validator.iter_errors(example(path))) == []


def changed(change: Callable[[Schema], object]) -> list[str]:
    """What is found after a change to the schema of warnings."""
    schema = released("air-raid-warning")
    after = deepcopy(schema)
    change(after)
    assert after != schema
    return breaks(schema, after)


def test_additions_and_other_words_for_people_break_nothing() -> None:
    def add(schema: Schema) -> None:
        for part in (schema, schema["$defs"]["Place"]):
            part["properties"]["a_later_field"] = {"type": "string"}
            part["required"].append("a_later_field")
        schema["$defs"]["LaterPart"] = {"type": "object", "properties": {}}
        schema["$defs"]["Threat"]["enum"].append("balloon")
        schema["properties"]["region"]["description"] = "Told in other words."

    assert changed(add) == []


BREAKING: dict[str, Callable[[Schema], object]] = {
    "a field is gone": lambda s: s["properties"].pop("headline"),
    "a part's field is gone": lambda s: s["$defs"]["Place"]["properties"].pop("code"),
    "a field may be missing": lambda s: s["required"].remove("region"),
    "a type changed": lambda s: s["properties"]["revision"].update(type="string"),
    "null came in": lambda s: s["properties"].update(
        region={"anyOf": [s["properties"]["region"], {"type": "null"}]}
    ),
    "a limit was widened": lambda s: s["properties"]["revision"].update(maximum=9_000_000),
    "a pattern changed": lambda s: s["properties"]["region"].update(pattern="^.*$"),
    "a limit was dropped": lambda s: s["properties"]["revision"].pop("maximum"),
    "a word is gone": lambda s: s["$defs"]["Threat"]["enum"].remove("drone"),
    "a closed vocabulary grew": lambda s: s["$defs"]["Phase"]["enum"].append("perhaps"),
    "another part": lambda s: s["properties"].update(phase={"$ref": "#/$defs/Status"}),
    "the promise changed": lambda s: s["properties"]["life_safety"].update(const=True),
    "closed to additions": lambda s: s.update(additionalProperties=False),
}


@pytest.mark.parametrize("change", BREAKING.values(), ids=BREAKING)
def test_whatever_a_reader_may_stumble_over_is_found(change: Callable[[Schema], object]) -> None:
    assert changed(change) != []


def test_the_open_vocabularies_are_parts_of_the_schemas() -> None:
    """A vocabulary of another name would be compared as a closed one."""
    parts = {name for schema in NAMES for name in released(schema).get("$defs", {})}
    assert {one.__name__ for one in OPEN_VOCABULARIES} <= parts


def test_the_readme_names_the_open_vocabularies() -> None:
    """Subscribers read there which words may come."""
    told = (ROOT / "schemas" / "README.md").read_text("utf-8")
    assert all(f"`{one.__name__}`" in told for one in OPEN_VOCABULARIES)
