"""The file of subscriptions: what is wrong is named with its place, and secrets stay outside."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from support.subscriptions import SECRET
from tocsin_notifier.delivery.subscriptions.file import Webhook
from tocsin_notifier.delivery.subscriptions.schema import describe_file
from tocsin_notifier.delivery.subscriptions.service import create_sink, read_subscriptions
from tocsin_runtime.errors import SettingsError

ROOT = Path(__file__).parents[4]

WEBHOOK: dict[str, Any] = {
    "name": "desk", "kind": "webhook", "url": "https://hooks.example/t", "secret": {"env": "KEY"},
}  # fmt: skip
NOTIFICATION: dict[str, Any] = {"name": "phone", "kind": "notification", "apprise": {"env": "TO"}}


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", SECRET)
    monkeypatch.setenv("TO", "json://127.0.0.1:9/")


def write(folder: Path, *subscriptions: dict[str, Any]) -> Path:
    """A file with these subscriptions."""
    path = folder / "subscriptions.yaml"
    path.write_text(yaml.safe_dump({"subscriptions": list(subscriptions)}))
    return path


def test_defaults_are_safe(tmp_path: Path) -> None:
    """Live alerts from now on, no private addresses, a day of tries; secrets never print."""
    [secured] = read_subscriptions(write(tmp_path, WEBHOOK))
    subscription = secured.subscription
    assert isinstance(subscription, Webhook)
    assert not subscription.allow_private
    assert (subscription.start, subscription.retry.give_up_hours) == ("now", 24)
    assert subscription.filter.modes == ("live",)
    assert SECRET not in repr(secured)
    assert read_subscriptions(None) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"url": "ftp://a.example/"}, "subscriptions.0.webhook.url: .*only http and https"),
        ({"url": "https://me:word@a.example/"}, "credentials"),
        ({"secret": "whsec_inline"}, "subscriptions.0.webhook.secret"),
        ({"secret": {}}, "either env or file"),
        ({"name": "A b"}, r"webhook.name: .*\(seen: 'A b'\)"),
        ({"filter": {"regions": ["Sumy"]}}, r"filter.regions.0: .*seen: 'Sumy'"),
        ({"rate": 0}, r"rate: .*greater than 0 \(seen: 0\)"),
        ({"colour": "red"}, "webhook.colour: Extra inputs are not permitted"),
        ({"kind": "pigeon"}, "'webhook', 'notification'"),
        ({"secret": {"env": "ABSENT"}}, "desk.secret: environment variable ABSENT is empty"),
        ({"secret": {"file": "/nowhere/key"}}, "desk.secret: cannot read /nowhere/key"),
        ({"secret": {"env": "TO"}}, "desk.secret: must start with whsec_"),
    ],
)
def test_errors_name_file_place_value_and_what_is_allowed(
    tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    """One message for all of it; no secret in it."""
    path = write(tmp_path, WEBHOOK | changes)
    with pytest.raises(SettingsError, match=told) as caught:
        read_subscriptions(path)
    assert str(path) in str(caught.value)
    assert "whsec_inline" not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"time_zone": "Mars/North"}, "time_zone: .*no time zone"),
        ({"quiet_hours": {"begin": 1320, "end": "07:00"}}, "quiet_hours.begin: .*string"),
        ({"quiet_hours": {"begin": "07:00", "end": "07:00"}}, "the same time"),
        ({"quiet_hours": {"begin": "25:00", "end": "07:00"}}, "quiet_hours.begin"),
    ],
)
def test_errors_of_a_notification_are_named_too(
    tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    """A time without quotes is a number to YAML, which must not pass."""
    with pytest.raises(SettingsError, match=told):
        read_subscriptions(write(tmp_path, NOTIFICATION | changes))


def test_names_are_unique(tmp_path: Path) -> None:
    """Two of one name would share a consumer group."""
    with pytest.raises(SettingsError, match="two subscriptions of one name: desk"):
        read_subscriptions(write(tmp_path, WEBHOOK, NOTIFICATION | {"name": "desk"}))


def test_an_address_that_apprise_does_not_know_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the start, without showing it."""
    monkeypatch.setenv("TO", "nonsense://secret-token")
    [secured] = read_subscriptions(write(tmp_path, NOTIFICATION))
    with pytest.raises(SettingsError, match="phone: apprise") as caught:
        create_sink(secured)
    assert "secret-token" not in str(caught.value)


def test_the_schema_for_editors_is_that_of_the_models(tmp_path: Path) -> None:
    """And takes the example in the documentation."""
    committed = json.loads((ROOT / "docs" / "subscriptions.schema.json").read_text())
    assert committed == describe_file()
    page = (ROOT / "docs" / "webhooks.md").read_text() + (
        ROOT / "docs" / "notifications.md"
    ).read_text()
    examples = [part.split("```")[0] for part in page.split("```yaml\n")[1:]]
    assert len(examples) >= 2
    for example in examples:
        jsonschema.validate(yaml.safe_load(example), committed)
