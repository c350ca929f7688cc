"""Only an operator who says who speaks can send CAP messages that others act on."""

import pytest

from tocsin_notifier.delivery.settings import DeliverSettings
from tocsin_runtime.errors import SettingsError
from tocsin_runtime.settings import load_settings


def test_live_messages_are_tests_unless_said_otherwise() -> None:
    """By CAP 1.2 receivers disregard them."""
    assert load_settings(DeliverSettings).cap_status == "Test"


def test_actual_needs_a_sender() -> None:
    """The setting that is missing is named."""
    with pytest.raises(SettingsError, match=r"TOCSIN_CAP_STATUS: .*TOCSIN_CAP_SENDER"):
        load_settings(DeliverSettings, cap_status="Actual")
    told = load_settings(DeliverSettings, cap_status="Actual", cap_sender="alerts.example.org")
    assert told.cap_status == "Actual"


@pytest.mark.parametrize("sender", ["with space", "a,b", "a&b", "a<b", ""])
def test_a_sender_is_what_cap_allows(sender: str) -> None:
    """No spaces, commas or restricted characters."""
    with pytest.raises(SettingsError, match="TOCSIN_CAP_SENDER"):
        load_settings(DeliverSettings, cap_sender=sender)
