"""Writes what is generated from the contracts, or says what is out of date.

    python -m tocsin_schemas.export [--check] [--root DIR]

It is for the source tree, whose root it takes from where this module lies.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tocsin_schemas.asyncapi import asyncapi_document
from tocsin_schemas.documentation import alert_page, topics_page
from tocsin_schemas.published import GENERATED, MAJOR, schema_names, schema_of
from tocsin_schemas.topics import ALERT_TOPICS
from tocsin_schemas.yaml_text import to_yaml


def generated(root: Path) -> dict[Path, str]:
    """Every generated file with its text.

    Args:
        root: the root of the source tree; hand-written parts of the pages are read from it.

    """
    files = {
        root / "schemas" / "json" / MAJOR / f"{name}.schema.json": json.dumps(
            schema_of(name), indent=2, ensure_ascii=False
        )
        + "\n"
        for name in schema_names()
    }
    files[root / "docs" / "topics.md"] = topics_page()
    examples = root / "schemas" / "examples"
    alerts = {one: (examples / one / "new.json").read_text("utf-8") for one in ALERT_TOPICS}
    for alert_type, example in alerts.items():
        page = root / "docs" / "alerts" / f"{alert_type}.md"
        files[page] = alert_page(alert_type, page.read_text("utf-8"), example.strip())
    heartbeat = (examples / "heartbeat" / "seen.json").read_text("utf-8")
    document = to_yaml(asyncapi_document(alerts, heartbeat))
    files[root / "schemas" / "asyncapi.yaml"] = f"# {GENERATED}\n{document}"
    return files


def outdated(root: Path) -> list[Path]:
    """The generated files that are missing or differ from their model, and left-over schemas."""
    files = generated(root)
    stale = [path for path, text in files.items() if _text(path) != text]
    left_over = [path for path in (root / "schemas" / "json").rglob("*.json") if path not in files]
    return stale + left_over


def _text(path: Path) -> str | None:
    return path.read_text("utf-8") if path.is_file() else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or compare the generated files; the exit code is 1 when one is out of date."""
    parser = argparse.ArgumentParser(prog="python -m tocsin_schemas.export", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[3])
    options = parser.parse_args(arguments)
    if not (options.root / "schemas" / "pyproject.toml").is_file():
        parser.error(f"--root: {options.root} is no source tree of Tocsin; pass its root folder")
    if not options.check:
        for path, text in generated(options.root).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    stale = outdated(options.root)
    for path in stale:
        sys.stderr.write(f"{path}: differs from the models; run python -m tocsin_schemas.export\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
