"""The committed examples and the validators that read them independently of pydantic."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "schemas" / "json" / "v1"
EXAMPLES = ROOT / "schemas" / "examples"
ALERTS = ("territorial-claim", "negotiation-stance", "air-raid-warning")

PATHS = sorted(EXAMPLES.rglob("*.json"))
"""Every example; the folder names the schema."""

ALERT_PATHS = [path for path in PATHS if path.parent.name in ALERTS]


def name_of(path: Path) -> str:
    """A readable name for a test's parameter."""
    return f"{path.parent.name}-{path.stem}"


def schema_file(name: str) -> dict[str, Any]:
    """The committed schema of that name."""
    content: dict[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    return content


def example(path: Path) -> dict[str, Any]:
    """A committed example."""
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def errors(name: str, value: object) -> list[str]:
    """What an independent validator finds wrong, formats included."""
    validator = Draft202012Validator(
        schema_file(name), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
