"""A delivery with a file of subscriptions of the test's own."""

import json
from pathlib import Path
from typing import Any

from support.endpoint import Endpoint
from support.services import Fleet, ServiceProcess

SECRET = "whsec_dG9jc2luIHRlc3RzIHNpZ24gd2l0aCB0aGlzIGtleQ=="
"""The key of every webhook in the tests."""

QUICK = {"first_seconds": 0.1, "longest_seconds": 0.5}
"""Retries for tests that wait for them."""


def webhook(name: str, endpoint: Endpoint | str, **changes: Any) -> dict[str, Any]:
    """A webhook as it stands in the file."""
    url = endpoint if isinstance(endpoint, str) else endpoint.url
    values = {
        "name": name,
        "kind": "webhook",
        "url": url,
        "secret": {"env": "TEST_WEBHOOK_SECRET"},
        "allow_private": True,
        "rate": 1000,
        "retry": QUICK,
    }
    return values | changes


def write_subscriptions(path: Path, *subscriptions: dict[str, Any]) -> None:
    """Write the file; JSON is YAML."""
    path.write_text(json.dumps({"subscriptions": subscriptions}, default=str))


def delivering(
    fleet: Fleet,
    *subscriptions: dict[str, Any],
    process_name: str = "deliver-1",
    **environment: str,
) -> ServiceProcess:
    """A delivery with these subscriptions, ready."""
    path = fleet.folder / "subscriptions.yaml"
    write_subscriptions(path, *subscriptions)
    process = fleet.service(
        process_name, "tocsin-notifier", "deliver",
        TOCSIN_SUBSCRIPTIONS_FILE=str(path), TEST_WEBHOOK_SECRET=SECRET, **environment,
    )  # fmt: skip
    process.start()
    process.wait_ready()
    return process
